"""Placing an instruction in a conversation, whatever type the framework's messages have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from vs_core.values.terms import Placement

M = TypeVar("M")


class Dialect(Protocol[M]):
    """How a framework writes messages; what an adapter tells the core.

    The messages themselves pass through untouched, so that images and tool calls survive.

    Example:
        >>> from vs_core.adapters import Dialect, DictDialect
        >>> dialect: Dialect[dict[str, object]] = DictDialect()
    """

    def role(self, message: M) -> str:
        """`"system"`, `"user"`, or anything else."""
        ...

    def system(self, text: str) -> M:
        """A new system message."""
        ...

    def user(self, text: str) -> M:
        """A new user message."""
        ...

    def assistant(self, text: str) -> M:
        """A new message of the model."""
        ...

    def joined(self, message: M, *, before: str = "", after: str = "") -> M:
        """A copy of `message` with text in front of or behind its content."""
        ...


class DictDialect:
    """Messages as the dictionaries that most chat APIs take: `{"role": ..., "content": ...}`.

    Example:
        >>> from vs_core.adapters import DictDialect
        >>> DictDialect().user("Roll a die.")
        {'role': 'user', 'content': 'Roll a die.'}
    """

    def role(self, message: dict[str, Any]) -> str:
        """The role as it stands."""
        return str(message["role"])

    def system(self, text: str) -> dict[str, Any]:
        """A new system message."""
        return {"role": "system", "content": text}

    def user(self, text: str) -> dict[str, Any]:
        """A new user message."""
        return {"role": "user", "content": text}

    def assistant(self, text: str) -> dict[str, Any]:
        """A new message of the model."""
        return {"role": "assistant", "content": text}

    def joined(
        self, message: dict[str, Any], *, before: str = "", after: str = ""
    ) -> dict[str, Any]:
        """A copy with text around the content, be it a string or a list of parts."""
        return {**message, "content": joined_content(message["content"], before, after)}


def joined_content(content: Any, before: str, after: str) -> Any:
    """Text in front of and behind a message's content.

    Args:
        content: A string, or a list of content blocks, which stay as they are.
        before: Text to put in front.
        after: Text to put behind.

    Example:
        >>> from vs_core.adapters import joined_content
        >>> joined_content([{"type": "image_url", "image_url": {"url": "a.png"}}], "Look:", "")
        [{'type': 'text', 'text': 'Look:'}, {'type': 'image_url', 'image_url': {'url': 'a.png'}}]
    """
    if not content or (isinstance(content, str) and not content.strip()):
        return f"{before}{after}".strip("\n")
    if isinstance(content, str):
        return f"{before}{content}{after}"
    return [*_text_block(before), *content, *_text_block(after)]


def place_instruction(
    prompt: Sequence[M], instruction: str, placement: Placement, dialect: Dialect[M]
) -> list[M]:
    r"""Add the instruction to a conversation.

    With `system` it joins the first system message, behind what is there, or becomes one. With
    `user` it stands in front of the last user message.

    Args:
        prompt: The user's messages.
        instruction: The text to place.
        placement: Where.
        dialect: The framework's messages.

    Example:
        >>> from vs_core.adapters import DictDialect, place_instruction
        >>> prompt = [{"role": "user", "content": "Roll a die."}]
        >>> place_instruction(prompt, "Generate 2 responses.", "user", DictDialect())
        [{'role': 'user', 'content': 'Generate 2 responses.\n\nRoll a die.'}]
    """
    messages = list(prompt)
    if placement == "system":
        at = _first(messages, "system", dialect)
        if at is None:
            return [dialect.system(instruction), *messages]
        messages[at] = dialect.joined(messages[at], after=f"\n\n{instruction}")
        return messages
    at = _last(messages, "user", dialect)
    if at is None:
        return [*messages, dialect.user(instruction)]
    messages[at] = dialect.joined(messages[at], before=f"{instruction}\n\n")
    return messages


def _first(messages: Sequence[M], role: str, dialect: Dialect[M]) -> int | None:
    return next((at for at, m in enumerate(messages) if dialect.role(m) == role), None)


def _last(messages: Sequence[M], role: str, dialect: Dialect[M]) -> int | None:
    return next(
        (at for at in reversed(range(len(messages))) if dialect.role(messages[at]) == role), None
    )


def _text_block(text: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": text.strip("\n")}] if text else []
