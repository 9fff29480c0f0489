"""Worker processes that compose: one for each core, each with slots of its own."""
