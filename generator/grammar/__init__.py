"""The rules of a right tune, split by what they watch.

``lengths``: which written lengths fill a bar. ``bars``: time, from one bar line to the next.
``spelling``: pitches, accidentals, chord symbols. ``form``: parts, repeats, endings, pickups.
``title``: the drawn title. ``generator.grammar.automaton`` runs them side by side as one automaton.
"""
