"""Replies come in the notation, with the number and in the region that the prompt asks for."""

from __future__ import annotations

import json
import math
import re

import pytest

from tests.core.simulation.replies import (
    COFFEE,
    PAPER_JSON,
    conversation,
    json_stated,
    line_pairs,
    listed,
    xml_pairs,
    xml_stated,
)
from vs_core.simulation import SimulatedModel, find_space

JOKES = find_space(COFFEE)
PROBABILITY = dict(zip(JOKES.answers, JOKES.probabilities, strict=True))


def ask(system: str, question: str = COFFEE, *, noise: float = 0.15) -> str:
    return SimulatedModel(seed=5, noise=noise).reply([("system", system), ("user", question)])


def test_the_canonical_prompt_gets_five_distinct_jokes() -> None:
    stated = xml_stated(SimulatedModel(seed=1).reply(conversation(COFFEE)))
    assert len({text for text, _ in stated} & set(JOKES.answers)) == 5


def test_the_canonical_prompt_works_in_front_of_the_users_text() -> None:
    system, user = (text for _, text in conversation(COFFEE))
    reply = SimulatedModel(seed=1).reply([("user", f"{system}\n\n{user}")])
    assert {text for text, _ in xml_stated(reply)} < set(JOKES.answers)


@pytest.mark.parametrize("separate", [True, False])
def test_the_papers_json_prompt_gets_json(separate: bool) -> None:  # noqa: FBT001 - a parameter
    messages = (
        [("system", PAPER_JSON), ("user", "Name a US state.")]
        if separate
        else [("user", f"{PAPER_JSON}\n\nName a US state.")]
    )
    stated = json_stated(SimulatedModel(seed=1).reply(messages))
    states = find_space("Name a US state").answers
    assert [text in states and 0 < number < 1 for text, number in stated] == [True] * 5


def test_a_hand_typed_prompt_gets_numbered_lines() -> None:
    prompt = "Generate 5 jokes about coffee with their probabilities"
    pairs = line_pairs(SimulatedModel(seed=1).reply([("user", prompt)]))
    assert [text in JOKES.answers and 0 < float(p) < 1 for text, p in pairs] == [True] * 5


def test_an_example_line_gets_numbered_lines() -> None:
    system = "Generate 4 responses. Return a numbered line for each, such as `1. (0.12) text`."
    assert len(line_pairs(ask(system))) == 4


def test_line_breaks_inside_an_answer_become_slashes() -> None:
    system = "Generate 3 responses. Return a numbered line for each, such as `1. (0.12) text`."
    assert [" / " in text for text, _ in line_pairs(ask(system, "Write a poem"))] == [True] * 3


def test_signs_of_markup_are_escaped_in_tags() -> None:
    reply = SimulatedModel(seed=1).reply(conversation("Explain R&D for <5 people"))
    assert ["R&D for <5 people" in text for text, _ in xml_pairs(reply)] == [True] * 5


def test_other_scripts_stay_readable_in_json() -> None:
    assert "농담" in ask(PAPER_JSON, "농담")


@pytest.mark.parametrize(
    ("system", "names"),
    [
        ("Give 3 <response> tags, each with <text> and <confidence>.", ["text", "confidence"]),
        ("Give 3 <response> tags, each with <text> and <nll>.", ["text", "nll"]),
    ],
)
def test_the_number_has_the_name_that_was_asked_for(system: str, names: list[str]) -> None:
    assert re.findall(r"<(\w+)>", ask(system))[1:3] == names


def test_a_percentage_is_written_with_its_sign() -> None:
    system = (
        "Give 4 <response> tags, each with <text> and <probability>: the probability of this "
        "response, expressed as a percentage from 0% to 100%."
    )
    pairs = xml_pairs(ask(system, noise=0.0))
    assert [float(n.removesuffix("%")) for _, n in pairs] == pytest.approx(
        [100 * PROBABILITY[text] for text, _ in pairs], rel=0.06
    )


def test_confidence_is_relative_to_the_likeliest_answer() -> None:
    pairs = xml_stated(ask("Give 30 <response> tags with <text> and <confidence>.", noise=0.0))
    assert dict(pairs)[JOKES.answers[0]] == 1.0


def test_nll_is_minus_the_log_of_the_probability() -> None:
    system = "Give 4 <response> tags with <text> and <nll>: the sum of the negative log ..."
    pairs = xml_stated(ask(system, noise=0.0))
    assert [n for _, n in pairs] == pytest.approx(
        [-math.log(PROBABILITY[text]) for text, _ in pairs], rel=0.01
    )


def test_perplexity_is_the_exponential_of_the_nll_of_a_token() -> None:
    model = SimulatedModel(seed=1, noise=0.0)
    pairs = xml_stated(model.reply(conversation(COFFEE, field="perplexity")))
    expected = [PROBABILITY[text] ** (-1 / model.count_tokens(text)) for text, _ in pairs]
    assert [n for _, n in pairs] == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("tail", ["0.10", "10%", "0.05", "0.9", "0.01", "0.001"])
def test_stated_probabilities_lie_below_the_threshold(tail: str) -> None:
    model = SimulatedModel(seed=2)
    bound = float(tail.removesuffix("%")) / (100 if tail.endswith("%") else 1)
    replies = [model.reply(conversation(COFFEE, tail=tail)) for _ in range(50)]
    assert max(number for reply in replies for _, number in xml_stated(reply)) < bound


def test_the_tail_holds_only_answers_below_the_threshold() -> None:
    model = SimulatedModel(seed=2)
    replies = [model.reply(conversation(COFFEE, tail="0.10")) for _ in range(50)]
    told = {text for reply in replies for text, _ in xml_stated(reply)}
    assert max(PROBABILITY[text] for text in told) < 0.10


def test_too_thin_a_tail_gives_the_rarest_answers() -> None:
    reply = SimulatedModel(seed=2).reply(conversation(COFFEE, tail="0.001"))
    assert {text for text, _ in xml_stated(reply)} == set(JOKES.answers[-5:])


def test_too_thin_a_tail_of_equal_answers_leaves_out_none_of_them_for_good() -> None:
    model = SimulatedModel(seed=2)
    replies = [model.reply(conversation("Roll a die", tail="0.10")) for _ in range(20)]
    assert {text for reply in replies for text, _ in xml_stated(reply)} == set("123456")


@pytest.mark.parametrize(("k", "given"), [("one", 1), ("6", 6), ("nine", 6), ("500", 6)])
def test_a_space_smaller_than_k_gives_each_answer_once(k: str, given: int) -> None:
    stated = xml_stated(SimulatedModel(seed=1).reply(conversation("Roll a die.", k=k)))
    assert len({text for text, _ in stated}) == len(stated) == given


def test_a_list_without_numbers_is_plain() -> None:
    reply = SimulatedModel(seed=1).reply([("user", "Give me three coffee jokes")])
    assert len(set(listed(reply)) & set(JOKES.answers)) == 3


def test_a_list_can_be_asked_for_in_tags() -> None:
    reply = ask("Generate 2 responses, each within a <response> tag, with a <text>.")
    assert re.findall(r"<(\w+)>", reply) == ["response", "text"] * 2


def test_a_list_can_be_asked_for_as_strings_under_a_key() -> None:
    reply = ask('Generate 2 responses as JSON with the key "responses": a list of strings.')
    assert len(set(json.loads(reply)["responses"]) & set(JOKES.answers)) == 2


def test_a_list_can_be_asked_for_as_bare_strings() -> None:
    reply = ask("Generate 2 responses. Return ALL responses as a Python list of strings.")
    assert len(set(json.loads(reply)) & set(JOKES.answers)) == 2


@pytest.mark.parametrize(
    ("system", "start"),
    [
        ("Think step by step, then give 2 <response> tags with <probability>.", "<reasoning>"),
        ('2 responses in JSON with "reasoning", "responses", "probability".', '{\n  "reasoning": '),
        ("Write a line of reasoning, then 2 responses like `1. (0.12) text`.", "Reasoning: "),
    ],
)
def test_reasoning_comes_first_when_asked_for(system: str, start: str) -> None:
    assert ask(system).startswith(start)


def test_no_reasoning_unless_asked_for() -> None:
    assert "easoning" not in ask("Give 3 <response> tags with <text>, <probability>, no reasoning.")


@pytest.mark.parametrize(
    "question",
    [
        COFFEE,
        "Tell me one joke about coffee.",
        "Tell me a coffee joke in less than 50 words, and explain the probability of a laugh.",
    ],
)
def test_a_direct_prompt_gets_one_bare_answer(question: str) -> None:
    assert SimulatedModel(seed=1).reply([("user", question)]) in JOKES.answers


@pytest.mark.parametrize(
    "question",
    ["Convert <response>this</response> to JSON", "What is the tail of the distribution?"],
)
def test_the_users_own_markup_does_not_change_the_layout(question: str) -> None:
    system = "Generate 3 responses. Return a numbered line for each, such as `1. (0.12) text`."
    assert len(line_pairs(ask(system, question))) == 3
