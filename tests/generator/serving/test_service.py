"""Many ask at once; each gets the tune of their seed, in turn, in time, or a friendly word."""

import asyncio
from functools import partial

import pytest

from generator.compose.choice import MOST_ROUNDS
from generator.compose.harmoniser import Harmoniser
from generator.compose.request import TuneRequest
from generator.errors import BusyError, ComposeError, ModelError, RequestError
from generator.music.tune import Tune
from generator.serving.pool import Pool, WorkerError
from generator.serving.service import Drawing, Waiting
from tests.generator.far import FarHall
from tests.generator.stand_ins import (
    FragileRules,
    Memory,
    Picky,
    Song,
    TextPlan,
    idle,
    refuse,
    soon,
    unreadable_once,
    wish,
)


@pytest.fixture(params=["here", "far"])
def hall(request, hall):
    """Services of this process, and the same behind HTTP."""
    return hall if request.param == "here" else FarHall(hall)


async def test_the_same_seed_gives_the_same_tune_alone_and_in_company(hall):
    async with hall.service() as service:
        alone = await service.compose(wish(n=4))
        crowd = [service.compose(wish(seed, n=seed % 4 + 1), user=str(seed)) for seed in range(40)]
        again, *_ = await asyncio.gather(service.compose(wish(n=4)), *crowd)
    assert again == alone
    assert again.origin == alone.origin
    assert (alone.origin.model, alone.origin.seed, alone.origin.temp) == ("toy", 7, 0.8)


async def test_the_best_of_n_is_the_best_of_those_drawn_alone(hall):
    async with hall.service() as service:
        tune = await service.compose(wish(n=4))
        chosen = int(tune.origin.notes["candidate"])
        worse = await service.compose(wish(n=chosen - 1)) if chosen > 1 else None
        alike = await service.compose(wish(n=chosen))
    assert tune.origin.notes["candidates"] == 4
    assert alike == tune
    assert worse is None or worse.origin.notes["score"] < tune.origin.notes["score"]


async def test_a_seed_is_drawn_where_none_is_given(hall):
    async with hall.service() as service:
        first, second = [await service.compose(TuneRequest(n=1)) for _ in range(2)]
        again = await service.compose(TuneRequest(n=1, seed=first.origin.seed))
    assert first.origin.seed != second.origin.seed
    assert again == first


async def test_where_every_candidate_is_known_others_are_drawn(hall):
    async with hall.service() as service:
        known = {(await service.compose(wish(n=1))).composer}
    memory = Memory(frozenset(known))
    async with hall.service(novelty=memory) as service:
        tune = await service.compose(wish(n=1))
        crowd = [service.compose(wish(seed), user=str(seed)) for seed in range(20)]
        again, *_ = await asyncio.gather(service.compose(wish(n=1)), *crowd)
        both = await service.compose(wish(n=2))
    assert tune.composer not in known
    assert (again, again.origin) == (tune, tune.origin)
    notes = tune.origin.notes
    assert (notes["candidates"], notes["closest"], notes["closest_bars"]) == (2, "The Old One", 2.0)
    assert (both.composer, both.origin.notes["candidates"]) == (tune.composer, 2)  # the next in line


async def test_where_nothing_new_comes_the_least_known_is_given(hall):
    memory = Memory(others=3.0, letter=1.0)
    async with hall.service(novelty=memory) as service:
        tune = await service.compose(wish(n=2))
        eight = [await service.compose(wish(n=n)) for n in (1, 8)]
    assert tune.origin.notes["candidates"] == 2 * MOST_ROUNDS
    assert tune.origin.notes["closest_bars"] <= eight[0].origin.notes["closest_bars"]
    assert tune.origin.notes["closest_bars"] >= eight[1].origin.notes["closest_bars"]


async def test_drawing_again_is_no_step_back(hall):
    memory = Memory(others=9.0)
    async with hall.service(novelty=memory, longest=200, pause=0.003) as service:
        events = [event async for event in service.follow(wish(n=2, temp=1.5))]
    shares = [event.share for event in events if isinstance(event, Drawing)]
    assert shares
    assert shares == sorted(shares)
    assert isinstance(events[-1], Tune)


async def test_a_model_without_an_index_says_nothing_of_known_tunes(hall):
    async with hall.service() as service:
        tune = await service.compose(wish(n=2))
    assert set(tune.origin.notes) == {"score", "candidate", "candidates"}


async def test_a_tune_whose_title_will_not_do_has_a_plain_one(hall):
    async with hall.service() as service:
        assert (await service.compose(wish())).title == "Tune in G major"


@pytest.mark.parametrize(
    ("drawn", "chords", "given"),
    [
        ("GBd gdB|", "on", '"G"GBd gdB|'),
        ("GBd gdB|", "off", "GBd gdB|"),
        ('"Em"GBd gdB|', "on", '"Em"GBd gdB|'),
        ('"Em"GBd gdB|', "off", "GBd gdB|"),
    ],
)
async def test_chords_are_there_unless_they_are_not_wanted(hall, drawn, chords, given):
    async with hall.service(plan=partial(Song, music=drawn), harmoniser=Harmoniser.load) as service:
        tune = await service.compose(wish(chords=chords))
    assert tune.abc().splitlines()[-1] == given


async def test_a_deadline_refuses_and_frees_the_slots(hall):
    async with hall.service(longest=100_000, pause=0.001, plan=partial(TextPlan, "X" * 99)) as service:
        with pytest.raises(BusyError, match=r"longer than 0\.1 seconds"):
            await service.compose(wish(n=8), deadline=0.1)
        assert await idle(service)


async def test_a_deadline_counts_in_the_queue_too(hall):
    async with hall.service(slots=2, longest=100_000, pause=0.002) as service:
        long = asyncio.create_task(service.compose(wish(n=2, temp=1.5)))
        assert await soon(lambda: service.load == (0, 2))
        with pytest.raises(BusyError):
            await service.compose(wish(n=1), deadline=0.05)
        assert service.load[0] == 0
        long.cancel()


@pytest.mark.parametrize("followed", [False, True])
async def test_a_cancelled_request_frees_its_slots(hall, followed):
    async with hall.service(longest=100_000, pause=0.001) as service:

        async def ask():
            if not followed:
                return await service.compose(wish(n=8, temp=1.5))
            return [event async for event in service.follow(wish(n=8, temp=1.5))]

        task = asyncio.create_task(ask())
        assert await soon(lambda: service.load == (0, 8))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await idle(service)


async def test_a_request_that_is_cancelled_in_the_queue_leaves_it(hall):
    async with hall.service(slots=1, longest=300, pause=0.001) as service:
        first, second = (asyncio.create_task(service.compose(wish(seed))) for seed in (1, 2))
        assert await soon(lambda: service.load == (1, 1))
        second.cancel()
        assert await soon(lambda: service.load == (0, 1))
        await first


async def test_users_take_turns(hall):
    # Slow enough that all are in the queue before the first tune is there.
    async with hall.service(slots=1, longest=40, pause=0.005) as service:
        order = []

        async def ask(user, seed):
            await service.compose(wish(seed), user=user)
            order.append(user)

        async with asyncio.TaskGroup() as group:
            for seed in range(6):
                group.create_task(ask("greedy", seed))
            assert await soon(lambda: service.load == (5, 1))
            group.create_task(ask("patient", 9))
    assert order.index("patient") <= 2


async def test_a_full_queue_refuses_kindly(hall, monkeypatch):
    monkeypatch.setattr("generator.serving.service.Pool", partial(Pool, queue=2, queue_of_one=2))
    async with hall.service(slots=1, longest=40, pause=0.001) as service:
        crowd = [service.compose(wish(seed), user=str(seed)) for seed in range(6)]
        results = await asyncio.gather(*crowd, return_exceptions=True)
    refused = [result for result in results if isinstance(result, BusyError)]
    assert len(refused) == 3
    assert "try again" in str(refused[0])
    assert sum(isinstance(result, Tune) for result in results) == 3


async def test_who_waits_is_told_how_many_are_ahead_and_for_how_long(hall):
    async with hall.service(slots=1, longest=60, pause=0.001) as service:
        others = [asyncio.create_task(service.compose(wish(seed), user="o")) for seed in range(3)]
        assert await soon(lambda: service.load == (2, 1))
        events = [event async for event in service.follow(wish(9), user="o")]
        await asyncio.gather(*others)
    places = [event.ahead for event in events if isinstance(event, Waiting)]
    assert places[0] == 2
    assert places == sorted(places, reverse=True)
    assert all(event.seconds > 0 for event in events if isinstance(event, Waiting))
    assert isinstance(events[-1], Tune)


async def test_one_candidate_can_be_watched_bar_by_bar(hall):
    async with hall.service(longest=400, pause=0.005) as service:
        events = [event async for event in service.follow(wish(temp=1.5))]
    *progress, tune = events
    texts = [event.text for event in progress if isinstance(event, Drawing) and event.text]
    assert len(texts) > 1
    assert all(text.endswith("|") and ("X:1\nK:G\n" + tune.composer).startswith(text) for text in texts)
    assert texts == sorted(texts, key=len)


async def test_several_candidates_tell_how_far_they_are(hall):
    async with hall.service(longest=400, pause=0.005) as service:
        events = [event async for event in service.follow(wish(n=4, temp=1.5))]
    shares = [event.share for event in events if isinstance(event, Drawing)]
    assert len(shares) > 1
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1
    assert isinstance(events[-1], Tune)


async def test_a_plan_that_cannot_be_met_says_so(hall):
    async with hall.service(plan=refuse) as service:
        with pytest.raises(RequestError, match="6/8"):
            await service.compose(wish())


async def test_a_draw_that_is_no_tune_is_passed_over(hall):
    async with hall.service(plan=Picky) as service:
        results = await asyncio.gather(
            *(service.compose(wish(s), user=str(s)) for s in range(12)), return_exceptions=True
        )
    assert {type(result) for result in results} == {Tune, ComposeError}


async def test_a_fault_in_a_step_reaches_those_it_hit_and_nobody_after(hall):
    async with hall.service(rules=FragileRules) as service:
        with pytest.raises(WorkerError, match="no character"):
            await service.compose(wish())
        assert await service.compose(wish())


async def test_an_unreadable_prompt_hits_its_own_request_only(hall):
    async with hall.service(plan=unreadable_once) as service:
        with pytest.raises(WorkerError, match="prompt"):
            await service.compose(wish())
        assert await service.compose(wish())


async def test_an_unknown_model_is_refused(hall):
    async with hall.service() as service:
        with pytest.raises(ModelError, match="I don't know the model"):
            await service.compose(wish(model="nobody"))


async def test_closing_ends_what_is_under_way(hall):
    async with hall.service(longest=100_000, pause=0.001) as service:
        task = asyncio.create_task(service.compose(wish(n=8, temp=1.5)))
        await asyncio.sleep(0.05)
    with pytest.raises(BusyError, match="restarted"):
        await task
