"""Thinking aloud that stands around an answer: it yields nothing."""

from __future__ import annotations

import re

_NAMES = (
    r"(?:[a-z]{1,12}:)?(?:think|thinking|thought|thoughts|analysis|scratchpad|scratch_pad|reflection"
    r"|inner_?monologue|brainstorm|brainstorming|draft|drafts|plan|planning|reasoning_content|antthinking)"
)
OPENING = re.compile(
    rf"<{_NAMES}(?:\s[^<>]{{0,200}})?>|\[THINK\]|\u25c1think\u25b7"
    r"|<\|(?:begin_of_thought|start_of_thought|thinking)\|>"
    r"|(?:<\|start\|>\s?assistant\s?)?<\|channel\|>\s?(?:analysis|commentary)\s?<\|message\|>",
    re.IGNORECASE,
)
CLOSING = re.compile(
    rf"</{_NAMES}\s?>|\[/THINK\]|\u25c1/think\u25b7|<\|(?:end_of_thought|/thinking)\|>"
    r"|(?:<\|end\|>\s?)?(?:<\|start\|>\s?assistant\s?)?<\|channel\|>\s?final\s?<\|message\|>",
    re.IGNORECASE,
)
LONGEST_MARK = 260
_LINE_START = re.compile(r"(?:\A|\n)[ \t>*_#-]{0,8}\Z")
_REACH = 10


def begins_line(text: str, at: int) -> bool:
    """Whether nothing but marks stands before a place on its line."""
    before = text[max(0, at - _REACH) : at]
    if at > _REACH:
        before = "." + before
    return _LINE_START.search(before) is not None


def is_quoted(text: str, at: int, end: int) -> bool:
    """Whether a stretch stands in backticks."""
    return text[at - 1 : at] == "`" and text[end : end + 1] == "`"


def without_thoughts(text: str) -> tuple[str, list[str], bool]:
    """A reply without its blocks of thinking.

    Returns:
        What is left; the blocks, and what a lone end mark drops; whether the last is still open.
    """
    thoughts: list[str] = []
    kept: list[str] = []
    at = mentioned = 0
    opening, closing = OPENING.search(text), CLOSING.search(text)
    while True:
        if opening is not None and opening.start() < at:
            opening = OPENING.search(text, at)
        if closing is not None and closing.start() < at:
            closing = CLOSING.search(text, at)
        if opening is not None and (closing is None or opening.start() < closing.start()):
            kept.append(text[at : opening.start()])
            fresh = bool(thoughts) and not any(map(str.strip, kept))
            if not (begins_line(text, opening.start()) or fresh):
                mentioned += 1
                kept.append(opening[0])
                at = opening.end()
                continue
            if closing is None:
                thoughts.append(text[opening.end() :])
                return "".join(kept), thoughts, True
            thoughts.append(text[opening.end() : closing.start()])
        elif closing is None:
            return "".join([*kept, text[at:]]), thoughts, False
        elif mentioned or is_quoted(text, closing.start(), closing.end()):
            mentioned = max(0, mentioned - 1)
            kept.append(text[at : closing.end()])
        else:
            thoughts.append("".join([*kept, text[at : closing.start()]]))
            kept = []
        at = closing.end()
