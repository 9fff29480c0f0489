"""A set of tunes: its keys are moves of players, its fire rises, and its seed gives it again."""

from itertools import combinations

import pytest

from generator.compose.request import TuneRequest
from generator.compose.tune_set import MOST_DRAWS, MOVES, SetPlan, move
from generator.errors import RequestError
from generator.music.energy import energy
from generator.music.keys import ASKED_MODES, Key, place_in_fifths
from generator.music.tune import Tune

SEEDS = range(60)
CALM = "X:1\nT:Calm\nR:jig\nM:6/8\nL:1/8\nK:G\n|:G3 B3|A3 G3|B3 A3|G3 G3:|\n"
BUSY = "X:1\nT:Busy\nR:jig\nM:6/8\nL:1/8\nK:G\n|:GAB ABc|BcB AGA|BAG AGF|GAG G3:|\n"
WIDE = "X:1\nT:Wide\nR:jig\nM:6/8\nL:1/8\nK:G\n|:GDB, ABc|BgB AGA|BaG AGF|gag g3:|\n"


def keys(seed: int, count: int = 4, **wish: object) -> list[Key]:
    plan = SetPlan(TuneRequest.of(wish), count, seed)
    found = [request.key for request in plan.requests]
    assert None not in found
    return [key for key in found if key]


@pytest.mark.parametrize(
    "wish", [{}, {"key": "G"}, {"key": "Em"}, {"key": "Bb"}, {"key": "F#m"}, {"key": "Gmix"}]
)
def test_every_key_is_a_step_or_a_fifth_or_the_relative_of_every_other(wish: dict[str, str]) -> None:
    for seed in SEEDS:
        found = keys(seed, **wish)
        assert len(set(found)) == 4
        for key, other in combinations(found, 2):
            assert move(key, other) == move(other, key) > 0
            apart = abs(place_in_fifths(key.tonic) - place_in_fifths(other.tonic))
            assert apart <= 2 or (apart == 3 and key.mode != other.mode)
        if "key" in wish:
            assert found[0] == Key.read(wish["key"])


def test_the_moves_that_players_name_are_among_them() -> None:
    for pair in ("G D", "D A", "D G", "G A", "Em G", "Em D", "G Am", "D Bm", "Edor D", "Amix D"):
        key, other = pair.split()
        assert move(Key.read(key), Key.read(other)), (key, other)
    for pair in ("G B", "G Eb", "G G", "Em Gm", "C F#"):
        key, other = pair.split()
        assert not move(Key.read(key), Key.read(other)), (key, other)


@pytest.mark.parametrize("mode", ASKED_MODES)
def test_a_mode_that_is_asked_for_is_that_of_all(mode: str) -> None:
    assert {key.mode for seed in SEEDS for key in keys(seed, mode=mode)} == {mode}


def test_the_table_names_each_pair_of_modes_once() -> None:
    pairs = [frozenset(pair) for pair in MOVES]
    assert len(pairs) == len(set(pairs)) == 10


def test_a_seed_gives_the_same_set_and_others_give_others() -> None:
    plans = [SetPlan(TuneRequest(), 3, seed).requests for seed in (7, 7, 8)]
    assert plans[0] == plans[1] != plans[2]
    assert len({request.seed for request in plans[0]}) == 3
    assert {request.type for request in plans[0]} == {plans[0][0].type}


def test_types_go_with_the_meter() -> None:
    for meter in ("9/8", "3/2", "6/8"):
        types = {SetPlan(TuneRequest.of({"meter": meter}), 2, seed).requests[0].type for seed in SEEDS}
        assert all(kind and meter in kind.meters for kind in types)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_set_has_two_to_four(count: int) -> None:
    with pytest.raises(RequestError, match="2 to 4 tunes"):
        SetPlan(TuneRequest(), count, 1)


def test_fire_is_notes_range_and_height() -> None:
    calm, busy, wide = (Tune.read(text) for text in (CALM, BUSY, WIDE))
    assert energy(calm) < energy(busy) < energy(wide)
    assert energy(calm.transposed(Key("A"))) > energy(calm)


def test_fire_rises() -> None:
    plan = SetPlan(TuneRequest(), 3, 1)
    drawn = [[Tune.read(text)] for text in (WIDE, CALM, BUSY)]
    assert plan.again(drawn) == {}
    assert [tune.title for tune in plan.order(drawn)] == ["Calm", "Busy", "Wide"]


def test_what_is_in_the_key_that_was_asked_for_comes_first() -> None:
    plan = SetPlan(TuneRequest.of({"key": "G"}), 2, 1)
    drawn = [[Tune.read(WIDE)], [Tune.read(CALM)]]
    more = plan.again(drawn)
    assert list(more) == [0, 1]
    assert more[0].key == Key("G")
    assert {more[0].seed, more[1].seed}.isdisjoint({request.seed for request in plan.requests})
    drawn[0].append(Tune.read(CALM))
    drawn[1].append(Tune.read(BUSY))
    assert plan.again(drawn) == {}
    assert [tune.title for tune in plan.order(drawn)] == ["Calm", "Busy"]


def test_in_the_end_fire_rises_all_the_same() -> None:
    plan = SetPlan(TuneRequest.of({"key": "G"}), 2, 1)
    drawn = [[Tune.read(WIDE)] * MOST_DRAWS, [Tune.read(CALM)] * MOST_DRAWS]
    assert plan.again(drawn) == {}
    assert [tune.title for tune in plan.order(drawn)] == ["Calm", "Wide"]
