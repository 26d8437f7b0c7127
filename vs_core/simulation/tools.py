"""Which tool a simulated model calls, and with which arguments: a rule in place of a judgement."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from vs_core.simulation.arguments import fill

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_USUAL = frozenset(("get", "fetch", "find", "look", "up", "lookup", "search", "tool", "the", "a"))
_WITHOUT_NAME = ("auto", "any", "none")

Tool = Mapping[str, Any]


class SimulatedCall(NamedTuple):
    """A call of a tool.

    Attributes:
        name: The tool's name.
        arguments: What it is given.

    Example:
        >>> from vs_core.adapters.simulation import SimulatedCall
        >>> SimulatedCall("search", {"query": "coffee"}).name
        'search'
    """

    name: str
    arguments: dict[str, Any]


def choose_call(
    question: str,
    tools: Sequence[Tool],
    *,
    choice: str = "auto",
    called: Collection[str] = (),
) -> SimulatedCall | None:
    """The call that a simulated model answers a question with; None if it answers in words.

    With the choice left to it, it calls the first tool that the question mentions by its name
    (`get_weather` also by `weather`), and answers once any tool has been called. A call that is
    demanded is made once for each tool that may be meant: of several, first the one mentioned.

    Args:
        question: What the user asked last.
        tools: Each with `name` and, as a JSON schema, `parameters`.
        choice: `auto`, `any`, `none`, or the name of the tool that must be called.
        called: The tools that have been called since.

    Raises:
        ValueError: The choice names no tool.

    Example:
        >>> from vs_core.adapters.simulation import choose_call
        >>> weather = {
        ...     "name": "get_weather",
        ...     "parameters": {"properties": {"city": {"type": "string"}}, "required": ["city"]},
        ... }
        >>> choose_call("How is the weather in Oslo?", [weather])
        SimulatedCall(name='get_weather', arguments={'city': 'Oslo'})
        >>> choose_call("Tell me a joke", [weather])
    """
    require_choice(choice, tools)
    if choice == "none" or (choice == "auto" and called):
        return None
    open_ones = [tool for tool in tools if tool["name"] not in called]
    if choice not in _WITHOUT_NAME:
        open_ones = [tool for tool in open_ones if tool["name"] == choice]
    found = [(at, n) for n, tool in enumerate(open_ones) if (at := _place(tool, question)) >= 0]
    if found:
        chosen = open_ones[min(found)[1]]
    elif open_ones and choice != "auto":
        chosen = open_ones[0]
    else:
        return None
    return SimulatedCall(chosen["name"], fill(chosen.get("parameters") or {}, question))


def require_choice(choice: str, tools: Sequence[Tool]) -> None:
    """Refuse a choice that no call can meet.

    Args:
        choice: As for `choose_call`.
        tools: Likewise.

    Raises:
        ValueError: The choice names no tool.

    Example:
        >>> from vs_core.adapters.simulation import require_choice
        >>> require_choice("any", [{"name": "look"}])
    """
    names = [tool["name"] for tool in tools]
    if choice not in (*_WITHOUT_NAME, *names):
        known = ", ".join(map(repr, names)) or "none"
        raise ValueError(
            f"tool_choice={choice!r} names no tool: the tools are {known}; or take 'auto', 'any' "
            "or 'none'"
        )


def _place(tool: Tool, question: str) -> int:
    """Where a question mentions a tool, -1 if it does not."""
    words = [word.lower() for word in _WORDS.findall(tool["name"])]
    telling = [word for word in words if word not in _USUAL] or [" ".join(words)]
    said = question.lower()
    places = [
        found.start() if (found := re.search(rf"\b{re.escape(word)}", said)) else -1
        for word in telling
    ]
    whole = said.find(tool["name"].lower())
    return min(places) if min(places, default=-1) >= 0 else whole
