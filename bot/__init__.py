"""The chat: commands in, replies out. This half never sees a weight or a logit."""
