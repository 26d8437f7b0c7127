"""`explain_reply`: what was read in a reply, stretch by stretch, and which rule decided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from vs_core.parsing.asked import Asked, expectation_of
from vs_core.parsing.candidate import CandidateReader
from vs_core.parsing.clean.thinking import CLOSING, OPENING
from vs_core.parsing.record.record import Record
from vs_core.parsing.stream import ReplyReader
from vs_core.values.terms import Layout

Part = Literal["before", "thinking", "candidate", "between", "dropped", "behind"]

_WIDTH = 60
_RULES: dict[Part, str] = {
    "before": "stands before the answer: numbers outside of candidates are nobody's",
    "thinking": "thinking aloud yields nothing",
    "between": "stands between candidates and belongs to none",
    "behind": "stands behind the answer",
}


class Stretch(BaseModel):
    r"""A stretch of a reply, and what it was taken for.

    Attributes:
        text: As written.
        part: What it is of the reply.
        rule: Which rule decided, in plain words.

    Example:
        >>> from vs_core import explain_reply
        >>> explain_reply("Sure!\n\n1. heads (0.3)\n2. tails (0.2)").stretches[0].part
        'before'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    part: Part
    rule: str


class Explanation(BaseModel):
    r"""How a reply was read; prints as a table.

    Attributes:
        stretches: From the beginning of the reply to its end.
        layout: The notation that was read, None where nothing was.
        rule: Which rule chose the answer among what the reply holds.
        truncated: Whether the reply was taken for cut off.

    Example:
        >>> from vs_core import explain_reply
        >>> print(explain_reply("Sure!\n\n1. heads (0.3)\n2. tails (0.2)"))
        lines: a weak notation (list): all candidates have a number
        before     'Sure!'             stands before the answer: numbers outside of candidates ...
        candidate  '1. heads (0.3)'    text 'heads', number '0.3' read as 0.3
        candidate  '2. tails (0.2)'    text 'tails', number '0.2' read as 0.2
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stretches: tuple[Stretch, ...]
    layout: Layout | None
    rule: str
    truncated: bool

    def __str__(self) -> str:
        rows = [(s.part, _shown(s.text), s.rule) for s in self.stretches]
        width = max((len(shown) for _, shown, _ in rows), default=0)
        cut = " (cut off)" if self.truncated else ""
        head = f"{self.layout or 'nothing'}: {self.rule}{cut}"
        return "\n".join(
            [head, *(f"{part:<10} {shown:<{width}}    {rule}" for part, shown, rule in rows)]
        )


class _Found(NamedTuple):
    """A stretch that was found in the reply."""

    start: int
    end: int
    part: Part
    rule: str


def explain_reply(
    reply: str, *, asked: Asked | None = None, truncated: bool | None = None
) -> Explanation:
    r"""Read a reply as `parse_reply` does, and say for each stretch what decided.

    Args:
        reply: What the model returned.
        asked: What was asked for, if that is known: the settings of the prompt.
        truncated: Whether the provider says that the reply was cut off; None if it says nothing.

    Example:
        >>> from vs_core import explain_reply
        >>> explained = explain_reply("<think>hm</think>\n- heads: 30%\n- tails: 20%")
        >>> [stretch.part for stretch in explained.stretches]
        ['thinking', 'candidate', 'candidate']
    """
    expected = expectation_of(asked)
    reader = ReplyReader(expected)
    records = reader.feed(reply)
    rest, verdict = reader.close(truncated=truncated)
    records += rest
    found: list[_Found] = []
    at = 0
    for record, candidate in zip(records, CandidateReader(expected).read(records), strict=True):
        read = "none that can be used" if candidate.stated is None else f"{candidate.stated:g}"
        raw = candidate.raw_probability
        number = "without a number" if raw is None else f"number {raw!r} read as {read}"
        mended = f"; {', '.join(record.repairs)}" if record.repairs else ""
        start, end = _span(reply, record, at, braces=verdict.layout == "json")
        rule = f"text {_shown(candidate.text)}, {number}{mended}"
        found.append(_Found(start, end, "candidate", rule))
        at = max(at, end)
    for fragment in verdict.dropped:
        start = reply.find(fragment.text)
        if start >= 0 and not any(one.start <= start < one.end for one in found):
            found.append(_Found(start, start + len(fragment.text), "dropped", fragment.reason))
    return Explanation(
        stretches=tuple(_stretches(reply, sorted(found))),
        layout=verdict.layout,
        rule=verdict.rule,
        truncated=verdict.cut if truncated is None else truncated,
    )


def _span(reply: str, record: Record, at: int, *, braces: bool) -> tuple[int, int]:
    """Where a record stands in the reply; nothing at a place, where the reply was decoded."""
    escaped = json.dumps(record.text, ensure_ascii=False)[1:-1]
    quoted = f'"{escaped}"'
    for written in (record.written.strip(), quoted, record.text, escaped, record.raw or ""):
        start = reply.find(written, at) if written else -1
        if start < 0:
            continue
        end = start + len(written)
        opening, closing = reply.rfind("{", at, start), reply.find("}", end)
        # In `{"responses": ["a", "b"]}` the braces are those of the whole set.
        if braces and 0 <= opening < closing and "[" not in reply[opening:start]:
            return opening, closing + 1
        return start, end
    return at, at


def _stretches(reply: str, found: list[_Found]) -> Iterator[Stretch]:
    """The whole reply: what was found, and what stands around it."""
    at = 0
    last = max((n for n, one in enumerate(found) if one.part == "candidate"), default=-1)
    seen = False
    for n, one in enumerate(found):
        yield from _around(
            reply[at : one.start], "behind" if n > last else "between" if seen else "before"
        )
        if one.start >= at or one.end > at:
            yield Stretch(text=reply[max(at, one.start) : one.end], part=one.part, rule=one.rule)
        else:
            yield Stretch(text="", part=one.part, rule=one.rule)
        seen = seen or one.part == "candidate"
        at = max(at, one.end)
    yield from _around(reply[at:], "behind" if seen else "before")


def _around(text: str, part: Part) -> Iterator[Stretch]:
    """What stands around candidates, blocks of thinking told apart."""
    closing = CLOSING.search(text)
    opening = OPENING.search(text)
    if part == "before" and closing is not None:
        start = opening.start() if opening is not None and opening.start() < closing.start() else 0
        yield from _around(text[:start], part)
        yield Stretch(text=text[start : closing.end()], part="thinking", rule=_RULES["thinking"])
        yield from _around(text[closing.end() :], part)
    elif text.strip(_NOTATION):
        yield Stretch(text=text.strip(), part=part, rule=_RULES[part])


_NOTATION = " \t\r\n,[]{}()`"


def _shown(text: str) -> str:
    """A text on one line, with control characters as escapes."""
    shown = repr(text.strip())
    return shown if len(shown) <= _WIDTH else f"{shown[: _WIDTH - 4]}...{shown[-1]}"
