"""The ways in which providers report a refusal, as LangChain's integrations pass them on."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.runnables import RunnableGenerator, RunnableLambda

from langchain_vs import (
    ChatVerbalizedSampling,
    VerbalizedSamplingOutputParser,
    VerbalizedSamplingRefusalError,
    VerbalizedSamplingRunnable,
)
from tests.every import for_every
from tests.scenarios import QUESTION

WORDS = "I can't help with that."
BLOCKED = {"prompt_feedback": {"block_reason": "PROHIBITED_CONTENT"}}
REFUSALS: dict[str, tuple[AIMessage, str]] = {
    "OpenAI": (AIMessage("", additional_kwargs={"refusal": WORDS}), WORDS),
    "OpenAI's Responses": (AIMessage([{"type": "refusal", "refusal": WORDS}]), WORDS),
    "a block without words": (AIMessage([{"type": "refusal", "refusal": ""}]), ""),
    "Anthropic": (AIMessage([], response_metadata={"stop_reason": "refusal"}), ""),
    "Gemini's reply": (AIMessage("", response_metadata={"finish_reason": "SAFETY"}), ""),
    "Gemini's prompt": (
        AIMessage(
            "", response_metadata={"prompt_feedback": {"block_reason": "PROHIBITED_CONTENT"}}
        ),
        "",
    ),
}


def streaming(message: AIMessage) -> Any:
    """A model that streams the message in two chunks, what it reports in the last."""
    fields = message.model_dump(exclude={"type"})

    def chunks(_: Any) -> Any:
        yield AIMessageChunk(content="")
        yield AIMessageChunk(**fields)

    return RunnableGenerator(chunks)


@for_every("component", [VerbalizedSamplingRunnable, ChatVerbalizedSampling])
@for_every("provider", REFUSALS)
def test_a_refusal_is_known_whoever_reports_it(provider: str, component: Any) -> None:
    message, words = REFUSALS[provider]
    calls: list[Any] = []

    def model(messages: Any) -> AIMessage:
        calls.append(messages)
        return message

    with pytest.raises(VerbalizedSamplingRefusalError) as failure:
        component(llm=RunnableLambda(model), k=2).invoke(QUESTION)
    assert (failure.value.refusal, len(calls)) == (words, 1)


@for_every("provider", REFUSALS)
def test_a_refusal_in_a_stream_is_known_too(provider: str) -> None:
    message, words = REFUSALS[provider]
    with pytest.raises(VerbalizedSamplingRefusalError) as failure:
        list(VerbalizedSamplingRunnable(llm=streaming(message), k=2).stream(QUESTION))
    assert failure.value.refusal == words


@for_every("provider", REFUSALS)
def test_the_parser_alone_knows_a_refusal(provider: str) -> None:
    message, words = REFUSALS[provider]
    with pytest.raises(VerbalizedSamplingRefusalError) as failure:
        VerbalizedSamplingOutputParser().invoke(message)
    assert failure.value.refusal == words


def test_a_refusal_in_a_batch_leaves_the_others() -> None:
    def model(messages: Any) -> AIMessage:
        if "weather" in messages[-1].content:
            return REFUSALS["OpenAI"][0]
        return AIMessage("1. (0.5) heads\n2. (0.5) tails")

    vs = VerbalizedSamplingRunnable(llm=RunnableLambda(model), k=2)
    coin, weather = vs.batch(["Flip a coin.", "The weather?"], return_exceptions=True)
    assert coin.texts == ["heads", "tails"]
    assert isinstance(weather, VerbalizedSamplingRefusalError)


def test_a_prompt_that_was_not_blocked_is_no_refusal() -> None:
    feedback = {"block_reason": "BLOCKED_REASON_UNSPECIFIED"}
    message = AIMessage("1. (0.5) heads", response_metadata={"prompt_feedback": feedback})
    vs = VerbalizedSamplingRunnable(llm=RunnableLambda(lambda _: message), k=1)
    assert vs.invoke(QUESTION).trace.notes == ()
