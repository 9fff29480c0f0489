"""What the grammar's mask takes from a model, and what it costs beside a step of the network."""

from itertools import islice, product
from time import perf_counter

import numpy as np

from benchmarks.every_request import requests
from benchmarks.timing import least_times, repeated
from generator.compose.model import Model
from generator.compose.plan import Plan, make_plan
from generator.compose.request import TuneRequest
from generator.compose.sampler import Job, Sampler
from generator.evaluation.free_draw import finished
from generator.grammar.automaton import Grammar
from generator.music.dances import METERS
from generator.network import engine_maker
from generator.network.base import Engine

SLOTS = 64


def turned_down(model: Model, temp: float, tunes: int = 60) -> tuple[float, float]:
    """The share of probability that the mask removes at this temperature, averaged over steps.

    Returns:
        Over tunes in the meter that the model learnt most, and over tunes in all meters.
    """
    learnt = max(model.facts.meters, key=model.facts.meters.__getitem__)
    own = [TuneRequest.of({"key": key, "meter": learnt}) for key in model.facts.keys]
    mixed = [TuneRequest.of({"key": key, "meter": meter}) for key, meter in product(model.facts.keys, METERS)]
    return _removed(model, own, temp, tunes), _removed(model, mixed, temp, tunes)


def _removed(model: Model, wishes: list[TuneRequest], temp: float, tunes: int) -> float:
    random = np.random.default_rng(5)
    engine, grammar = engine_maker("fast", model.weights)(), Grammar(model.alphabet)
    removed: list[float] = []
    for index in range(tunes):
        plan = make_plan(wishes[index % len(wishes)], model.facts)
        engine.put(0, None)
        state = np.array([grammar.enter(plan)])
        for character in plan.prompt:
            logits = engine.step([0], [model.alphabet.index(character)])[0]
        while not grammar.is_accepting(state)[0]:
            mask = grammar.compute_mask(state)[0]
            weights = np.exp((logits - logits.max()).astype(np.float64) / temp)
            shares = weights / weights.sum()
            if mask.sum() > 1:  # text that is settled is no wish of the model
                removed.append(float(shares[~mask].sum()))
            shares = shares * mask
            character_number = random.choice(len(shares), p=shares / shares.sum())
            state = grammar.consume(state, np.array([character_number]))
            logits = engine.step([0], [character_number])[0]
    return float(np.mean(removed))


def cost(model: Model, rows: int, *, seconds: float = 4.0) -> float:
    """Time for masks and moves of so many rows, beside that of the network's step and draw for them."""
    grammar = Grammar(model.alphabet)
    plans = [make_plan(wish, model.facts) for wish in requests(rows, 0.8)]
    texts = _texts(model, plans)
    trails = [_trail(grammar, model, plan, texts[id(plan)]) for plan in plans]
    length = min(len(trail) for trail in trails)
    states = np.array([[state for state, _ in trail[:length]] for trail in trails]).T.copy()
    drawn = np.array([[c for _, c in trail[:length]] for trail in trails], np.int32).T.copy()
    engine = engine_maker("fast", model.weights)()
    slots, temps = np.arange(rows, dtype=np.int32), np.full(rows, 0.8, np.float32)
    uniforms = np.full(rows, 0.5, np.float32)
    masks = [grammar.compute_mask(row) for row in states]

    def rules() -> None:
        for row, characters in zip(states, drawn, strict=True):
            grammar.compute_mask(row)
            grammar.consume(row, characters)
            grammar.is_accepting(row)

    def network() -> None:
        for mask, characters in zip(masks, drawn, strict=True):
            engine.advance(slots, characters, mask, temps, uniforms)

    times = least_times({"rules": repeated(rules, 1), "network": repeated(network, 1)}, seconds=seconds)
    return times["rules"] / times["network"]


def _texts(model: Model, plans: list[Plan]) -> dict[int, str]:
    """Draw a text for each plan; return them by the plan's ``id``."""
    sampler = Sampler(engine_maker("fast", model.weights)(), Grammar(model.alphabet), model.alphabet)
    jobs = [Job(plan.prompt, plan, 0.8, 1, 1) for plan in plans]
    texts = {id(job): job.finished[0].text for job in finished(sampler, jobs)}
    return {id(plan): texts[id(job)] for plan, job in zip(plans, jobs, strict=True)}


def _trail(grammar: Grammar, model: Model, plan: Plan, text: str) -> list[tuple[int, int]]:
    """The states that a text passes, each with the character that leaves it."""
    state, trail = grammar.enter(plan), []
    for character in text:
        number = model.alphabet.index(character)
        trail.append((state, number))
        state = int(grammar.consume(np.array([state]), np.array([number]))[0])
    return trail


def cost_of_new(model: Model, rows: int, *, rounds: int = 4) -> float:
    """As ``cost``, for tunes that the grammar has not met, after it has met as many of other kinds."""
    grammar = Grammar(model.alphabet)
    engine = engine_maker("fast", model.weights)()
    spent = {"rules": 0.0, "network": 0.0}
    wishes = requests((rounds + 1) * max(rows, 16), 0.8)
    for turn in range(rounds + 1):
        plans = [make_plan(wish, model.facts) for wish in islice(wishes, max(rows, 16))]
        texts = _texts(model, plans)
        for first in range(0, len(plans), rows):
            group = plans[first : first + rows]
            rules, network = _passage(model, grammar, engine, group, [texts[id(plan)] for plan in group])
            spent["rules"] += rules if turn else 0
            spent["network"] += network if turn else 0
    return spent["rules"] / spent["network"]


def _passage(
    model: Model, grammar: Grammar, engine: Engine, plans: list[Plan], texts: list[str]
) -> tuple[float, float]:
    """Seconds that the rules and the network take for some texts, step by step."""
    slots, length = np.arange(len(plans), dtype=np.int32), min(map(len, texts))
    temps, uniforms = np.full(len(plans), 0.8, np.float32), np.full(len(plans), 0.5, np.float32)
    states = np.array([grammar.enter(plan) for plan in plans])
    rules = network = 0.0
    for step in range(length):
        characters = np.array([model.alphabet.index(text[step]) for text in texts])
        begun = perf_counter()
        mask = grammar.compute_mask(states)
        states = grammar.consume(states, characters)
        grammar.is_accepting(states)
        between = perf_counter()
        engine.advance(slots, characters, mask, temps, uniforms)
        rules, network = rules + between - begun, network + perf_counter() - between
    return rules, network
