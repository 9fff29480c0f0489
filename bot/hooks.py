"""What other services bring to our address: a platform takes it, and the site hands it over."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

PATH = "/hooks/"
"""Under which path of the site; the hook's name follows."""

Hook = Callable[[Mapping[str, str], bytes], Awaitable[int]]
"""Takes the headers and the body of a request; gives the HTTP status to answer with."""


@dataclass
class Hooks:
    """The hooks that are open, by name."""

    by_name: dict[str, Hook] = field(default_factory=dict)
