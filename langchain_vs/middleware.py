"""`VerbalizedSamplingMiddleware`: the final answer of an agent is drawn from a distribution."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain.agents.middleware.types import ContextT
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import ensure_config, merge_configs, var_child_runnable_config
from langgraph.constants import TAG_NOSTREAM
from typing_extensions import Unpack

from langchain_vs._agent_settings import AgentOptions, AgentSettings, Select, settings_for
from langchain_vs._blocks import with_text
from langchain_vs._convert import LangChainDialect, PieceReader
from langchain_vs._drawn import DISTRIBUTION
from langchain_vs._following import CandidateListener, graph_writer
from vs_core import VerbalizedDistribution, instruction
from vs_core.adapters import (
    agent_instruction,
    expect_reply,
    place_instruction,
    verbalized_layout,
)

Distribution = VerbalizedDistribution[Any]
Writing = CandidateListener | None


class VerbalizedSamplingMiddleware(AgentMiddleware[AgentState[Any], ContextT]):
    """Lets the model of an agent verbalize a distribution and draws its final answer from it.

    A turn costs one model call, as it does without: the instruction joins the system message, and
    nothing is asked again. A reply with tool calls is left as it is, and so is one that gives no
    distribution. Requests with a `response_format` are not touched at all.

    A model may ignore the instruction, and its plain answer may hold a list with percentages, a
    table, data, or a code sample. So a reply is drawn from only if it gives the distribution in the
    form asked for, and little else: `vs_core.parsing.verbalized.verbalized_layout` tells what that
    is, and where its limits are. With `layout="lines"` they are nearest, as a plain answer may
    well be a numbered list with a number in parentheses first.

    The drawn message keeps the reply's id, usage and metadata, and of its content all that is no
    text: reasoning, images, results of the provider's tools. Its text is the one candidate; the
    whole distribution is in `response_metadata["verbalized_sampling"]` as plain JSON
    (`VerbalizedDistribution.model_validate` reads it).

    A draw needs the whole reply, so the call is tagged `nostream`: under `stream_mode="messages"`
    each message of the model arrives whole, a tool call too, and the reply it was drawn from is
    never shown. `astream_events` still shows the model's own run, with that tag. With
    `stream_candidates` the candidates can be followed on the custom stream.

    The runtime context can set all of this for one request, under the key or attribute
    `verbalized_sampling`: a mapping, dataclass or pydantic model with any of the settings below
    (`{"k": 3, "max_probability": 0.1}`), and `enabled`. None, False or `{"enabled": False}` leave
    the request as it is; so does, the other way round, a context that has no such key.

    Args:
        select: `sample` draws in proportion to the probabilities, `best` takes the most probable.
        seed: None draws afresh each time; a seed fixes the draw of *each* answer.
        keep_replies: Keep the text of the reply that the answer was drawn from, in `trace.replies`
            of that distribution.
        stream_candidates: Write each candidate to LangGraph's custom stream as it is finished, as
            `{"verbalized_sampling": {"value": ..., "stated": ...}}`. The model is streamed for
            that. They are what has been read so far: a reply that proves to be a plain answer, or
            one that is tried again, may have shown some. In asynchronous agents this needs Python
            3.11, as LangGraph's own writer does.
        **settings: Those of `vs_core.PromptSettings`, except `structured_output`,
            `value_schema`, and what says how several calls are made (`per_call`, `split`).
            `method` is `standard` or `cot`: the others need several calls, or ask for no
            probabilities.

    Raises:
        pydantic.ValidationError: For settings out of range, here or in the runtime context.

    Example:
        >>> from langchain.agents import create_agent
        >>> from langchain_vs import SimulatedChatModel, VerbalizedSamplingMiddleware
        >>> agent = create_agent(
        ...     SimulatedChatModel(seed=7), middleware=[VerbalizedSamplingMiddleware(k=3)])
        >>> state = agent.invoke({"messages": [("user", "Tell me a joke about coffee")]})
        >>> answer = state["messages"][-1]
        >>> distribution = answer.response_metadata["verbalized_sampling"]
        >>> answer.text in [candidate["value"] for candidate in distribution["candidates"]]
        True
    """

    def __init__(
        self,
        *,
        select: Select = "sample",
        seed: int | None = None,
        keep_replies: bool = False,
        stream_candidates: bool = False,
        **settings: Unpack[AgentOptions],
    ) -> None:
        if unknown := settings.keys() - AgentOptions.__optional_keys__:
            raise TypeError(f"{type(self).__name__} has no setting {', '.join(sorted(unknown))}")
        super().__init__()
        self._settings = AgentSettings(
            select=select,
            seed=seed,
            keep_replies=keep_replies,
            stream_candidates=stream_candidates,
            **settings,
        )

    def wrap_model_call(
        self,
        request: ModelRequest[ContextT],
        handler: Callable[[ModelRequest[ContextT]], ModelResponse[Any]],
    ) -> ModelResponse[Any]:
        """Ask for a distribution in the one call, and draw the answer from its reply."""
        settings = self._settings_for(request)
        if settings is None:
            return handler(request)
        listener = _listener(settings)
        with _unstreamed(listener):
            response = handler(_verbalizing(request, settings))
        return _drawn(response, settings, listener)

    async def awrap_model_call(
        self,
        request: ModelRequest[ContextT],
        handler: Callable[[ModelRequest[ContextT]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        """As `wrap_model_call`, without blocking."""
        settings = self._settings_for(request)
        if settings is None:
            return await handler(request)
        listener = _listener(settings)
        with _unstreamed(listener):
            response = await handler(_verbalizing(request, settings))
        return _drawn(response, settings, listener)

    def _settings_for(self, request: ModelRequest[ContextT]) -> AgentSettings | None:
        if request.response_format is not None:
            return None
        return settings_for(getattr(request.runtime, "context", None), self._settings)


def _listener(settings: AgentSettings) -> Writing:
    write = graph_writer(ensure_config()) if settings.stream_candidates else None
    return None if write is None else CandidateListener(settings, write)


@contextmanager
def _unstreamed(listener: Writing) -> Iterator[None]:
    """Keep LangGraph from streaming the model calls made inside as messages.

    The agent calls the model without a config, so that it takes the one in the context. Tagging
    a copy of the model would lose the tag at `bind_tools`, and a fake model its place.
    """
    added = RunnableConfig(tags=[TAG_NOSTREAM])
    if listener is not None:
        added["callbacks"] = [listener]
    config = merge_configs(ensure_config(), added)
    before = var_child_runnable_config.set(config)
    try:
        yield
    finally:
        var_child_runnable_config.reset(before)


def _verbalizing(
    request: ModelRequest[ContextT], settings: AgentSettings
) -> ModelRequest[ContextT]:
    """The request with the instruction in its place."""
    wording = agent_instruction(settings) if request.tools else instruction(settings)
    dialect = LangChainDialect()
    if settings.placement == "user":
        messages: Any = place_instruction(request.messages, wording, "user", dialect)
        return request.override(messages=messages)
    present: list[BaseMessage] = [request.system_message] if request.system_message else []
    system: Any = place_instruction(present, wording, "system", dialect)
    return request.override(system_message=system[0])


def _drawn(
    response: ModelResponse[Any], settings: AgentSettings, listener: Writing
) -> ModelResponse[Any]:
    """The response with its answer drawn; the response itself if it gives no distribution."""
    reply = response.result[-1] if response.result else None
    if not isinstance(reply, AIMessage) or reply.tool_calls or reply.invalid_tool_calls:
        return response
    piece = PieceReader().read(reply)
    incoming = expect_reply(settings, keep_replies=settings.keep_replies)
    distribution = incoming.feed(piece) + incoming.close()
    layout = verbalized_layout(piece.text, asked=settings)
    if not distribution or layout is None or layout != distribution.trace.layout:
        return response
    if listener is not None:
        listener.show_rest(distribution)
    metadata: dict[str, Any] = {DISTRIBUTION: distribution.model_dump(mode="json")}
    answer = with_text(reply, _chosen(distribution, settings), metadata)
    return replace(response, result=[*response.result[:-1], answer])


def _chosen(distribution: Distribution, settings: AgentSettings) -> str:
    if settings.select == "best":
        return distribution.best().text
    return distribution.sample(seed=settings.seed).text
