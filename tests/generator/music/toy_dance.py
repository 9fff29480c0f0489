"""Add a toy meter and a toy type of tune, one entry each, and print where they arrive."""

import json
import sys

import numpy as np

from generator.music.dances import DANCES, METERS, Dance, MeterFacts

METERS["5/4"] = MeterFacts(slow=70)
DANCES["kitedance"] = Dance("kitedance", {"5/4": 150})

# Everything else is imported with the entries in place, as if they had been written there.
from bot.readme import with_tables  # noqa: E402
from generator.compose.plan import make_plan  # noqa: E402
from generator.compose.request import TuneRequest, options  # noqa: E402
from generator.grammar.automaton import Grammar  # noqa: E402
from generator.music.tune import Tune  # noqa: E402
from generator.render.midi import midi_bytes  # noqa: E402
from generator.render.musicxml import musicxml  # noqa: E402
from generator.render.part_times import timeline  # noqa: E402
from tests.generator.compose.test_plan import HOME  # noqa: E402
from tests.generator.grammar.test_automaton import draw, tilted  # noqa: E402


def main() -> None:
    """Print as JSON what became of the two."""
    request = TuneRequest.of({"type": "Kite-Dances", "key": "D", "seed": 3, "bars": 4})
    settled = request.settled(3, (), ("kitedance",))
    plan = make_plan(settled, HOME)
    random = np.random.default_rng(3)
    (text,) = draw(Grammar(HOME.alphabet), HOME.alphabet, [plan], random, tilted(HOME.alphabet, random))
    tune = plan.finish(text)
    again = Tune.read(tune.abc())
    times = timeline(again)
    sys.stdout.write(
        json.dumps(
            {
                "choices": {name: list(map(str, options()[name].choices)) for name in ("meter", "type")},
                "readme": with_tables("<!-- commands -->\n<!-- /commands -->"),
                "meter": again.meter.abc,
                "dance": again.rhythm,
                "wrong bars": len(again.wrong_bars()),
                "beats a minute": times.beats,
                "beats": round(times.seconds * times.beats / 60),
                "MIDI": midi_bytes(again)[:4].decode(),
                "time signature": "<beats>5</beats>" in musicxml(again),
                "air": DANCES["air"].tempo(again.meter),
            }
        )
    )


if __name__ == "__main__":
    main()
