"""The simulated model shows what the paper's theory says, measured against the reference."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.core.simulation.replies import (
    COFFEE,
    conversation,
    entropy,
    line_pairs,
    listed,
    xml_stated,
)
from vs_core.simulation import SimulatedModel, find_space

SEEDS = (1, 2)
REFERENCE = find_space(COFFEE)


def direct_answers(model: SimulatedModel, question: str, count: int) -> list[str]:
    return [model.reply([("user", question)]) for _ in range(count)]


def drawn_by_stated_number(model: SimulatedModel, question: str, count: int, k: str) -> list[str]:
    rng = random.Random(0)
    drawn = []
    for _ in range(count):
        stated = xml_stated(model.reply(conversation(question, k=k)))
        texts, numbers = zip(*stated, strict=True)
        drawn.append(rng.choices(texts, weights=numbers)[0])
    return drawn


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hundred_direct_jokes_collapse_onto_few(seed: int) -> None:
    jokes = direct_answers(SimulatedModel(seed=seed), COFFEE, 100)
    assert entropy(jokes) < 0.35 * REFERENCE.entropy()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_most_typical_joke_is_told_most_of_the_time(seed: int) -> None:
    jokes = Counter(direct_answers(SimulatedModel(seed=seed), COFFEE, 100))
    assert jokes[REFERENCE.answers[0]] > 60


@pytest.mark.parametrize("seed", SEEDS)
def test_draws_from_verbalized_distributions_spread_like_the_reference(seed: int) -> None:
    drawn = drawn_by_stated_number(SimulatedModel(seed=seed), COFFEE, 1000, "five")
    assert entropy(drawn) == pytest.approx(REFERENCE.entropy(), rel=0.05)


@pytest.mark.parametrize("k", ["two", "five", "20"])
def test_a_draw_by_stated_numbers_restores_the_reference_for_any_k(k: str) -> None:
    model = SimulatedModel(seed=4, noise=0.0)
    drawn = Counter(drawn_by_stated_number(model, COFFEE, 1500, k))
    shares = [drawn[answer] / 1500 for answer in REFERENCE.answers]
    distance = sum(abs(s - p) for s, p in zip(shares, REFERENCE.probabilities, strict=True)) / 2
    assert distance < 0.08


@pytest.mark.parametrize("seed", SEEDS)
def test_a_list_is_nearly_uniform_over_many_replies(seed: int) -> None:
    model = SimulatedModel(seed=seed)
    prompt = [("user", "Give me 5 jokes about coffee")]
    told = [joke for _ in range(300) for joke in listed(model.reply(prompt))]
    assert entropy(told) > entropy(REFERENCE.answers) - 0.05


def test_without_typicality_bias_direct_replies_do_not_collapse() -> None:
    jokes = direct_answers(SimulatedModel(seed=1, alpha=0.0), COFFEE, 1000)
    assert entropy(jokes) == pytest.approx(REFERENCE.entropy(), rel=0.05)


def test_a_stronger_bias_collapses_more() -> None:
    weak = direct_answers(SimulatedModel(seed=1, alpha=0.1), COFFEE, 300)
    strong = direct_answers(SimulatedModel(seed=1, alpha=0.4), COFFEE, 300)
    assert entropy(strong) < entropy(weak)


def test_gamma_is_one_plus_alpha_over_beta() -> None:
    assert SimulatedModel(alpha=0.5, beta=0.25).gamma == 3.0


def test_a_die_is_expected_to_show_four_though_its_faces_are_equally_likely() -> None:
    space = find_space("Roll a die.")
    aligned = dict(zip(space.answers, space.aligned(4.0), strict=True))
    assert (len(set(space.probabilities)), max(aligned, key=aligned.__getitem__)) == (1, "4")


def test_without_noise_the_stated_numbers_are_the_reference() -> None:
    reply = SimulatedModel(seed=1, noise=0.0).reply([("user", "Roll a die 6 times")])
    assert reply in find_space("Roll a die").answers
    stated = line_pairs(
        SimulatedModel(seed=1, noise=0.0).reply(
            [("user", "Give 6 die rolls, each with its probability")]
        )
    )
    assert sorted(stated) == [(face, "0.17") for face in "123456"]


def test_stated_numbers_scatter_around_the_reference_with_the_noise() -> None:
    model = SimulatedModel(seed=1, noise=0.15)
    reference = dict(zip(REFERENCE.answers, REFERENCE.probabilities, strict=True))
    ratios = [
        number / reference[text]
        for _ in range(100)
        for text, number in xml_stated(model.reply(conversation(COFFEE)))
    ]
    assert sum(ratios) / len(ratios) == pytest.approx(1.0, abs=0.05)
    assert len({round(ratio, 2) for ratio in ratios}) > 20
