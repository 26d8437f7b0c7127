"""The message that a drawn candidate becomes. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult

from langchain_vs._blocks import thoughtful
from langchain_vs._convert import usage_of
from vs_core import Candidate, Trace, VerbalizedDistribution
from vs_core.adapters import in_words

DISTRIBUTION = "verbalized_sampling"
"""Where in `response_metadata` the distribution is."""


def drawn_message(
    drawn: Candidate[Any],
    distribution: VerbalizedDistribution[Any],
    reported: UsageMetadata | None,
    replies: Sequence[AIMessage] = (),
) -> AIMessage:
    """One candidate as a message, with the whole distribution as JSON in its metadata.

    Args:
        drawn: The candidate.
        distribution: What it was drawn from.
        reported: What the model runs inside have reported, which may be more detailed than the
            distribution's trace; None if there were no such runs.
        replies: What they answered. The reasoning of a single one stays on the message.
    """
    metadata: dict[str, Any] = {DISTRIBUTION: distribution.model_dump(mode="json")}
    if distribution.trace.model:
        metadata["model_name"] = distribution.trace.model
    message = AIMessage(
        content=drawn.text,
        response_metadata=metadata,
        usage_metadata=reported or _usage(distribution.trace),
    )
    return thoughtful(message, replies[0]) if len(replies) == 1 else message


def passed_message(answer: AIMessage | str, reported: UsageMetadata | None) -> AIMessage:
    """The wrapped model's own answer as this model's.

    Args:
        answer: What it answered.
        reported: What the model runs inside have reported.
    """
    if isinstance(answer, str):
        return AIMessage(content=answer, usage_metadata=reported)
    return answer.model_copy(update={"usage_metadata": reported or answer.usage_metadata})


def as_result(message: AIMessage) -> ChatResult:
    """A message as LangChain expects it of a model, with its usage in both of the usual places.

    Args:
        message: What the model answers.
    """
    output: dict[str, Any] = {}
    if usage := message.usage_metadata:
        output["token_usage"] = {
            "prompt_tokens": usage["input_tokens"],
            "completion_tokens": usage["output_tokens"],
            "total_tokens": usage["total_tokens"],
        }
    if name := message.response_metadata.get("model_name"):
        output["model_name"] = name
    return ChatResult(generations=[ChatGeneration(message=message)], llm_output=output)


def as_chunks(message: AIMessage) -> Iterator[AIMessageChunk]:
    """A message that ends with text, that text in pieces of a word; any other comes whole.

    Args:
        message: The message.

    Yields:
        Chunks that add up to it; the last has all but the text.
    """
    fields = message.model_dump(exclude={"type", "chunk_position"})
    whole = AIMessageChunk(**fields, chunk_position="last")
    content = message.content
    *others, said = [content] if isinstance(content, str) else content or [{}]
    text = said if isinstance(said, str) else said.get("text")
    if message.tool_calls or not isinstance(text, str):
        yield whole
        return
    if others:
        yield AIMessageChunk(content=others, id=message.id)
    for word in in_words(text):
        # Pieces of one block are known by its index.
        block = word if isinstance(said, str) else {**said, "text": word, "index": _next(others)}
        yield AIMessageChunk(content=word if isinstance(content, str) else [block], id=message.id)
    yield whole.model_copy(update={"content": "" if isinstance(content, str) else []})


def _next(blocks: Sequence[Any]) -> int:
    """An index that none of the blocks has."""
    taken = [block.get("index") for block in blocks if isinstance(block, dict)]
    return max([len(blocks) - 1, *(index for index in taken if isinstance(index, int))]) + 1


def _usage(trace: Trace) -> UsageMetadata | None:
    if trace.input_tokens is None and trace.output_tokens is None:
        return None
    return usage_of(trace.input_tokens or 0, trace.output_tokens or 0)
