"""Worker processes for the renderers, so that no drawing and no crash happens in the chat's own."""
