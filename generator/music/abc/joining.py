"""Ties that are none: printed collections also write a hyphen for a slur of two notes."""

from itertools import pairwise

from generator.music.abc.drafts import BarDraft, NoteDraft


def settle_ties(bars: list[BarDraft]) -> None:
    """Make ties between different pitches slurs, and drop those that lead nowhere.

    A tie at the end of a repeat or before an ending stays: it may lead to a note elsewhere.
    """
    notes = [(bar, note) for bar in bars for note in bar.notes]
    chained = False
    for (bar, note), (after_bar, after) in pairwise(notes):
        joins, chained = chained, False
        if not note.tie or _same(note, after):
            _close(note, joins)
            continue
        if bar is not after_bar and (bar.repeat_end or after_bar.endings or after_bar.part):
            _close(note, joins)
            continue
        note.tie = False
        if not after.pitches:
            _close(note, joins)
            continue
        if note.slurs_open and after.slurs_close:
            _close(note, joins)  # a slur over both stands there already
            continue
        note.slurs_open += not joins
        chained = True
    if notes:
        last_bar, last = notes[-1]
        _close(last, chained)
        last.tie = last.tie and last_bar.repeat_end > 0


def _same(note: NoteDraft, after: NoteDraft) -> bool:
    pitches = {pitch.midi for pitch in after.pitches}
    tied = [note.pitches[index] for index in note.tied] if note.tied else note.pitches
    return any(pitch.midi in pitches for pitch in tied)


def _close(note: NoteDraft, joins: bool) -> None:
    if joins:
        note.slurs_close += 1
