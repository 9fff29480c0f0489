"""From a request to a tune: what is planned, drawn, chosen and dressed with chords."""
