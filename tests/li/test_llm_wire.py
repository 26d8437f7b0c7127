"""The model around the real client of LlamaIndex, against the wire server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.base.llms.types import ChatMessage, ImageBlock, TextBlock
from llama_index.core.callbacks import CallbackManager, TokenCountingHandler
from llama_index.core.tools import FunctionTool
from pydantic import BaseModel

from llamaindex_vs import VerbalizedSamplingLLM
from tests.scenarios import QUESTION, xml
from tests.wire.clients import llm as client
from tests.wire.server import Fault, Reply, ToolCall, WireServer
from vs_core import PromptSettings, instruction

AB = xml("a", "b")
LOOK = Reply(tool_calls=(ToolCall("weather", '{"city": "Oslo"}'),))
INSTRUCTION = instruction(PromptSettings(k=2))


class City(BaseModel):
    """A city."""

    name: str


def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


def around(server: WireServer, **settings: Any) -> VerbalizedSamplingLLM:
    return VerbalizedSamplingLLM(llm=client(server, **settings), k=2)


async def by_chat(llm: Any) -> Any:
    return llm.chat([ChatMessage(content=QUESTION)])


async def by_achat(llm: Any) -> Any:
    return await llm.achat([ChatMessage(content=QUESTION)])


async def by_stream_chat(llm: Any) -> Any:
    return list(llm.stream_chat([ChatMessage(content=QUESTION)]))[-1]


async def by_astream_chat(llm: Any) -> Any:
    return [item async for item in await llm.astream_chat([ChatMessage(content=QUESTION)])][-1]


Call = Callable[[Any], Awaitable[Any]]
every_way = pytest.mark.parametrize("call", [by_chat, by_achat, by_stream_chat, by_astream_chat])


@every_way
async def test_it_answers_with_a_draw(server: WireServer, call: Call) -> None:
    server.add(AB)
    response = await call(around(server))
    assert response.message.content in {"a", "b"}


@every_way
async def test_the_request_is_one_with_the_instruction(server: WireServer, call: Call) -> None:
    server.add(AB)
    await call(around(server))
    [request] = server.requests
    assert request.body["messages"] == [
        {"role": "system", "content": INSTRUCTION},
        {"role": "user", "content": QUESTION},
    ]


@every_way
async def test_usage_is_counted_once(server: WireServer, call: Call) -> None:
    server.add(AB)
    counter = TokenCountingHandler()
    response = await call(around(server, callback_manager=CallbackManager([counter])))
    usage = response.raw["usage"]
    assert (counter.prompt_llm_token_count, counter.completion_llm_token_count) == (
        usage["prompt_tokens"],
        usage["completion_tokens"],
    )


async def test_a_429_is_retried_by_the_client(server: WireServer) -> None:
    server.add(Fault(429, headers={"Retry-After": "0.01"}), AB)
    assert around(server, max_retries=1).complete(QUESTION).text in {"a", "b"}


def test_images_are_sent(server: WireServer) -> None:
    server.add(AB)
    picture = ImageBlock(url="https://example.org/cup.png")
    around(server).chat([ChatMessage(blocks=[TextBlock(text="What is it?"), picture])])
    sent = server.requests[0].body["messages"][-1]["content"]
    assert [part["type"] for part in sent] == ["text", "image_url"]


def test_an_answer_can_be_sent_back(server: WireServer) -> None:
    server.add(AB, AB)
    llm = around(server)
    question = ChatMessage(content=QUESTION)
    answer = llm.chat([question]).message
    llm.chat([question, answer, ChatMessage(content="Another?")])
    assert server.requests[1].body["messages"][2] == {
        "role": "assistant",
        "content": answer.content,
    }


def test_tool_calls_arrive(server: WireServer) -> None:
    server.add(LOOK)
    llm = around(server)
    response = llm.chat_with_tools([FunctionTool.from_defaults(weather)], user_msg=QUESTION)
    [call] = llm.get_tool_calls_from_response(response)
    assert (call.tool_name, call.tool_kwargs) == ("weather", {"city": "Oslo"})
    assert [message["role"] for message in server.requests[0].body["messages"]] == ["user"]


def test_without_tools_the_request_names_none(server: WireServer) -> None:
    server.add(AB)
    around(server).chat_with_tools([], user_msg=QUESTION)
    assert not server.requests[0].body.get("tools")


def test_structured_predictions_arrive(server: WireServer) -> None:
    server.add('{"name": "Oslo"}')
    assert around(server).as_structured_llm(City).complete(QUESTION).raw == City(name="Oslo")


@pytest.mark.filterwarnings(
    # LlamaIndex's workflows look at every attribute of an agent, pydantic's old ones too.
    "ignore::pydantic.PydanticDeprecatedSince20",
    "ignore::pydantic.PydanticDeprecatedSince211",
)
async def test_an_agent_calls_its_tools(server: WireServer) -> None:
    server.add(LOOK, "Sunny.")
    agent: Any = FunctionAgent(tools=[weather], llm=around(server))
    output = await agent.run(QUESTION)
    assert output.response.content == "Sunny."
    assert server.requests[1].body["messages"][-1]["content"] == "Sunny in Oslo."
