"""A context that is longer than one prompt: refined as usual, verbalized at last."""

from __future__ import annotations

import json
from typing import Any

import pytest
from llama_index.core import Settings
from llama_index.core.base.llms.types import MessageRole
from llama_index.core.utilities.token_counting import TokenCounter

from llamaindex_vs import VerbalizedSamplingSynthesizer
from tests.every import for_every
from tests.li.models import ScriptedLLM
from tests.li.synthesis import (
    LONG,
    QA,
    TEXTS,
    Ask,
    by_aquery,
    by_astream,
    by_query,
    by_stream,
    engine_over,
    refining,
    scripted,
    small_helper,
)
from tests.scenarios import QUESTION, ModelDownError, xml
from vs_core import PromptSettings, UnsuitableModelError, instruction

AB = xml("a", "b")
INSTRUCTION = instruction(PromptSettings(k=2))

every_way = pytest.mark.parametrize("ask", [by_query, by_aquery, by_stream, by_astream])

COUNTER = TokenCounter()


def words_sent(model: ScriptedLLM) -> list[str]:
    words = " ".join(call[-1].content or "" for call in model.calls).split()
    return [word for word in words if word[:3] in {"ale", "bun", "cod", "dip"}]


def words_retrieved(engine: Any) -> list[str]:
    return " ".join(node.text for node in engine.retriever.retrieve(QUESTION)).split()


@every_way
async def test_only_the_last_call_of_a_long_context_is_verbalized(ask: Ask) -> None:
    model, synthesizer = refining("so far 1", "so far 2", AB)
    response = await ask(engine_over(synthesizer, *LONG), QUESTION)
    assert response.response in {"a", "b"}
    asked = [[message.role for message in call] for call in model.calls]
    user, system = MessageRole.USER, MessageRole.SYSTEM
    assert asked == [[user], [user], [system, user]]
    assert model.calls[2][0].content == INSTRUCTION


@every_way
async def test_each_call_refines_the_answer_before(ask: Ask) -> None:
    model, synthesizer = refining("so far 1", "so far 2", AB)
    await ask(engine_over(synthesizer, *LONG), QUESTION)
    prompts = [call[-1].content or "" for call in model.calls]
    assert prompts[0].startswith("CONTEXT")
    assert prompts[1].endswith("SO FAR so far 1")
    assert prompts[2].endswith("SO FAR so far 2")


@every_way
async def test_a_long_context_reaches_the_model_whole_and_in_order(ask: Ask) -> None:
    model, synthesizer = refining("so far 1", "so far 2", AB)
    engine = engine_over(synthesizer, *LONG)
    await ask(engine, QUESTION)
    assert words_sent(model) == words_retrieved(engine)


@every_way
async def test_a_long_answer_splits_what_is_left_once_more(ask: Ask) -> None:
    model, synthesizer = refining("word " * 1100, *[AB] * 9)
    engine = engine_over(synthesizer, *LONG)
    await ask(engine, QUESTION)
    assert len(model.calls) == 5
    assert words_sent(model) == words_retrieved(engine)
    assert max(map(COUNTER.estimate_tokens_in_messages, model.calls)) <= 1600 - 50


async def test_a_blank_answer_leaves_the_one_before() -> None:
    model, synthesizer = refining("so far 1", "", AB)
    synthesizer.get_response(QUESTION, LONG)
    assert (model.calls[2][-1].content or "").endswith("SO FAR so far 1")


@for_every("words", range(900, 1550, 50))
@for_every("shaped", [None, "function_calling"])
async def test_room_is_left_for_the_instruction(words: int, shaped: Any) -> None:
    helper = small_helper()
    long = "Write like a sailor would, and never like a lawyer. " * 20
    model, synthesizer = refining(AB, AB, AB, instructions=long, structured_output=shaped)
    synthesizer.get_response(QUESTION, ["word " * words])
    tokens = COUNTER.estimate_tokens_in_messages(model.calls[-1])
    tokens += COUNTER.get_string_tokens(json.dumps(model.kwargs[-1].get("tools", "")))
    assert tokens + helper.num_output <= helper.context_window


async def test_a_context_that_fits_is_not_split() -> None:
    model, synthesizer = refining(AB)
    synthesizer.get_response(QUESTION, ["word " * 1200])
    assert len(model.calls) == 1


async def test_the_context_window_is_the_model_s_by_default() -> None:
    class Small(ScriptedLLM):
        @property
        def metadata(self) -> Any:
            return super().metadata.model_copy(update={"context_window": 1650, "num_output": 50})

    model = Small(script=["so far 1", "so far 2", AB])
    VerbalizedSamplingSynthesizer(model, k=2, text_qa_template=QA).get_response(QUESTION, LONG)
    assert len(model.calls) == 3


async def test_the_prompt_helper_of_the_settings_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "_prompt_helper", small_helper())
    model, synthesizer = scripted("so far 1", "so far 2", AB, text_qa_template=QA)
    synthesizer.get_response(QUESTION, LONG)
    assert len(model.calls) == 3


async def test_a_given_prompt_helper_is_not_changed() -> None:
    helper = small_helper()
    _, synthesizer = refining(AB, prompt_helper=helper)
    synthesizer.get_response(QUESTION, TEXTS)
    assert helper.context_window == 1600


@every_way
@for_every("error", [ModelDownError("down"), ValueError("quota")])
async def test_what_the_model_raises_while_refining_passes(ask: Ask, error: Exception) -> None:
    _, synthesizer = refining("so far 1", error)
    with pytest.raises(type(error), match=str(error)):
        await ask(engine_over(synthesizer, *LONG), QUESTION)


async def test_a_window_too_small_for_the_instruction_is_told() -> None:
    model, synthesizer = refining(AB, prompt_helper=small_helper(100))
    with pytest.raises(
        UnsuitableModelError, match=r"takes \d+ tokens and the reply 50, and .* 100"
    ):
        synthesizer.get_response(QUESTION, TEXTS)
    assert model.calls == []
