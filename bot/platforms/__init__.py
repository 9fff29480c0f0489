"""One file for each platform; each only translates between it and the core."""
