"""A tune depends on its prompt, temperature, seed and number alone, whoever shares the batch."""

from random import Random

import numpy as np
import pytest

from generator.compose.sampler import Job, Sampler
from generator.compose.sampler_rows import CandidateRandom
from generator.network.fast import FastEngine, load_kernel
from generator.network.keras_engine import KerasEngine
from tests.generator.stand_ins import ALPHABET, FreeRules, write_weights


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_weights(tmp_path_factory.mktemp("weights") / "model.weights.h5")


@pytest.fixture(scope="module")
def kernel(weights):
    return load_kernel(weights)


def a_sampler(kernel, slots=64, longest=60):
    return Sampler(FastEngine(kernel, slots), FreeRules(longest=longest), ALPHABET)


def a_job(seed=7, n=1, prompt="X:1\nK:G\n", temperature=0.8):
    return Job(prompt, None, temperature, seed, n)


def run(sampler, *jobs):
    for job in jobs:
        sampler.begin(job)
    while sampler.busy:
        sampler.step()


def told(job):
    """All that a job was given, as bytes, by number of the candidate."""
    return sorted((c.number, c.text, c.probabilities.tobytes(), c.allowed.tobytes()) for c in job.finished)


def test_the_same_seed_gives_the_same_bytes_alone_and_among_63_others_who_come_and_go(kernel):
    alone = a_job(n=4)
    run(a_sampler(kernel), alone)
    for company in range(3):
        random, sampler, mine = Random(company), a_sampler(kernel), a_job(n=4)
        others, most, began = [], 0, random.randrange(40)
        for step in range(10_000):
            if step == began:
                sampler.begin(mine)
            while sampler.free > (4 if step < began else 0) and random.random() < 0.7:
                n = random.randint(1, min(3, sampler.free - (4 if step < began else 0)))
                job = a_job(random.randrange(99), n, random.choice(["X:1\n", "T:a\n", "abcdefg"]), 1.2)
                others.append(job)
                sampler.begin(job)
            if random.random() < 0.2 and others:
                random.choice(others).dropped = True
            most = max(most, 64 - sampler.free)
            sampler.step()
            if mine.done:
                break
        assert told(mine) == told(alone)
        assert most == 64


def test_a_prompt_read_before_gives_the_same_tune_as_one_read_afresh(kernel):
    sampler = a_sampler(kernel)
    first, again, longer = a_job(), a_job(), a_job(prompt="X:1\nK:Gm\n")
    run(sampler, first)
    run(sampler, longer)
    run(sampler, again)
    assert told(again) == told(first)
    assert told(longer) != told(first)


def test_candidates_and_seeds_differ(kernel):
    four, other = a_job(n=4), a_job(seed=8)
    run(a_sampler(kernel), four, other)
    assert len({c.text for c in four.finished + other.finished}) == 5


def test_fewer_candidates_are_the_first_ones_of_more(kernel):
    one, three = a_job(n=1), a_job(n=3)
    run(a_sampler(kernel), one)
    run(a_sampler(kernel), three)
    assert told(three)[:1] == told(one)


def test_temperature_matters(kernel):
    calm, wild = a_job(temperature=0.2), a_job(temperature=1.5)
    run(a_sampler(kernel), calm, wild)
    assert np.log(calm.finished[0].probabilities).mean() > np.log(wild.finished[0].probabilities).mean()


def test_a_draw_ends_at_its_bound(kernel):
    job = a_job()
    run(a_sampler(kernel, longest=9), job)
    assert len(job.finished[0].text) <= 9
    assert len(job.finished[0].probabilities) == len(job.finished[0].text)


def test_dropped_jobs_free_their_slots_at_the_next_step(kernel):
    sampler = a_sampler(kernel, slots=8)
    staying, going, late = a_job(n=3), a_job(n=4), a_job()
    sampler.begin(staying)
    sampler.begin(going)
    sampler.step()
    sampler.begin(late)
    assert sampler.free == 0
    going.dropped = late.dropped = True
    sampler.step()
    assert sampler.free == 5
    run(sampler)
    assert staying.done
    assert not going.finished
    assert not late.finished


def test_finished_jobs_free_their_slots(kernel):
    sampler = a_sampler(kernel, slots=4)
    for _ in range(3):
        run(sampler, a_job(n=4))
    assert sampler.free == 4


def test_what_has_been_drawn_so_far_can_be_seen(kernel):
    sampler, job = a_sampler(kernel), a_job(prompt="X")
    sampler.begin(job)
    assert sampler.so_far(job) == [""]
    for _ in range(5):
        sampler.step()
    (early,) = sampler.so_far(job)
    while not job.done:
        sampler.step()
    assert len(early) == 5
    assert job.finished[0].text.startswith(early)


def test_more_than_there_is_room_for_and_unreadable_prompts_are_refused(kernel):
    sampler = a_sampler(kernel, slots=2)
    for job in (a_job(n=3), a_job(prompt=""), a_job(prompt="Ü")):
        with pytest.raises(ValueError, match=r"slots|prompt"):
            sampler.begin(job)
    assert sampler.free == 2


def test_a_grammar_without_a_way_out_is_an_error(kernel):
    class DeadEnd(FreeRules):
        def compute_mask(self, states):
            return np.zeros((len(states), self.width), np.bool_)

    sampler = Sampler(FastEngine(kernel, 1), DeadEnd(), ALPHABET)
    sampler.begin(a_job(prompt="X"))
    with pytest.raises(RuntimeError, match="no character"):
        sampler.step()


def test_an_alphabet_of_another_size_is_refused(kernel):
    with pytest.raises(ValueError, match="alphabet"):
        Sampler(FastEngine(kernel, 1), FreeRules(), "abc")


def test_the_keras_engine_draws_the_same_tune(weights, kernel):
    ours, theirs = a_job(n=2), a_job(n=2)
    run(a_sampler(kernel, longest=30), ours)
    run(Sampler(KerasEngine(weights, 3), FreeRules(longest=30), ALPHABET), theirs)
    assert [c[:2] for c in told(ours)] == [c[:2] for c in told(theirs)]


def test_a_long_draw_has_random_numbers_to_its_end(kernel):
    long, longer = a_job(temperature=1.5), a_job(temperature=1.5)
    run(a_sampler(kernel, longest=1500), long)
    run(a_sampler(kernel, longest=1700), longer)
    text = long.finished[0].text
    assert len(text) > 1100
    assert longer.finished[0].text.startswith(text)
    assert len({text[place : place + 9] for place in range(1000)}) > 900


def test_random_numbers_are_even_and_differ_by_seed_and_candidate():
    numbers = CandidateRandom(1, 0).next(20_000)
    assert numbers.min() >= 0
    assert numbers.max() < 1
    assert np.histogram(numbers, 10, (0, 1))[0].min() > 1800
    portions = CandidateRandom(1, 0)
    assert (np.concatenate([portions.next(7), portions.next(93)]) == numbers[:100]).all()
    assert (CandidateRandom(1, 1).next(100) != numbers[:100]).any()
    assert (CandidateRandom(2, 0).next(100) != numbers[:100]).any()
