"""LangChain and LlamaIndex send a model the same, and make the same of what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from llama_index.core.base.llms.types import (
    ChatMessage,
    ImageBlock,
    MessageRole,
    TextBlock,
)
from pydantic import BaseModel

from langchain_vs import SimulatedChatModel, VerbalizedSamplingRunnable
from llamaindex_vs import SimulatedLLM, VerbalizedSampler
from tests.drivers import LLAMAINDEX, run_langchain, run_llamaindex
from tests.scenarios import QUESTION, xml
from vs_core import Definition, Layout, Method
from vs_core.adapters import Placement

PIXEL = "data:image/png;base64,iVBORw0KGgo="


class Problem(BaseModel):
    question: str
    answer: int


async def assert_alike(
    lc_prompt: Any, li_prompt: Any, script: Sequence[Any], **settings: Any
) -> None:
    ours = await run_langchain(lc_prompt, script, settings)
    theirs = await run_llamaindex(li_prompt, script, settings)
    assert ours.sent
    assert theirs.sent == ours.sent
    if settings.get("method") == "direct":
        assert theirs.unordered == ours.unordered
    else:
        assert theirs.comparable == ours.comparable


@pytest.mark.parametrize("placement", get_args(Placement))
@pytest.mark.parametrize("layout", get_args(Layout))
@pytest.mark.parametrize("method", get_args(Method))
async def test_every_prompt_is_the_same_in_both(
    method: Method, layout: Layout, placement: Placement
) -> None:
    settings: dict[str, Any] = {"method": method, "layout": layout, "placement": placement}
    # Too few at first, so that the follow-up turns are compared as well.
    script = [xml("a"), *[xml("b", "c", "d")] * 3]
    await assert_alike(QUESTION, QUESTION, script, k=3, max_probability=0.2, **settings)


@pytest.mark.parametrize("layout", get_args(Layout))
@pytest.mark.parametrize("definition", get_args(Definition))
async def test_every_definition_is_the_same_in_both(definition: Definition, layout: Layout) -> None:
    settings: dict[str, Any] = {"definition": definition, "layout": layout}
    await assert_alike(QUESTION, QUESTION, [xml("a", "b")], k=2, **settings)


@pytest.mark.parametrize("max_probability", [None, 0.1])
async def test_the_papers_prompt_is_the_same_in_both(max_probability: float | None) -> None:
    settings: dict[str, Any] = {"wording": "simple", "max_probability": max_probability}
    await assert_alike(QUESTION, QUESTION, [xml("a"), xml("b")], k=2, **settings)


@pytest.mark.parametrize("instructions", ["Name {k} of them, {freely}.", "Only {{odd}} ones"])
async def test_own_instructions_are_the_same_in_both(instructions: str) -> None:
    settings: dict[str, Any] = {"instructions": instructions, "words": 20}
    await assert_alike(QUESTION, QUESTION, [xml("a", "b")], k=2, **settings)


@pytest.mark.parametrize("schema", [Problem, int, list[str], dict[str, Any]], ids=str)
@pytest.mark.parametrize("layout", get_args(Layout))
async def test_typed_values_are_the_same_in_both(schema: Any, layout: Layout) -> None:
    values = ['{"question": "1 + 1?", "answer": 2}', "42", '["a"]', "no value of any type"]
    script = [xml(*values), xml(*values)]
    await assert_alike(QUESTION, QUESTION, script, k=2, layout=layout, value_schema=schema)


@pytest.mark.parametrize("how", LLAMAINDEX)
async def test_the_simulation_is_the_same_in_both(how: str) -> None:
    lc = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=4))
    li = VerbalizedSampler(llm=SimulatedLLM(seed=4))
    assert await LLAMAINDEX[how](li, QUESTION) == lc.invoke(QUESTION)


LC_TALKS: dict[str, list[BaseMessage]] = {
    "a system message": [SystemMessage("You are {brief}."), HumanMessage(QUESTION)],
    "a conversation": [
        HumanMessage("Hello"),
        AIMessage("Hi there"),
        SystemMessage("Be kind."),
        HumanMessage(QUESTION),
    ],
    "an answer last": [HumanMessage(QUESTION), AIMessage("Here goes:")],
    "an empty system message": [SystemMessage(""), HumanMessage(QUESTION)],
    "nothing from the user": [SystemMessage("Tell jokes.")],
    "an image": [
        HumanMessage(
            [
                {"type": "text", "text": "Describe this."},
                {"type": "image_url", "image_url": {"url": PIXEL}},
            ]
        )
    ],
    "only an image": [HumanMessage([{"type": "image_url", "image_url": {"url": PIXEL}}])],
    "two texts": [
        SystemMessage([{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}]),
        HumanMessage([{"type": "text", "text": "Three."}, {"type": "text", "text": "Four."}]),
    ],
}
LI_TALKS: dict[str, list[ChatMessage]] = {
    "a system message": [
        ChatMessage(role=MessageRole.SYSTEM, content="You are {brief}."),
        ChatMessage(content=QUESTION),
    ],
    "a conversation": [
        ChatMessage(content="Hello"),
        ChatMessage(role=MessageRole.ASSISTANT, content="Hi there"),
        ChatMessage(role=MessageRole.SYSTEM, content="Be kind."),
        ChatMessage(content=QUESTION),
    ],
    "an answer last": [
        ChatMessage(content=QUESTION),
        ChatMessage(role=MessageRole.ASSISTANT, content="Here goes:"),
    ],
    "an empty system message": [
        ChatMessage(role=MessageRole.SYSTEM, content=""),
        ChatMessage(content=QUESTION),
    ],
    "nothing from the user": [ChatMessage(role=MessageRole.SYSTEM, content="Tell jokes.")],
    "an image": [ChatMessage(blocks=[TextBlock(text="Describe this."), ImageBlock(url=PIXEL)])],
    "only an image": [ChatMessage(blocks=[ImageBlock(url=PIXEL)])],
    "two texts": [
        ChatMessage(
            role=MessageRole.SYSTEM, blocks=[TextBlock(text="One."), TextBlock(text="Two.")]
        ),
        ChatMessage(blocks=[TextBlock(text="Three."), TextBlock(text="Four.")]),
    ],
}


@pytest.mark.parametrize("placement", get_args(Placement))
@pytest.mark.parametrize("talk", LC_TALKS)
async def test_every_conversation_is_the_same_in_both(talk: str, placement: Placement) -> None:
    script = [xml("a"), xml("b")]
    await assert_alike(LC_TALKS[talk], LI_TALKS[talk], script, k=2, placement=placement)
