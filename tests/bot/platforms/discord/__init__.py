"""The real discord.py against a local Discord that checks all it is sent against Discord's specification."""
