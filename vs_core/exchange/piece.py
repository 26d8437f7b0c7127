"""`ReplyPiece`: a part of a reply, as an adapter received it."""

from __future__ import annotations

from dataclasses import dataclass

from vs_core.tool_call import ToolCall
from vs_core.values.trace import EMPTY_TRACE, Trace


@dataclass(frozen=True)
class ReplyPiece:
    """A part of a reply (or all of it), as an adapter received it.

    Attributes:
        text: What the model wrote in it.
        arguments: What it wrote as arguments of our own tool.
        input_tokens: Tokens reported for the prompt, if this part reports any.
        output_tokens: Tokens reported for the reply, likewise.
        model: Name of the model, if told.
        truncated: True if the provider says that the reply is incomplete.
        refused: True if the provider says that the model refused.
        refusal: The words of that refusal, where it gives them apart; no part of the text.
        calls: Calls of tools other than our own, or pieces of them.

    Example:
        >>> from vs_core.adapters import ReplyPiece
        >>> ReplyPiece(text="<response>").truncated
        False
    """

    text: str = ""
    arguments: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    model: str | None = None
    truncated: bool = False
    refused: bool = False
    refusal: str = ""
    calls: tuple[ToolCall, ...] = ()

    @property
    def cost(self) -> Trace:
        """What this part reports, as a trace."""
        # Most pieces of a stream are text and nothing else.
        if self == ReplyPiece(text=self.text, arguments=self.arguments):
            return EMPTY_TRACE
        return Trace(
            model=self.model,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            truncated=self.truncated,
        )
