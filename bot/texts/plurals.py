"""One of something, or more."""


def plural(count: int, one: str, many: str) -> str:
    """Say how many there are; translators find both forms by the name of this function.

    Args:
        count: how many.
        one: with ``{n}`` for the number, as English says it of one.
        many: of any other number.
    """
    return (one if count == 1 else many).format(n=count)
