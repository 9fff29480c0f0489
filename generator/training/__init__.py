"""From collections of printed tunes to the text that a model learns, and to its weights."""
