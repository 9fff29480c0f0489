"""Every option of /tune beside every other, in both orders, with and without ``=``."""

from itertools import permutations, product

import pytest

from bot.commands import COMMANDS
from bot.commands.reading import read
from generator.compose.request import TuneRequest, options

# By option: its value, and the ways to type it. Those of two words show where a value ends.
SPELLINGS = {
    "key": ("E minor", ["key=Em", "key = E minor", "key Em", "Em", "E minor", "in the key of E minor"]),
    "mode": ("minor", ["mode=minor", "mode minor", "minor"]),
    "type": ("slip jig", ["type=slip jig", 'type="slip jig"', "type slip jig", "slip jig", "slip-jig"]),
    "meter": ("9/8", ["meter=9/8", "meter = 9 / 8", "meter 9/8", "9/8"]),
    "temp": ("1.5", ["temp=1.5", "temp: 1.5", "temp 1.5", "1.5", "1,5", "temperature of 1.5"]),
    "seed": ("7", ["seed=7", "seed 7", "seed: 7,"]),
    "form": ("AABBCC", ["form=AABBCC", "form aabbcc", "AABBCC", "aabbcc"]),
    "bars": ("16", ["bars=16", "bars 16", "16 bars", "16-bar"]),
    "start": ("GAB d2e|", ["start=GAB d2e|", 'start="GAB d2e|"', "start GAB d2e|", 'start "GAB d2e|"']),
    "n": ("8", ["n=8", "n 8", "candidates 8", "8 candidates"]),
    "instrument": ("whistle", ["instrument=tin whistle", "instrument whistle", "on the tin whistle"]),
    "tempo": ("120", ["tempo=120", "tempo 120", "120 bpm", "120bpm", "at 120 beats a minute", "bpm=120"]),
    "pace": ("slow", ["pace=slow", "pace slow"]),
    "chords": ("off", ["chords=off", "chords off", "no chords", "without chords"]),
    "model": ("jigs", ["model=jigs", "model jigs"]),
}  # fmt: skip
CONTRARY = {frozenset({"key", "mode"})}  # what is meant by them together is a matter of its own


def test_every_option_is_spelt_here() -> None:
    assert list(SPELLINGS) == list(options())


@pytest.mark.parametrize("pair", [pair for pair in permutations(SPELLINGS, 2) if {*pair} not in CONTRARY])
def test_two_options_beside_each_other_are_read_as_each_alone(pair: tuple[str, str]) -> None:
    values = {name: SPELLINGS[name][0] for name in pair}
    for typed in product(*(SPELLINGS[name][1] for name in pair)):
        asked = read(f"/tune {' '.join(typed)}", COMMANDS)
        assert (asked.command, TuneRequest.of(asked.values)) == ("tune", TuneRequest.of(values)), typed
        assert asked.remarks == (), typed
