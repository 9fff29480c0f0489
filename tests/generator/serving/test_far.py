"""Composing and drawing on other machines: what is sent, what is sent again, and what is done meanwhile."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from fractions import Fraction
from pathlib import Path
from random import Random
from time import monotonic

import pytest
from aiohttp import ClientSession, web
from hypothesis import given
from hypothesis import strategies as st

from generator.compose.request import TuneRequest
from generator.errors import AbcError, BusyError, FriendlyError, RenderError, RequestError
from generator.music.dances import DANCES
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.changes import Change
from generator.render.practice import Practice
from generator.render.renderers import Facts, Renderers
from generator.serving.circuit import Circuit
from generator.serving.far_line import FarLine
from generator.serving.far_service import UNREACHABLE, FarDesk, FarService, facts_of
from generator.serving.http_server import new_app, serving
from generator.serving.messages import Drawing, Waiting
from generator.serving.pool import WorkerError
from generator.serving.wire import WireError, packed, packed_error, unpacked, unpacked_error
from tests.generator.far import FarHall, far_renderers
from tests.generator.stand_ins import idle, soon, wish

JIG = 'X:1\nT:The Far Field\nR:jig\nM:6/8\nL:1/8\nQ:3/8=110\nK:D\n|:"D"ABc d2e|(3fga f "A7"e2d:|\n'


class Weather:
    """A line to the server that fails as a test says.

    Attributes:
        plan: what becomes of the next requests: ``drop`` before, ``cut`` in the middle of the answer, a
            status, or ``hang``; then all goes well.
        came: paths that were asked for.
    """

    def __init__(self, url: str) -> None:
        self.url, self.plan, self.came = url, [], []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.came.append(request.path)
        fate = self.plan.pop(0) if self.plan else "well"
        if fate == "drop":
            request.transport.close()
            return web.Response()
        if fate == "hang":
            await asyncio.sleep(3600)
        if isinstance(fate, int):
            return web.Response(status=fate)
        body = await request.read()
        async with (
            ClientSession() as session,
            session.request(request.method, self.url + request.path, data=body or None) as answer,
        ):
            content = await answer.read()
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(content[: len(content) // 2] if fate == "cut" else content)
        if fate == "cut":
            request.transport.close()
        else:
            await response.write_eof()
        return response


@asynccontextmanager
async def weather(url: str) -> AsyncIterator[tuple[Weather, str]]:
    between = Weather(url)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", between.handle)
    async with serving(app, "127.0.0.1", 0) as address:
        yield between, address


@asynccontextmanager
async def line_to(
    url: str, clock: Callable[[], float] = monotonic, **options: object
) -> AsyncIterator[FarLine]:
    line = FarLine(url, clock, Random(1), **options)
    yield line
    await line.close()


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def station(hall) -> AsyncIterator[tuple[str, object]]:
    service = hall.service(workers=1)
    async with serving(new_app(service, Renderers()), "127.0.0.1", 0) as url, service:
        yield url, service


@pytest.mark.parametrize(
    "plan",
    [["drop"], ["cut"], [500], [503, "drop", "cut"]],
    ids=["before", "in the middle", "a server error", "all of it"],
)
async def test_an_answer_that_is_lost_is_asked_for_again_and_is_the_same(hall, plan):
    async with station(hall) as (url, service), weather(url) as (between, address):
        expected = await service.compose(wish(seed=11, n=3))
        async with line_to(address, sleep=no_pause) as line, FarService(line, Random(1)) as far:
            between.plan = list(plan)
            tune = await far.compose(wish(seed=11, n=3))
        assert (tune, tune.origin) == (expected, expected.origin)
        assert len(between.came) == len(plan) + 1


async def test_a_seed_is_drawn_before_the_first_try(hall):
    async with station(hall) as (url, service), weather(url) as (between, address):
        async with line_to(address, sleep=no_pause) as line, FarService(line, Random(1)) as far:
            between.plan = ["cut"]
            tune = await far.compose(TuneRequest(n=1))
        assert tune == await service.compose(wish(seed=Random(1).randrange(1_000_000)))


async def test_a_station_that_hangs_is_asked_again(hall):
    async with station(hall) as (url, _), weather(url) as (between, address):
        async with line_to(address, sleep=no_pause, silence=0.3) as line, FarService(line, Random(1)) as far:
            between.plan = ["hang"]
            assert await far.compose(wish())
        assert len(between.came) == 2


async def test_an_answer_that_takes_longer_than_silence_may_last_is_waited_for(hall, monkeypatch):
    monkeypatch.setattr("generator.serving.station.with_pulse.__defaults__", (0.05,))
    service = hall.service(longest=600, pause=0.002)
    async with (
        serving(new_app(service, Renderers()), "127.0.0.1", 0) as url,
        service,
        line_to(url, silence=0.6) as line,
        FarService(line, Random(1)) as far,
    ):
        assert await far.compose(wish(temp=1.5))


async def test_what_the_answer_says_is_not_asked_again(hall):
    async with station(hall) as (url, _), weather(url) as (between, address):
        async with line_to(address) as line, FarService(line, Random(1)) as far:
            with pytest.raises(FriendlyError, match="I don't know the model"):
                await far.compose(wish(model="nobody"))
            assert line.circuit.closed
        assert len(between.came) == 1


async def test_who_cannot_be_reached_is_left_alone_for_a_while_and_then_tried_again(hall):
    clock = Clock()
    async with (
        station(hall) as (url, _),
        weather(url) as (between, address),
        line_to(address, clock, sleep=no_pause) as line,
    ):
        far = FarService(line, Random(1), clock=clock)
        between.plan = ["drop"] * 16
        for _ in range(3):
            with pytest.raises(BusyError) as refused:
                await far.compose(wish())
            assert str(refused.value) == UNREACHABLE
        assert (len(between.came), far.condition) == (12, "unreachable")
        with pytest.raises(BusyError):
            await far.compose(wish())
        assert len(between.came) == 12
        clock.now += 6
        with pytest.raises(BusyError):
            await far.compose(wish())
        assert len(between.came) == 16
        clock.now += 6  # it rests longer now
        with pytest.raises(BusyError):
            await far.compose(wish())
        assert len(between.came) == 16
        clock.now += 6
        assert await far.compose(wish())
        assert far.condition == "ok"


async def test_an_engine_here_takes_over_and_gives_the_same(hall):
    async with station(hall) as (url, service):
        expected = await service.compose(wish(seed=5, n=2))
    # Nothing listens there any more.
    async with line_to(url, sleep=no_pause) as line:
        async with FarService(line, Random(1), embedded=hall.service) as far:
            tunes = [await far.compose(wish(seed=5, n=2)) for _ in range(4)]
            events = [event async for event in far.follow(wish(seed=5, n=2))]
            assert far.condition == "embedded"
        with pytest.raises(BusyError, match="restarted"):
            await far.compose(wish())
    assert all((tune, tune.origin) == (expected, expected.origin) for tune in [*tunes, events[-1]])


async def test_who_goes_frees_the_slots_at_the_other_end(hall):
    async with FarHall(hall).service(longest=100_000, pause=0.001) as far:
        task = asyncio.create_task(far.compose(wish(n=8, temp=1.5)))
        assert await soon(lambda: far.load == (0, 8))
        task.cancel()
        assert await idle(far)


async def test_a_station_that_speaks_another_language_is_a_fault(hall):
    async with station(hall) as (url, _):
        async with ClientSession() as session:
            for body in (b"", b"[]", b"{}", b'{"request":{"~":"os.system","of":"ls"}}', b"\xff"):
                async with session.post(f"{url}/tune", data=body) as answer:
                    assert answer.status == 200
                    assert json.loads(await answer.read())["error"] == "fault"
                async with session.post(f"{url}/jobs/read", data=body) as answer:
                    assert json.loads(await answer.read())["error"] == "fault"
            async with session.post(f"{url}/jobs/read", data=io.BytesIO(b"x" * 2_000_000)) as answer:
                assert answer.status == 413
            async with session.get(f"{url}/healthz") as answer:
                assert (answer.status, await answer.json()) == (200, {"composer": "ok"})
        async with line_to(url + "/nowhere") as line:
            with pytest.raises(WorkerError, match="status 404"):
                await facts_of(line)


async def test_files_and_readings_are_those_made_here(monkeypatch):
    async with Renderers() as here, far_renderers(here) as far:
        assert far.has_sound == here.has_sound
        assert far.edition == here.edition
        for name in ("musicxml", "svg", "png", "mp3"):
            assert await getattr(far, name)(JIG) == await getattr(here, name)(JIG)
        assert len(await far.ogg(JIG)) == len(await here.ogg(JIG))  # each has a number of its own inside
        assert await far.svg(JIG, dark=True) == await here.svg(JIG, dark=True)
        assert await far.mp3(JIG, instrument="flute") == await here.mp3(JIG, instrument="flute")
        assert await far.desk.midi(JIG, instrument="harp") == await here.desk.midi(JIG, instrument="harp")
        practice = Practice(80, 96, 8, count=1, metronome=True)
        assert await far.mp3(JIG, practice=practice) == await here.mp3(JIG, practice=practice)
        assert await far.desk.midi(JIG, practice=practice) == await here.desk.midi(JIG, practice=practice)
        for name in ("musicxml", "svg", "png"):
            assert await getattr(far, name)(JIG, part="Eb") == await getattr(here, name)(JIG, part="Eb")
        assert await far.desk.read(JIG) == await here.desk.read(JIG)
        assert await far.desk.timeline(JIG) == await here.desk.timeline(JIG)
        change = Change(key=Key("G"), title="Nearer", pace="fast", chords=False)
        assert await far.desk.changed(JIG, change) == await here.desk.changed(JIG, change)
        with pytest.raises(AbcError) as refused:
            await far.desk.read("X:1\nK:D\nABc|\n[DFA|\n")
        with pytest.raises(AbcError) as expected:
            await here.desk.read("X:1\nK:D\nABc|\n[DFA|\n")
        assert vars(refused.value) == vars(expected.value)


async def test_a_desk_that_cannot_be_reached_is_a_sentence_or_a_desk_here():
    async with line_to("http://127.0.0.1:9", sleep=no_pause) as line:
        with pytest.raises(RenderError, match="can't be reached"):
            await FarDesk(line, "read").run("read", JIG)
        here = Renderers()
        desk = FarDesk(line, "read", here.desks["read"])
        assert (await desk.run("read", JIG)).title == "The Far Field"
        assert (await desk.run("read", JIG)).key == Key("D")
        await desk.stop()
        assert not desk.pids


def test_a_circuit_opens_after_three_failures_in_a_row():
    circuit = Circuit(Clock())
    for _ in range(2):
        circuit.failed()
    circuit.succeeded()
    for _ in range(2):
        circuit.failed()
    assert circuit.closed
    circuit.failed()
    assert not circuit.closed
    assert not circuit.allows()


PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
LEAVES = PLAIN | st.fractions() | st.builds(Path, st.text("abc/", min_size=1))
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text(), inner)
        | st.builds(Waiting, st.integers(), st.floats(allow_nan=False))
        | st.builds(Drawing, st.floats(allow_nan=False), st.text())
        | st.builds(Facts, st.text(), st.none() | st.tuples(st.text(), st.integers()))
    ),
)


@given(VALUES)
def test_values_come_back_as_they_were(value):
    assert unpacked(json.loads(json.dumps(packed(value)))) == value


@pytest.mark.parametrize(
    "request_",
    [
        TuneRequest(),
        TuneRequest.of({"key": "F#m", "type": "slip jig", "temp": "1.1", "seed": 3, "bars": 16, "n": 8}),
        TuneRequest.of({"key": "D", "mode": "mixolydian", "meter": "C|", "start": "dAF d2|", "chords": "no"}),
        *(TuneRequest(type=dance) for dance in DANCES.values()),
    ],
)
def test_requests_come_back_as_they_were(request_):
    again = unpacked(json.loads(json.dumps(packed(request_))))
    assert again == request_
    assert again.model_fields_set == request_.model_fields_set


def test_a_tune_that_its_abc_does_not_say_comes_back_whole():
    tune = Tune("", Key("G"), TuneRequest.of({"meter": "6/8"}).meter, Fraction(1, 8), (), composer="\n x")
    assert unpacked(json.loads(json.dumps(packed(tune)))) == tune


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"~": "os.system", "of": "true"},
        {"~": "subprocess.Popen", "of": {"args": "true"}},
        {"~": "generator.processes.Child", "of": {}},
        {"~": "generator.music.tune.read_tunes", "of": {"text": ""}},
        {"~": "generator.music.keys.Key", "of": {"nobody": 1}},
        {"~": "generator.music.keys.Key", "of": None},
        {"~": "bytes", "of": "no base64!"},
        {"~": "fraction", "of": "1/0"},
        {"~": "tune", "of": {"abc": "X:1"}},
        {"~": 3},
    ],
)
def test_what_is_no_value_of_ours_is_refused(value):
    with pytest.raises((WireError, FriendlyError)):
        unpacked(value)


def test_what_is_not_ours_is_not_sent():
    for value in (object(), Renderers, Circuit(monotonic), {1: object()}):
        with pytest.raises(WireError):
            packed(value)


def test_errors_keep_their_kind_and_their_words():
    for error in (BusyError("The queue is full."), RequestError("No."), AbcError("What?", 3, 2)):
        again = unpacked_error(json.loads(json.dumps(packed_error(error))))
        assert (type(again), str(again)) == (type(error), str(error))
    fault = unpacked_error(packed_error(ZeroDivisionError("inside"), "trace"))
    assert (type(fault), str(fault)) == (WorkerError, "trace")
