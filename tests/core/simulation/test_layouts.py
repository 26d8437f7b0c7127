"""Replies come in the notation, with the number and in the region that the prompt asks for."""

from __future__ import annotations

import math
import re
from typing import Any, get_args

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
from vs_core import QUERY_REWRITES, Definition, Layout, PromptSettings, instruction, parse_reply
from vs_core.adapters import DictDialect, opening
from vs_core.simulation import SimulatedModel, find_space

JOKES = find_space(COFFEE)
PROBABILITY = dict(zip(JOKES.answers, JOKES.probabilities, strict=True))


def told(**settings: Any) -> str:
    return instruction(PromptSettings(**settings))


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


def test_line_breaks_inside_an_answer_become_slashes() -> None:
    pairs = line_pairs(ask(told(k=3, layout="lines"), "Write a poem"))
    assert [" / " in text for text, _ in pairs] == [True] * 3


def test_signs_of_markup_are_escaped_in_tags() -> None:
    reply = SimulatedModel(seed=1).reply(conversation("Explain R&D for <5 people"))
    assert ["R&D for <5 people" in text for text, _ in xml_pairs(reply)] == [True] * 5


def test_other_scripts_stay_readable_in_json() -> None:
    assert "농담" in ask(PAPER_JSON, "농담")


def test_the_number_has_the_name_that_was_asked_for() -> None:
    for name in ("confidence", "nll"):
        reply = ask(f"Give 3 <response> tags, each with <text> and <{name}>.")
        assert re.findall(r"<(\w+)>", reply)[1:3] == ["text", name]


PROMPTS = [
    PromptSettings.model_validate(
        {"method": method, "layout": layout, "definition": definition, "placement": placement}
    )
    for method in ("sequence", "standard", "cot", "multi")
    for layout in get_args(Layout)
    for definition in get_args(Definition)
    for placement in ("system", "user")
]


@pytest.mark.parametrize("layout", get_args(Layout))
def test_every_prompt_of_this_package_is_answered_as_it_asks(layout: Layout) -> None:
    for asked in (prompt for prompt in PROMPTS if prompt.layout == layout):
        messages = opening([{"role": "user", "content": COFFEE}], asked, DictDialect())
        reply = SimulatedModel(seed=1).reply([(m["role"], m["content"]) for m in messages])
        read = parse_reply(reply, asked=asked)
        assert len(set(read.texts) & set(JOKES.answers)) == asked.call_size, asked
        assert read.trace.layout == layout, asked
        assert all((c.stated is not None) == asked.asks_for_probability for c in read), asked
        assert all((c.reasoning is not None) == (asked.method == "cot") for c in read), asked


def test_a_direct_prompt_of_this_package_gets_one_bare_answer() -> None:
    system = told(method="direct", instructions=QUERY_REWRITES)
    assert "\n" not in ask(system)
    assert ask(told(method="direct")) in JOKES.answers


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


def test_stated_probabilities_lie_below_the_threshold() -> None:
    model = SimulatedModel(seed=2)
    for tail, bound in {"0.10": 0.1, "10%": 0.1, "0.05": 0.05, "0.9": 0.9, "0.001": 0.001}.items():
        replies = [model.reply(conversation(COFFEE, tail=tail)) for _ in range(50)]
        assert max(number for reply in replies for _, number in xml_stated(reply)) < bound


def test_below_one_is_no_tail() -> None:
    # The likeliest answer's confidence is 1: a tail below that would leave it out.
    for bound in ("1", "1.00", "100%"):
        prompt = conversation(COFFEE, k="24", field="confidence", tail=bound)
        stated = dict(xml_stated(SimulatedModel(seed=2, noise=0.0).reply(prompt)))
        assert stated[JOKES.answers[0]] == 1.0


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


def test_a_space_smaller_than_k_gives_each_answer_once() -> None:
    for k, given in {"one": 1, "6": 6, "nine": 6, "500": 6}.items():
        stated = xml_stated(SimulatedModel(seed=1).reply(conversation("Roll a die.", k=k)))
        assert len({text for text, _ in stated}) == len(stated) == given


def test_a_list_without_numbers_is_plain() -> None:
    reply = SimulatedModel(seed=1).reply([("user", "Give me three coffee jokes")])
    assert len(set(listed(reply)) & set(JOKES.answers)) == 3


def test_a_list_can_be_asked_for_in_tags() -> None:
    reply = ask("Generate 2 responses, each within a <response> tag, with a <text>.")
    assert re.findall(r"<(\w+)>", reply) == ["response", "text"] * 2


def test_a_list_has_no_numbers_because_something_else_is_said_of_them() -> None:
    system = told(method="sequence", instructions="Answers come with their probability elsewhere.")
    assert "<probability>" not in ask(system)


def test_reasoning_comes_first_when_asked_for() -> None:
    starts = {"xml": "<reasoning>", "json": '{\n  "reasoning": ', "lines": "Reasoning: "}
    for layout, start in starts.items():
        assert ask(told(method="cot", layout=layout)).startswith(start)


def test_no_reasoning_unless_asked_for() -> None:
    assert "easoning" not in ask("Give 3 <response> tags with <text>, <probability>, no reasoning.")


def test_a_direct_prompt_gets_one_bare_answer() -> None:
    for question in (
        COFFEE,
        "Tell me one joke about coffee.",
        "Tell me a coffee joke in less than 50 words, and explain the probability of a laugh.",
    ):
        assert SimulatedModel(seed=1).reply([("user", question)]) in JOKES.answers


def test_the_users_own_markup_does_not_change_the_layout() -> None:
    for question in (
        "Convert <response>this</response> to JSON",
        "What is the tail of the distribution?",
    ):
        assert len(line_pairs(ask(told(k=3, layout="lines"), question))) == 3
