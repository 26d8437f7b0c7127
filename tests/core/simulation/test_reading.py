"""The simulated model answers from texts, judges passages and rewrites queries."""

from __future__ import annotations

from typing import get_args

import pytest

from vs_core import (
    HYPOTHETICAL_ANSWERS,
    QUERY_REWRITES,
    Layout,
    PromptSettings,
    instruction,
    parse_reply,
)
from vs_core.adapters.relevance import relevance_instruction, relevance_prompt, relevance_re_ask
from vs_core.simulation import SimulatedModel

CONTEXT = "Espresso is brewed under pressure. It is strong.\n\nFilter coffee drips slowly."
LLAMA_INDEX = (
    f"Context information is below.\n---------------------\n{CONTEXT}\n---------------------\n"
    "Given the context information and not prior knowledge, answer the query.\n"
    "Query: How is coffee made?\nAnswer: "
)
LANGCHAIN = f"Answer from the context.\n\nContext: {CONTEXT}\n\nQuestion: How is coffee made?"
SENTENCES = {
    "Espresso is brewed under pressure.",
    "It is strong.",
    "Filter coffee drips slowly.",
}


def verbalized(system: str, user: str) -> list[str]:
    return parse_reply(SimulatedModel(seed=1).reply([("system", system), ("user", user)])).texts


@pytest.mark.parametrize("prompt", [LLAMA_INDEX, LANGCHAIN])
def test_a_question_with_a_context_is_answered_from_it(prompt: str) -> None:
    assert SimulatedModel(seed=1).reply([("user", prompt)]) in SENTENCES
    assert set(verbalized(instruction(PromptSettings(k=3)), prompt)) == SENTENCES


def test_the_instruction_may_stand_in_front_of_the_context() -> None:
    prompt = f"{instruction(PromptSettings(k=3))}\n\n{LLAMA_INDEX}"
    assert set(parse_reply(SimulatedModel(seed=1).reply([("user", prompt)])).texts) == SENTENCES


def test_a_known_question_keeps_its_answers_beside_a_context() -> None:
    prompt = LLAMA_INDEX.replace("How is coffee made?", "Roll a die.")
    assert SimulatedModel(seed=1).reply([("user", prompt)]) in set("123456")


def test_every_passage_is_judged() -> None:
    asked = relevance_prompt("How is coffee made?", ["Coffee is brewed.", "Tea.", "Rice."])
    told = relevance_instruction(PromptSettings(k=3))
    assert sorted(verbalized(told, asked)) == ["1", "2", "3"]


def test_every_passage_is_judged_when_asked_once_more() -> None:
    asked = relevance_prompt("How is coffee made?", ["Coffee is brewed.", "Tea.", "Rice."])
    for layout in get_args(Layout):
        settings = PromptSettings(k=3, layout=layout)
        told, again = relevance_instruction(settings), relevance_re_ask(settings)
        messages = [("system", told), ("user", asked), ("assistant", "?"), ("user", again)]
        reply = SimulatedModel(seed=1).reply(messages)
        assert sorted(parse_reply(reply, asked=settings).texts) == ["1", "2", "3"]


def test_the_passage_that_shares_words_with_the_query_is_likeliest() -> None:
    asked = relevance_prompt("How is coffee roasted?", ["Rice.", "Coffee is roasted.", "Tea."])
    told = relevance_instruction(PromptSettings(k=3))
    reply = SimulatedModel(seed=1).reply([("system", told), ("user", asked)])
    assert parse_reply(reply).best().text == "2"


def test_rewrites_keep_the_words_of_the_query() -> None:
    told = instruction(PromptSettings(k=4, instructions=QUERY_REWRITES))
    rewrites = verbalized(told, "How is coffee roasted?")
    assert len(rewrites) == 4
    assert all("coffee roasted" in rewrite for rewrite in rewrites)


def test_hypothetical_answers_are_no_search_queries() -> None:
    told = instruction(PromptSettings(k=4, instructions=HYPOTHETICAL_ANSWERS))
    assert all("explained" not in answer for answer in verbalized(told, "How is coffee roasted?"))


def test_a_context_without_a_question_is_no_reading() -> None:
    assert SimulatedModel(seed=1).reply([("user", f"Context: {CONTEXT}")]) not in SENTENCES
