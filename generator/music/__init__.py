"""Notes, keys, dances, tunes and chords; :mod:`generator.music.abc` reads and writes them."""
