"""The input of a decision, and what its questions say, as text with media beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage, is_data_content_block
from pydantic import TypeAdapter

from vs_core import PromptError
from vs_core.adapters.decisions import state_prompt

_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)
_ROLES = {"human": "user", "ai": "assistant"}
_OLDER_MEDIA = ("image_url", "input_audio")


class Rendering:
    """Renders values as text, and keeps the media that stand in them.

    In the text a medium is a note of its number, under which it stands behind the text.

    Attributes:
        media: The content blocks, in the order of their numbers.
    """

    def __init__(self) -> None:
        self.media: list[dict[str, Any]] = []

    def text(self, value: Any) -> str:
        """A value as text: a text as it is, anything else as JSON.

        Args:
            value: Text, messages, or what JSON can hold, with media blocks at any depth; of
                anything else what it looks like as JSON.

        Raises:
            PromptError: The value holds itself, or is nested too deeply.
        """
        try:
            data = (
                self._content(value.content)
                if isinstance(value, HumanMessage)
                else self._data(value)
            )
        except RecursionError as error:
            raise PromptError(
                "the state or a question holds itself, or is too deep: give data that JSON can hold"
            ) from error
        return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, indent=1)

    def _data(self, value: Any) -> Any:
        if value is None or isinstance(value, (str, bool, int, float)):
            return value
        if isinstance(value, BaseMessage):
            return self._of_message(value)
        if isinstance(value, Mapping):
            if _is_medium(value):
                return self._note(dict(value))
            return {str(key): self._data(part) for key, part in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
            return [self._data(part) for part in value]
        return _ANYTHING.dump_python(value, mode="json", fallback=str)

    def _of_message(self, message: BaseMessage) -> dict[str, Any]:
        said: dict[str, Any] = {"role": _ROLES.get(message.type, message.type)}
        if message.name:
            said["name"] = message.name
        said["content"] = self._content(message.content)
        if calls := getattr(message, "tool_calls", None):
            said["tool_calls"] = [{"name": c["name"], "args": self._data(c["args"])} for c in calls]
        return said

    def _content(self, content: Any) -> Any:
        """What a message says: one text, where it is made of texts and media."""
        if isinstance(content, str):
            return content
        parts = [self._data(block) for block in content]
        said = [_said(part) for part in parts]
        return parts if None in said else "\n".join(filter(None, said))

    def _note(self, medium: dict[str, Any]) -> dict[str, str]:
        self.media.append(medium)
        return {"type": str(medium["type"]), "shown": f"below, as number {len(self.media)}"}


def prompt_of(state: str, media: Sequence[dict[str, Any]]) -> HumanMessage:
    """The message with an input to judge.

    Args:
        state: The input as text.
        media: The media that stand behind it.
    """
    text = state_prompt(state)
    if not media:
        return HumanMessage(content=text)
    blocks: list[str | dict[str, Any]] = [{"type": "text", "text": text}]
    for number, medium in enumerate(media, start=1):
        blocks += [{"type": "text", "text": f"Number {number}:"}, medium]
    return HumanMessage(content=blocks)


def _said(part: Any) -> str | None:
    """What a content block says in a text; None if it is none that says anything there."""
    if isinstance(part, str):
        return part
    if "shown" in part:
        return f"[{part['type']}, shown {part['shown']}]"
    return str(part["text"]) if part.get("type") == "text" and "text" in part else None


def _is_medium(block: Mapping[Any, Any]) -> bool:
    if block.get("type") in _OLDER_MEDIA:
        return isinstance(block.get(block["type"]), (str, Mapping))
    return isinstance(block.get("type"), str) and is_data_content_block(dict(block))
