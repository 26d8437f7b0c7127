"""The message that a drawn candidate becomes. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.messages.ai import UsageMetadata

from langchain_vs._convert import usage_of
from vs_core import Candidate, Trace, VerbalizedDistribution
from vs_core.answering import words

DISTRIBUTION = "verbalized_sampling"
"""Where in `response_metadata` the distribution is."""

USAGE = "verbalized_sampling_usage"
"""Where in `response_metadata` the usage waits that inner runs have reported already."""

Message = TypeVar("Message", bound=AIMessage)


def drawn_message(drawn: Candidate[Any], distribution: VerbalizedDistribution[Any]) -> AIMessage:
    """One candidate as a message, with the whole distribution as JSON in its metadata.

    Args:
        drawn: The candidate.
        distribution: What it was drawn from.
    """
    metadata: dict[str, Any] = {DISTRIBUTION: distribution.model_dump(mode="json")}
    if distribution.trace.model:
        metadata["model_name"] = distribution.trace.model
    return AIMessage(
        content=drawn.text,
        response_metadata=metadata,
        usage_metadata=_usage(distribution.trace),
    )


def settled(message: AIMessage | str, reported: UsageMetadata | None) -> AIMessage:
    """A message whose usage nobody counts twice.

    LangChain's usage callbacks add up every model run they see, so a run around others must not
    report what those reported.

    Args:
        message: What the run answers.
        reported: What runs inside it have reported; it is put aside for `with_usage`.
    """
    if isinstance(message, str):
        message = AIMessage(content=message)
    if reported is None:
        return message
    metadata = {**message.response_metadata, USAGE: reported}
    return message.model_copy(update={"response_metadata": metadata, "usage_metadata": None})


def with_usage(message: Message) -> Message:
    """The message or chunk for the caller, with the usage that `settled` put aside.

    A copy, since tracers may still hold the run's message.

    Args:
        message: What the run answered.
    """
    metadata = dict(message.response_metadata)
    usage = metadata.pop(USAGE, None)
    if usage is None:
        return message
    return message.model_copy(update={"response_metadata": metadata, "usage_metadata": usage})


def as_chunks(message: AIMessage) -> Iterator[AIMessageChunk]:
    """A text message in pieces of a word; any other comes whole.

    Args:
        message: The message.

    Yields:
        Chunks that add up to it; the last has all but the text.
    """
    fields = message.model_dump(exclude={"type", "chunk_position"})
    whole = AIMessageChunk(**fields, chunk_position="last")
    if message.tool_calls or not isinstance(message.content, str):
        yield whole
        return
    for word in words(message.content):
        yield AIMessageChunk(content=word, id=message.id)
    yield whole.model_copy(update={"content": ""})


def _usage(trace: Trace) -> UsageMetadata | None:
    if trace.input_tokens is None and trace.output_tokens is None:
        return None
    return usage_of(trace.input_tokens or 0, trace.output_tokens or 0)
