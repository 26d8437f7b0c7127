"""`VerbalizedSamplingMiddleware`: the final answer of an agent is drawn from a distribution."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain.agents.middleware.types import ContextT
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables.config import ensure_config, merge_configs, var_child_runnable_config
from langgraph.constants import TAG_NOSTREAM
from pydantic import ConfigDict, field_validator

from langchain_vs._convert import LangChainDialect, PieceReader
from langchain_vs._drawn import DISTRIBUTION
from vs_core import (
    Definition,
    Layout,
    Method,
    Placement,
    PromptSettings,
    VerbalizedDistribution,
    Wording,
    agent_instruction,
    expect_reply,
    instruction,
    place_instruction,
)

Select = Literal["sample", "best"]
Distribution = VerbalizedDistribution[Any]

_METHODS_OF_ONE_CALL = ("standard", "cot")


class VerbalizedSamplingMiddleware(AgentMiddleware[AgentState[Any], ContextT]):
    """Lets the model of an agent verbalize a distribution and draws its final answer from it.

    A turn costs one model call, as it does without: the instruction joins the system message, and
    nothing is asked again. A reply with tool calls is left as it is, and so is one that gives no
    distribution. Requests with a `response_format` are not touched at all.

    The drawn message keeps the reply's id, usage and metadata. Its text is the one candidate;
    the whole distribution is in `response_metadata["verbalized_sampling"]` as plain JSON
    (`VerbalizedDistribution.model_validate` reads it).

    A draw needs the whole reply, so the call is tagged `nostream`: under `stream_mode="messages"`
    each message of the model arrives whole, a tool call too, and the reply it was drawn from is
    never shown. `astream_events` still shows the model's own run, with that tag.

    Args:
        k: Number of candidates to ask for.
        method: `standard` or `cot`. The others need several calls, or ask for no probabilities.
        max_probability: As for `vs_core.PromptSettings`, like the settings up to `placement`.
        definition: Which number to ask for.
        layout: Notation to ask for.
        words: Target length of a response, in words.
        wording: `standard`, or the paper's own prompt by `simple`.
        instructions: Your own wording, put in front of the request for responses.
        placement: Into the `system` message, or in front of the last `user` message.
        select: `sample` draws in proportion to the probabilities, `best` takes the most probable.
        seed: None draws afresh each time; a seed fixes the draw of *each* answer.

    Raises:
        pydantic.ValidationError: For settings out of range.

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
        k: int = 5,
        method: Method = "standard",
        max_probability: float | None = None,
        definition: Definition | None = None,
        layout: Layout = "xml",
        words: int | None = None,
        wording: Wording = "standard",
        instructions: str | None = None,
        placement: Placement = "system",
        select: Select = "sample",
        seed: int | None = None,
    ) -> None:
        super().__init__()
        self._settings = _Settings(
            k=k,
            method=method,
            max_probability=max_probability,
            definition=definition,
            layout=layout,
            words=words,
            wording=wording,
            instructions=instructions,
            placement=placement,
            select=select,
            seed=seed,
        )

    def wrap_model_call(
        self,
        request: ModelRequest[ContextT],
        handler: Callable[[ModelRequest[ContextT]], ModelResponse[Any]],
    ) -> ModelResponse[Any]:
        """Ask for a distribution in the one call, and draw the answer from its reply."""
        if request.response_format is not None:
            return handler(request)
        with _unstreamed():
            response = handler(_verbalizing(request, self._settings))
        return _drawn(response, self._settings)

    async def awrap_model_call(
        self,
        request: ModelRequest[ContextT],
        handler: Callable[[ModelRequest[ContextT]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        """As `wrap_model_call`, without blocking."""
        if request.response_format is not None:
            return await handler(request)
        with _unstreamed():
            response = await handler(_verbalizing(request, self._settings))
        return _drawn(response, self._settings)


class _Settings(PromptSettings):
    """The settings, validated under the name that users know."""

    model_config = ConfigDict(title="VerbalizedSamplingMiddleware", frozen=True)

    select: Select
    seed: int | None

    @field_validator("method")
    @classmethod
    def _one_call_gives_a_distribution(cls, method: Method) -> Method:
        if method not in _METHODS_OF_ONE_CALL:
            reason = (
                "needs several calls, and an agent's turn has one"
                if method in {"multi", "direct"}
                else "asks for no probabilities to draw by"
            )
            raise ValueError(f"method={method!r} {reason}: take 'standard' or 'cot'")
        return method


@contextmanager
def _unstreamed() -> Iterator[None]:
    """Keep LangGraph from streaming the model calls made inside as messages.

    The agent calls the model without a config, so that it takes the one in the context. Tagging
    a copy of the model would lose the tag at `bind_tools`, and a fake model its place.
    """
    config = merge_configs(ensure_config(), {"tags": [TAG_NOSTREAM]})
    before = var_child_runnable_config.set(config)
    try:
        yield
    finally:
        var_child_runnable_config.reset(before)


def _verbalizing(request: ModelRequest[ContextT], settings: _Settings) -> ModelRequest[ContextT]:
    """The request with the instruction in its place."""
    wording = agent_instruction(settings) if request.tools else instruction(settings)
    dialect = LangChainDialect()
    if settings.placement == "user":
        messages: Any = place_instruction(request.messages, wording, "user", dialect)
        return request.override(messages=messages)
    present: list[BaseMessage] = [request.system_message] if request.system_message else []
    system: Any = place_instruction(present, wording, "system", dialect)
    return request.override(system_message=system[0])


def _drawn(response: ModelResponse[Any], settings: _Settings) -> ModelResponse[Any]:
    """The response with its answer drawn; the response itself if it gives no distribution."""
    reply = response.result[-1] if response.result else None
    if not isinstance(reply, AIMessage) or reply.tool_calls or reply.invalid_tool_calls:
        return response
    distribution = _read(reply, settings)
    if not _is_verbalized(distribution, settings):
        return response
    chosen = (
        distribution.best()
        if settings.select == "best"
        else distribution.sample(seed=settings.seed)
    )
    return replace(
        response, result=[*response.result[:-1], _answer(reply, chosen.text, distribution)]
    )


def _read(reply: AIMessage, settings: _Settings) -> Distribution:
    incoming = expect_reply(settings)
    return incoming.feed(PieceReader().read(reply)) + incoming.close()


def _is_verbalized(distribution: Distribution, settings: _Settings) -> bool:
    """Whether a model that was free to answer as it liked did give a distribution.

    A model may ignore the instruction, and a plain answer with a list in it must not be cut down
    to one of its items.
    """
    if distribution.trace.layout == settings.layout != "lines":
        return bool(distribution)
    numbers = [candidate.stated for candidate in distribution]
    return bool(numbers) and None not in numbers


def _answer(reply: AIMessage, text: str, distribution: Distribution) -> AIMessage:
    return reply.model_copy(
        update={
            # A list stays a list: models with content blocks expect their own shape back.
            "content": text if isinstance(reply.content, str) else [{"type": "text", "text": text}],
            "response_metadata": {
                **reply.response_metadata,
                DISTRIBUTION: distribution.model_dump(mode="json"),
            },
        }
    )
