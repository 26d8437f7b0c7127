"""LlamaIndex's inputs and messages, as the core sees them. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, ContentBlock, MessageRole, TextBlock
from llama_index.core.schema import QueryBundle

from vs_core import PromptError
from vs_core.adapters import joined_content

_ROLES = {
    MessageRole.DEVELOPER: "system",
    MessageRole.CHATBOT: "assistant",
    MessageRole.MODEL: "assistant",
}


class LlamaIndexDialect:
    """How LlamaIndex writes messages (a `vs_core.adapters.Dialect`)."""

    def role(self, message: ChatMessage) -> str:
        """The message's role in the core's words."""
        return _ROLES.get(message.role, message.role.value)

    def system(self, text: str) -> ChatMessage:
        """A new system message."""
        return ChatMessage(role=MessageRole.SYSTEM, content=text)

    def user(self, text: str) -> ChatMessage:
        """A new user message."""
        return ChatMessage(role=MessageRole.USER, content=text)

    def assistant(self, text: str) -> ChatMessage:
        """A new message of the model."""
        return ChatMessage(role=MessageRole.ASSISTANT, content=text)

    def joined(self, message: ChatMessage, *, before: str = "", after: str = "") -> ChatMessage:
        """A copy with text around the content; blocks such as images stay."""
        blocks: list[ContentBlock] = message.blocks
        has_text = any(isinstance(block, TextBlock) for block in blocks)
        if len(blocks) <= has_text:
            text = joined_content(message.content, before, after)
            return message.model_copy(update={"blocks": [TextBlock(text=text)]})
        if not has_text:
            before, after = before.strip("\n"), after.strip("\n")
        # Line breaks stay: some clients put the texts of a message together with none between.
        added = [[TextBlock(text=text)] if text else [] for text in (before, after)]
        return message.model_copy(update={"blocks": [*added[0], *blocks, *added[1]]})


def to_messages(prompt: Any) -> list[ChatMessage]:
    """The messages of a prompt.

    Args:
        prompt: A string, a query bundle, a message, or a list of messages.

    Raises:
        PromptError: The input is empty, None, or of a kind no model takes.
    """
    if isinstance(prompt, QueryBundle):
        prompt = prompt.query_str
    if isinstance(prompt, str):
        messages = [ChatMessage(role=MessageRole.USER, content=prompt)]
    elif isinstance(prompt, ChatMessage):
        messages = [prompt]
    elif isinstance(prompt, Sequence) and all(isinstance(m, ChatMessage) for m in prompt):
        messages = list(prompt)
    else:
        raise PromptError(
            f"the prompt is {prompt!r:.80} ({type(prompt).__name__}): pass a string, a query "
            "bundle, or a list of ChatMessage"
        )
    if not any(_says_something(message) for message in messages):
        raise PromptError(f"the prompt is empty ({prompt!r:.80}): pass a question for the model")
    return messages


def _says_something(message: ChatMessage) -> bool:
    return any(not isinstance(b, TextBlock) or b.text.strip() for b in message.blocks)
