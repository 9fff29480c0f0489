"""Candidates pause after some bars, and others go on from the best of them: the same alone and in company."""

from dataclasses import replace

import numpy as np
import pytest

from generator.compose.choice import PHRASE, Judge
from generator.compose.critic_reading import read
from generator.compose.loaded_model import LoadedModel, open_model
from generator.compose.request import TuneRequest
from generator.compose.sampler import Candidate, Job, Sampler
from generator.compose.score import PLAIN
from generator.music.parts import parts_of
from tests.generator.compose.test_critic import some_critic


@pytest.fixture(scope="module")
def model() -> LoadedModel:
    return replace(open_model("session", "fast"), score=replace(PLAIN, critic=some_critic()))


def wish(model: LoadedModel, seed: int, **options: object) -> TuneRequest:
    return model.settle(TuneRequest.of({"type": "jig", "seed": seed, **options}), seed)


def run(sampler: Sampler, *jobs: Job) -> None:
    for job in jobs:
        sampler.begin(job)
    while sampler.busy:
        sampler.step()


def drawn(
    model: LoadedModel, request: TuneRequest, sampler: Sampler, company: list[Job]
) -> list[list[Candidate]]:
    """Draw a request pause by pause, and return the candidates of each stage."""
    plan = model.plan(request)
    judge, after, stages = Judge(model, plan, request), None, []
    for pause in (*judge.pauses, 0):
        job = Job(plan.prompt, plan, request.temp, request.seed or 0, request.n, pause=pause, after=after)
        run(sampler, *([company.pop()] if company else []), job)
        stages.append(sorted(job.finished, key=lambda candidate: candidate.number))
        if pause:
            after = judge.pick(job.finished)
            assert after is not None
    return stages


def test_each_stage_goes_on_from_one_of_the_stage_before_and_ends_with_whole_tunes(model: LoadedModel):
    request = wish(model, 5, n=3)
    *begun, whole = drawn(model, request, model.new_sampler(), [])
    assert [len(stage) for stage in (*begun, whole)] == [3] * (16 // PHRASE)
    for before, after in zip(begun, [*begun[1:], whole], strict=True):
        (origin,) = {text for text in (c.text for c in before) if after[0].text.startswith(text)}
        assert all(candidate.text.startswith(origin) for candidate in after)
    assert len({candidate.text for candidate in begun[0]}) == 3
    for stage, candidates in enumerate(begun, 1):
        for candidate in candidates:
            tune = model.plan(request).begun(candidate.text)
            assert sum(part.count for part in parts_of(tune)) == stage * PHRASE
    assert all(candidate.pause is None for candidate in whole)
    for candidate in whole:
        tune = model.plan(request).finish(candidate.text)
        assert not tune.wrong_bars()
        assert [part.count for part in parts_of(tune)] == [8, 8]


@pytest.mark.parametrize("key", ["G", "D", "Am", "Eb", "Edor"])
def test_a_beginning_is_read_as_it_will_be_in_the_asked_key(model: LoadedModel, key: str):
    request = wish(model, 7, n=1, key=key)
    plan = model.plan(request)
    job = Job(plan.prompt, plan, 0.8, 7, 1)
    run(model.new_sampler(), job)
    text = job.finished[0].text
    whole = read(plan.finish(text))
    begun = read(plan.begun(text), None, plan.tonic, plan.dance_type)
    octaves = set((whole[:, 0] - begun[:, 0]).tolist())
    assert octaves <= {0, 12, -12}
    np.testing.assert_array_equal(whole[:, 1:], begun[:, 1:])


def test_company_changes_nothing(model: LoadedModel):
    request = wish(model, 11, n=2)
    alone = drawn(model, request, model.new_sampler(), [])
    others = [wish(model, seed, n=1) for seed in range(4)]
    company = [Job(model.plan(r).prompt, model.plan(r), 1.1, r.seed or 0, 3) for r in others]
    among = drawn(model, request, model.new_sampler(), company)
    assert [[c.text for c in stage] for stage in among] == [[c.text for c in stage] for stage in alone]


def test_the_best_so_far_is_gone_on_from(model: LoadedModel):
    request = wish(model, 2, n=4)
    plan = model.plan(request)
    judge, critic = Judge(model, plan, request), model.score.critic
    assert critic is not None
    job = Job(plan.prompt, plan, 0.8, 2, 4, pause=PHRASE)
    run(model.new_sampler(), job)
    new = [
        c
        for c in job.finished
        if model.novelty is None or model.novelty.nearest(plan.begun(c.text)).bars <= 2
    ]
    best = max(
        new or job.finished,
        key=lambda c: critic.of_rows(read(plan.begun(c.text), plan.form, plan.tonic, plan.dance_type)),
    )
    assert judge.pick(job.finished) is best.pause


def test_pauses_end_before_the_tune_and_there_are_none_without_choice(model: LoadedModel):
    def pauses(options: dict[str, object], **changes: object) -> tuple[int, ...]:
        request = wish(model, 1, **options)
        return Judge(replace(model, **changes), model.plan(request), request).pauses  # type: ignore[arg-type]

    assert pauses({"n": 4}) == tuple(range(PHRASE, 16, PHRASE))
    assert pauses({"n": 4, "form": "AABBCC", "bars": 4}) == tuple(range(PHRASE, 12, PHRASE))
    assert pauses({"n": 1}) == ()
    assert pauses({"n": 4}, score=PLAIN) == ()


def test_pauses_of_the_user_s_own_notes_are_none(model: LoadedModel):
    """Where the user's notes go beyond a pause, candidates stop when they leave them."""
    request = wish(model, 3, n=2, key="G", start="GAB cBA|dcB AGF|GBd gdB|cAF DEF|G2 G")
    stages = drawn(model, request, model.new_sampler(), [])
    tune = model.plan(request).finish(stages[-1][0].text)
    assert not tune.wrong_bars()
    assert len(stages) == 16 // PHRASE
