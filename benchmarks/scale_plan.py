"""What a community of a size needs, on paper, from measured figures and stated assumptions."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Final

_DAY: Final = 86_400  # seconds
_MONTH: Final = 730  # hours


@dataclass(frozen=True, slots=True)
class Measured:
    """What ``python -m benchmarks.scale`` and ``python -m benchmarks.reply`` gave.

    Attributes:
        compose: seconds of a core for a tune, the best of four.
        files: seconds of a core for its picture, sound and MIDI.
        worker: megabytes of a process that composes.
        drawers: megabytes of the three that draw, play and read.
        bot: megabytes of the bot itself.
        reply: megabytes that go out with a reply.
    """

    compose: float
    files: float
    worker: float
    drawers: float
    bot: float
    reply: float


@dataclass(frozen=True, slots=True)
class Assumed:
    """What nobody can measure beforehand.

    Attributes:
        tunes: asked for in a server a day.
        peak: of the busiest minute over the mean.
        busy: share of a core that is planned to be used at the peak.
        messages: written in a server a day, which its gateway brings to the bot.
        message: seconds of a core for one of them.
        answer: seconds of the bot's own core for an answer.
        server: megabytes that the bot keeps of a server.
        shard: servers on one connection to Discord; more than 2500 it does not allow.
        process: shards in a process.
        core_hour: price of a core for an hour, with 2 GB of memory, in euros.
    """

    tunes: float = 3
    peak: float = 5
    busy: float = 0.6
    messages: float = 300
    message: float = 0.0003
    answer: float = 0.02
    server: float = 0.03
    shard: int = 1000
    process: int = 10
    core_hour: float = 0.04


MEASURED: Final = Measured(compose=0.05, files=0.45, worker=185, drawers=180, bot=110, reply=0.42)
ASSUMED: Final = Assumed()
SIZES: Final = (1_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Need:
    """What a number of servers needs at its peak.

    Attributes:
        servers: on Discord, or groups on Telegram.
        tunes: a second.
        compose, files, bots: cores that compose, draw and run bots.
        processes: bots.
        memory: gigabytes of all.
        outgoing: megabits a second.
        month: price of the cores in euros.
    """

    servers: int
    tunes: float
    compose: float
    files: float
    bots: float
    processes: int
    memory: float
    outgoing: float
    month: float

    @property
    def cores(self) -> int:
        """Return how many cores to rent, at least two."""
        return max(2, ceil(self.compose + self.files + self.bots))


def need(servers: int, measured: Measured = MEASURED, assumed: Assumed = ASSUMED) -> Need:
    """Return what a number of servers needs at its peak."""
    tunes = servers * assumed.tunes / _DAY * assumed.peak
    messages = servers * assumed.messages / _DAY * assumed.peak
    compose = tunes * measured.compose / assumed.busy
    files = tunes * measured.files / assumed.busy
    bots = (tunes * assumed.answer + messages * assumed.message) / assumed.busy
    processes = max(1, ceil(servers / assumed.shard / assumed.process), ceil(bots))
    memory = (
        processes * measured.bot
        + servers * assumed.server
        + ceil(compose) * measured.worker
        + max(1, ceil(files)) * measured.drawers
    ) / 1000
    cores = max(2, ceil(compose + files + bots))
    return Need(
        servers,
        tunes,
        compose,
        files,
        bots,
        processes,
        memory,
        tunes * measured.reply * 8,
        cores * assumed.core_hour * _MONTH,
    )


def tables() -> str:
    """Return the tables of ``docs/scale.md``."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    names = (
        "servers",
        "tunes a second",
        "cores: compose + files + bots",
        "bots",
        "memory",
        "outgoing",
        "a month",
    )
    yield f"| {' | '.join(names)} |"
    yield f"|{' --- |' * len(names)}"
    for size in SIZES:
        it = need(size)
        cells = (
            f"{it.servers:,}",
            _short(it.tunes),
            f"{it.cores}: {_short(it.compose)} + {_short(it.files)} + {_short(it.bots)}",
            f"{it.processes}",
            f"{it.memory:.1f} GB",
            f"{it.outgoing:.0f} Mbit/s",
            f"{it.month:,.0f} €",
        )
        yield f"| {' | '.join(cells)} |"


def _short(value: float) -> str:
    """Write a figure with as many digits as it is worth."""
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 10 else f"{value:.0f}"
