"""What LlamaIndex's dispatchers are told about an exchange."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.instrumentation.events.llm import LLMChatStartEvent
from llama_index.core.schema import QueryBundle
from llama_index.llms.openai import OpenAI
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.base import BaseEvent
from llama_index_instrumentation.dispatcher import instrument_tags
from llama_index_instrumentation.event_handlers import BaseEventHandler
from llama_index_instrumentation.events.span import SpanDropEvent
from llama_index_instrumentation.span import BaseSpan, active_span_id
from llama_index_instrumentation.span_handlers import BaseSpanHandler
from pydantic import Field

from llamaindex_vs import VerbalizedSampler, VerbalizedSamplingEvent
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, ModelDownError, xml
from vs_core import VerbalizedDistribution

AB = xml("a", "b")


class Watch(BaseSpanHandler[BaseSpan]):
    """Notes every span that is opened, and how it ends."""

    opened: dict[str, dict[str, Any]] = Field(default_factory=dict)
    closed: list[str] = Field(default_factory=list)
    dropped: dict[str, BaseException | None] = Field(default_factory=dict)

    def new_span(
        self,
        id_: str,
        bound_args: inspect.BoundArguments,
        instance: Any | None = None,
        parent_span_id: str | None = None,
        tags: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> BaseSpan:
        about = {"parent": parent_span_id, "tags": tags, "arguments": bound_args.arguments}
        self.opened[id_] = about
        return BaseSpan(id_=id_, parent_id=parent_span_id)

    def prepare_to_exit_span(
        self,
        id_: str,
        bound_args: inspect.BoundArguments,
        instance: Any | None = None,
        result: Any | None = None,
        **kwargs: Any,
    ) -> BaseSpan:
        self.closed.append(id_)
        return self.open_spans[id_]

    def prepare_to_drop_span(
        self,
        id_: str,
        bound_args: inspect.BoundArguments,
        instance: Any | None = None,
        err: BaseException | None = None,
        **kwargs: Any,
    ) -> BaseSpan:
        self.dropped[id_] = err
        return self.open_spans[id_]

    def of(self, name: str) -> list[str]:
        """The spans opened for a method, such as `VerbalizedSampler.run`."""
        return [span for span in self.opened if span.startswith(f"{name}-")]


class Listener(BaseEventHandler):
    """Keeps every event."""

    heard: list[BaseEvent] = Field(default_factory=list)

    def handle(self, event: BaseEvent, **kwargs: Any) -> None:
        self.heard.append(event)

    def of(self, kind: type[BaseEvent]) -> list[Any]:
        return [event for event in self.heard if isinstance(event, kind)]


@pytest.fixture
def watch() -> Iterator[Watch]:
    handler = Watch()
    get_dispatcher().add_span_handler(handler)
    yield handler
    get_dispatcher().span_handlers.remove(handler)


@pytest.fixture
def listener() -> Iterator[Listener]:
    handler = Listener()
    get_dispatcher().add_event_handler(handler)
    yield handler
    get_dispatcher().event_handlers.remove(handler)


async def _run(vs: VerbalizedSampler, prompt: Any = QUESTION) -> Any:
    return vs.run(prompt)


async def _arun(vs: VerbalizedSampler, prompt: Any = QUESTION) -> Any:
    return await vs.arun(prompt)


async def _stream(vs: VerbalizedSampler, prompt: Any = QUESTION) -> Any:
    return sum(vs.stream(prompt), VerbalizedDistribution())


async def _astream(vs: VerbalizedSampler, prompt: Any = QUESTION) -> Any:
    return sum([chunk async for chunk in vs.astream(prompt)], VerbalizedDistribution())


Driver = Callable[..., Awaitable[Any]]
WAYS: dict[str, tuple[Driver, str]] = {
    "run": (_run, "chat"),
    "arun": (_arun, "achat"),
    "stream": (_stream, "stream_chat"),
    "astream": (_astream, "astream_chat"),
}
each_way = pytest.mark.parametrize("way", WAYS)


def scripted(*script: Any, **settings: Any) -> VerbalizedSampler:
    return VerbalizedSampler(llm=ScriptedLLM(script=list(script)), **{"k": 2, **settings})


# --- spans ----------------------------------------------------------------------------------------


@each_way
async def test_one_span_is_opened_and_closed(watch: Watch, way: str) -> None:
    await WAYS[way][0](scripted(AB))
    [span] = watch.of(f"VerbalizedSampler.{way}")
    assert watch.closed.count(span) == 1
    assert not watch.dropped
    assert not watch.open_spans


@each_way
async def test_each_call_of_the_model_is_a_child(watch: Watch, way: str) -> None:
    drive, method = WAYS[way]
    await drive(scripted(xml("a"), xml("b")))
    [span] = watch.of(f"VerbalizedSampler.{way}")
    calls = watch.of(f"ScriptedLLM.{method}")
    assert [watch.opened[call]["parent"] for call in calls] == [span, span]


@each_way
@pytest.mark.parametrize("method", ["direct", "standard"])
async def test_calls_made_at_the_same_time_are_children_too(
    watch: Watch, way: str, method: Any
) -> None:
    drive, called = WAYS[way]
    replies = [xml("a"), xml("b"), xml("c")]
    await drive(scripted(*replies, method=method, k=3, per_call=1, split="parallel"))
    [span] = watch.of(f"VerbalizedSampler.{way}")
    calls = watch.of(f"ScriptedLLM.{called}")
    assert [watch.opened[call]["parent"] for call in calls] == [span] * 3


@each_way
async def test_the_span_stands_under_the_callers(watch: Watch, way: str) -> None:
    token = active_span_id.set("the caller's")
    try:
        await WAYS[way][0](scripted(AB))
    finally:
        active_span_id.reset(token)
    [span] = watch.of(f"VerbalizedSampler.{way}")
    assert watch.opened[span]["parent"] == "the caller's"


@each_way
async def test_the_span_has_the_callers_tags(watch: Watch, way: str) -> None:
    with instrument_tags({"case": "seven"}):
        await WAYS[way][0](scripted(AB))
    [span] = watch.of(f"VerbalizedSampler.{way}")
    assert watch.opened[span]["tags"] == {"case": "seven"}


@each_way
async def test_the_span_has_the_arguments(watch: Watch, way: str) -> None:
    await WAYS[way][0](scripted(AB), QueryBundle(QUESTION))
    [span] = watch.of(f"VerbalizedSampler.{way}")
    assert watch.opened[span]["arguments"]["prompt"] == QueryBundle(QUESTION)


@each_way
async def test_an_error_drops_the_span(watch: Watch, listener: Listener, way: str) -> None:
    with pytest.raises(ModelDownError):
        await WAYS[way][0](scripted(ModelDownError("overloaded")))
    [span] = watch.of(f"VerbalizedSampler.{way}")
    assert isinstance(watch.dropped[span], ModelDownError)
    assert span not in watch.closed
    assert [e.err_str for e in listener.of(SpanDropEvent) if e.span_id == span] == ["overloaded"]


def test_a_streams_span_lasts_until_its_end(watch: Watch) -> None:
    stream = scripted(AB).stream(QUESTION)
    assert not watch.opened
    next(stream)
    [span] = watch.of("VerbalizedSampler.stream")
    assert span in watch.open_spans
    list(stream)
    assert watch.closed[-1] == span


async def test_an_async_streams_span_lasts_until_its_end(watch: Watch) -> None:
    stream = scripted(AB).astream(QUESTION)
    assert not watch.opened
    await anext(stream)
    [span] = watch.of("VerbalizedSampler.astream")
    assert span in watch.open_spans
    assert [chunk async for chunk in stream]
    assert watch.closed[-1] == span


async def test_a_streams_span_is_not_active_in_the_readers_code() -> None:
    token = active_span_id.set("the reader's")
    try:
        seen = [active_span_id.get() for _ in scripted(AB).stream(QUESTION)]
        seen += [active_span_id.get() async for _ in scripted(AB).astream(QUESTION)]
    finally:
        active_span_id.reset(token)
    assert seen == ["the reader's"] * 6


async def test_a_stream_left_early_closes_its_span(watch: Watch) -> None:
    stream, astream = scripted(AB).stream(QUESTION), scripted(AB).astream(QUESTION)
    next(stream)
    await anext(astream)
    stream.close()
    await astream.aclose()
    assert len(watch.closed) == len(watch.opened)
    assert not watch.dropped


async def test_a_stream_may_be_read_and_closed_in_different_tasks(watch: Watch) -> None:
    stream = scripted(AB).astream(QUESTION)
    await asyncio.create_task(_next(stream))
    await asyncio.create_task(_next(stream))
    await asyncio.create_task(_close(stream))
    [span] = watch.of("VerbalizedSampler.astream")
    assert span in watch.closed


async def _next(stream: Any) -> None:
    await anext(stream)


async def _close(stream: Any) -> None:
    await stream.aclose()


async def test_a_cancelled_exchange_drops_its_span(watch: Watch) -> None:
    started = asyncio.Event()

    class Waiting(ScriptedLLM):
        async def achat(self, messages: Any, **kwargs: Any) -> Any:
            started.set()
            await asyncio.Event().wait()

    running = asyncio.create_task(VerbalizedSampler(llm=Waiting(script=[])).arun(QUESTION))
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    [span] = watch.of("VerbalizedSampler.arun")
    assert isinstance(watch.dropped[span], asyncio.CancelledError)


async def test_concurrent_exchanges_keep_their_spans_apart(watch: Watch) -> None:
    one, other = scripted(AB), scripted(AB)
    await asyncio.gather(one.arun(QUESTION), _astream(other))
    [first] = watch.of("VerbalizedSampler.arun")
    [second] = watch.of("VerbalizedSampler.astream")
    parents = [watch.opened[s]["parent"] for s in watch.opened if s.startswith("ScriptedLLM")]
    assert sorted(map(str, parents)) == sorted([first, second])
    assert watch.opened[first]["parent"] == watch.opened[second]["parent"]


# --- events ---------------------------------------------------------------------------------------


@each_way
async def test_an_event_carries_the_distribution(listener: Listener, way: str) -> None:
    distribution = await WAYS[way][0](scripted(xml("a"), xml("b")))
    [event] = listener.of(VerbalizedSamplingEvent)
    assert event.distribution == distribution
    assert type(event.distribution) is VerbalizedDistribution


@each_way
async def test_the_event_says_who_asked_what(listener: Listener, watch: Watch, way: str) -> None:
    await WAYS[way][0](scripted(AB), [ChatMessage("Hello"), ChatMessage(QUESTION)])
    [event] = listener.of(VerbalizedSamplingEvent)
    [span] = watch.of(f"VerbalizedSampler.{way}")
    assert (event.component, event.query, event.span_id) == ("VerbalizedSampler", QUESTION, span)


@each_way
async def test_the_models_own_events_belong_to_its_calls(
    listener: Listener, watch: Watch, way: str
) -> None:
    drive, method = WAYS[way]
    await drive(scripted(AB))
    [started] = listener.of(LLMChatStartEvent)
    assert [started.span_id] == watch.of(f"ScriptedLLM.{method}")


@each_way
async def test_an_error_sends_no_distribution(listener: Listener, way: str) -> None:
    with pytest.raises(ModelDownError):
        await WAYS[way][0](scripted(ModelDownError("overloaded")))
    assert not listener.of(VerbalizedSamplingEvent)


def test_a_subclass_asks_in_its_own_name(listener: Listener) -> None:
    class Jester(VerbalizedSampler):
        @classmethod
        def class_name(cls) -> str:
            return "Jester"

    Jester(llm=ScriptedLLM(script=[AB]), k=2).run(QUESTION)
    assert [event.component for event in listener.of(VerbalizedSamplingEvent)] == ["Jester"]


def test_an_event_survives_json(listener: Listener) -> None:
    scripted(AB).run(QUESTION)
    [event] = listener.of(VerbalizedSamplingEvent)
    assert VerbalizedSamplingEvent.model_validate_json(event.model_dump_json()) == event


def test_an_event_names_its_class() -> None:
    event = VerbalizedSamplingEvent(
        component="VerbalizedSampler", query=QUESTION, distribution=VerbalizedDistribution()
    )
    assert event.model_dump()["class_name"] == "VerbalizedSamplingEvent"


def test_no_key_is_in_an_event(listener: Listener, watch: Watch) -> None:
    class Offline(OpenAI):
        def chat(self, messages: Any, **kwargs: Any) -> Any:
            return ScriptedLLM(script=[AB]).chat(messages)

    VerbalizedSampler(llm=Offline(model="gpt-4o-mini", api_key="sk-secret"), k=2).run(QUESTION)
    [event] = listener.of(VerbalizedSamplingEvent)
    assert "sk-secret" not in f"{event!r}{event.model_dump_json()}{watch.opened!r}"
