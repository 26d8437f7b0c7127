"""`ToolCall`: a call of a tool that was not offered for the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class ToolCall:
    """A call of a tool, as the model made it.

    Attributes:
        name: The tool's name.
        arguments: What the model wrote as its arguments, or a part of it where a reply arrives in
            pieces.
        index: Which call of the reply a piece belongs to, where the provider numbers them.

    Example:
        >>> from vs_core.adapters import ToolCall
        >>> ToolCall("search", '{"query": "coffee"}').name
        'search'
    """

    name: str
    arguments: str = ""
    index: int | str | None = None


def joined_calls(pieces: tuple[ToolCall, ...]) -> tuple[ToolCall, ...]:
    """The calls that pieces of a reply add up to; only the first piece of each has its name.

    Args:
        pieces: In the order in which they came.

    Example:
        >>> joined_calls((ToolCall("search", '{"a":', 0), ToolCall("", " 1}", 0)))
        (ToolCall(name='search', arguments='{"a": 1}', index=0),)
    """
    calls: list[ToolCall] = []
    for piece in pieces:
        places = [n for n, call in enumerate(calls) if call.index == piece.index]
        at = places[-1] if places else None
        if at is None or piece.name:
            calls.append(piece)
        else:
            calls[at] = replace(calls[at], arguments=calls[at].arguments + piece.arguments)
    return tuple(calls)
