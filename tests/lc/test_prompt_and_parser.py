"""The two halves, composed by hand."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration
from langchain_core.tracers.context import collect_runs
from pydantic import ValidationError

from langchain_vs import (
    SimulatedChatModel,
    VerbalizedSamplingOutputParser,
    VerbalizedSamplingParserError,
    VerbalizedSamplingPrompt,
    VerbalizedSamplingRunnable,
)
from tests.every import for_every
from tests.lc.models import ScriptedChatModel
from tests.scenarios import QUESTION, xml
from vs_core import PromptError, PromptSettings, VerbalizedDistribution
from vs_core.adapters import format_instructions

AB = xml("a", "b")


def by_hand(model: Any) -> Any:
    return VerbalizedSamplingPrompt(k=2) | model | VerbalizedSamplingOutputParser(k=2)


def test_the_halves_make_one_exchange_equal_to_the_runnables() -> None:
    vs = VerbalizedSamplingRunnable(llm=ScriptedChatModel(script=[AB]), k=2)
    assert by_hand(ScriptedChatModel(script=[AB])).invoke(QUESTION) == vs.invoke(QUESTION)


def test_the_halves_send_what_the_runnable_sends() -> None:
    one, other = ScriptedChatModel(script=[AB]), ScriptedChatModel(script=[AB])
    by_hand(one).invoke(QUESTION)
    VerbalizedSamplingRunnable(llm=other, k=2).invoke(QUESTION)
    assert one.calls == other.calls


def test_the_halves_stream_each_candidate() -> None:
    chunks = list(by_hand(ScriptedChatModel(script=[AB])).stream(QUESTION))
    assert [chunk.texts for chunk in chunks] == [["a"], ["b"], []]


async def test_the_halves_stream_asynchronously() -> None:
    chain = by_hand(ScriptedChatModel(script=[AB]))
    assert [chunk.texts async for chunk in chain.astream(QUESTION)] == [["a"], ["b"], []]


def test_streamed_chunks_add_up_to_the_whole() -> None:
    chunks = by_hand(ScriptedChatModel(script=[AB])).stream(QUESTION)
    whole = by_hand(ScriptedChatModel(script=[AB])).invoke(QUESTION)
    assert sum(chunks, VerbalizedDistribution()) == whole


async def test_the_halves_run_asynchronously() -> None:
    assert (await by_hand(ScriptedChatModel(script=[AB])).ainvoke(QUESTION)).texts == ["a", "b"]


def test_the_prompt_is_a_prompt_run() -> None:
    with collect_runs() as runs:
        VerbalizedSamplingPrompt().invoke(QUESTION)
    assert runs.traced_runs[0].run_type == "prompt"


def test_the_prompt_refuses_nothing_to_ask() -> None:
    with pytest.raises(PromptError, match="the prompt is empty"):
        VerbalizedSamplingPrompt().invoke("")


@for_every("half", [VerbalizedSamplingPrompt, VerbalizedSamplingOutputParser])
@for_every("wrong", [{"k": 0}, {"layuot": "xml"}, {"max_probability": 2}])
def test_bad_settings_are_refused(half: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        half(**wrong)


def test_the_parser_gives_format_instructions_for_a_prompt_of_ones_own() -> None:
    settings = PromptSettings(layout="json", max_probability=0.1)
    parser = VerbalizedSamplingOutputParser(layout="json", max_probability=0.1)
    assert parser.get_format_instructions() == format_instructions(settings)


def test_the_parser_reads_a_string() -> None:
    assert VerbalizedSamplingOutputParser().invoke(AB).texts == ["a", "b"]


def test_the_parser_reads_usage_from_a_message() -> None:
    message = AIMessage(
        content=AB, usage_metadata={"input_tokens": 4, "output_tokens": 5, "total_tokens": 9}
    )
    trace = VerbalizedSamplingOutputParser().parse_result([ChatGeneration(message=message)]).trace
    assert (trace.calls, trace.input_tokens, trace.output_tokens) == (1, 4, 5)


def test_the_parser_takes_a_direct_reply_whole() -> None:
    assert VerbalizedSamplingOutputParser(method="direct").invoke(" A joke. ").texts == ["A joke."]


def test_an_unreadable_reply_raises_with_the_reply() -> None:
    with pytest.raises(VerbalizedSamplingParserError) as failure:
        VerbalizedSamplingOutputParser().invoke("I cannot do that.")
    assert failure.value.llm_output == "I cannot do that."


def test_an_unreadable_stream_raises_at_its_end() -> None:
    chain = by_hand(ScriptedChatModel(script=["I cannot do that."]))
    with pytest.raises(VerbalizedSamplingParserError):
        list(chain.stream(QUESTION))


def test_the_parser_says_what_it_returns() -> None:
    assert VerbalizedSamplingOutputParser().OutputType is VerbalizedDistribution


def test_the_simulated_model_follows_the_prompt_by_hand() -> None:
    assert len(by_hand(SimulatedChatModel(seed=1)).invoke(QUESTION)) == 2
