"""What can go wrong, as a tree.

    Exception
      FriendlyError        the user can mend it; its text is one sentence, safe to show in a chat
        RequestError       an option of a request is unknown, out of bounds or contradictory
        AbcError           ABC text that cannot be read; says where
        FileError          a file that somebody sends is no tune of one voice, or damaged
        ModelError         a model folder is missing, damaged or not one of ours
        CorpusError        a collection to train on has nothing usable in it
        BusyError          the queue is full, or the deadline of a request has passed
        ComposeError       no tune came out; asking again may help
        RenderError        a picture, sound or file of a tune could not be made

Everything else is for the operator: it is logged, and the chat gets a reference number.
"""


class FriendlyError(Exception):
    """Something the user can mend. ``str(error)`` is one sentence that says how."""


class RequestError(FriendlyError):
    """An option is unknown, out of bounds, or contradicts another."""


class AbcError(FriendlyError):
    """ABC text that cannot be read.

    Attributes:
        reason: what is wrong, without the place.
        line: line of the text, from 1; None if the text as a whole is at fault.
        bar: bar of the tune, from 1; None outside the music.
    """

    def __init__(self, reason: str, line: int | None = None, bar: int | None = None) -> None:
        places = [f"{name} {number}" for name, number in (("line", line), ("bar", bar)) if number is not None]
        super().__init__(f"{', '.join(places)}: {reason}" if places else reason)
        self.reason = reason
        self.line = line
        self.bar = bar


class FileError(FriendlyError):
    """A file that somebody sends is damaged, too large, or holds no tune of one voice."""


class ModelError(FriendlyError):
    """A model folder is missing, damaged, or not one of ours."""


class CorpusError(FriendlyError):
    """A collection to train on is missing, unreadable or too small."""


class BusyError(FriendlyError):
    """Too many are waiting, or this request waited past its deadline."""


class ComposeError(FriendlyError):
    """No tune came out of the model within the bounds."""


class RenderError(FriendlyError):
    """A picture, sound or file of a tune could not be made, or not in time."""


def quoted(text: object) -> str:
    """Return what somebody typed, fit to stand in a sentence: on one line, 20 characters at most."""
    return f"“{' '.join(str(text).split())[:20]}”"
