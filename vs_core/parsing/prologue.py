"""Lines in which no list with numbers was found: plain lists, single items, lead-ins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vs_core.parsing.block import read_block
from vs_core.parsing.item import Doubtful, Item

if TYPE_CHECKING:
    from vs_core.parsing.lines import Line, Style

_INTRO = re.compile(
    r"(?:sure|certainly|of course|absolutely|okay|ok|here|below|the following|these are|i'll"
    r"|i will|let me|great|voici|bien s\u00fbr|aqu\u00ed|claro|hier|nat\u00fcrlich|ecco"
    r"|\u4ee5\u4e0b|\u4e0b\u9762|\u597d\u7684|\ub2e4\uc74c|\uc544\ub798|\u306f\u3044"
    r"|\u0432\u043e\u0442|\u043a\u043e\u043d\u0435\u0447\u043d\u043e)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"[*_(\s]{0,4}(?:let me know|i hope|hope (?:this|these|that)|would you like|feel free|if you"
    r"|please (?:let|note)|note\b|these (?:responses|probabilities|jokes|are|numbers)"
    r"|the (?:probabilities|above|responses)|each (?:of|response)|all (?:of|prob)|total\b|sum\b"
    r"|in (?:summary|total)|overall,|n\.?b\.|\u6ce8|\u8bf4\u660e|\u5e0c\u671b)",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"(?:i(?:'|\u2019)m|i am) (?:sorry|unable|not able)|sorry,|i (?:can(?:'|\u2019)?t|cannot"
    r"|won(?:'|\u2019)?t)\b|as an ai|i apologi[sz]e|unfortunately",
    re.IGNORECASE,
)
_RANKS = {
    "announced": 5,
    "numbered heading": 4,
    "number": 3,
    "letter": 2,
    "bullet": 1,
    "heading": 0,
}


def looks_like_intro(line: Line) -> bool:
    """Whether a line only leads up to the answer."""
    text = line.raw.strip().rstrip("*_ ")
    return text.endswith((":", "\uff1a")) or _INTRO.match(text.lstrip("*_# ")) is not None


def is_closing(line: Line) -> bool:
    """Whether a line speaks about the answer instead of being part of it."""
    return _CLOSING.match(line.raw.strip()) is not None


def is_refusal(lines: list[Line]) -> bool:
    """Whether a reply begins by declining."""
    first = next((line.raw.strip() for line in lines if line.kind == "text"), "")
    return _REFUSAL.match(first) is not None


def single_item(lines: list[Line], anchor: int) -> Item | None:
    """The one item of a reply in which only one number was found."""
    start = _start_of_single(lines, anchor)
    if start is None:
        return None
    if (
        lines[anchor].has_inline
        and lines[anchor].style is None
        and not _stands_alone(lines, start, anchor)
    ):
        return None
    block = lines[start:]
    has_text_before = any(
        line.kind in ("text", "code") and line.body and not line.only_number
        for line in block[: anchor - start + 1]
    )
    if lines[anchor].has_inline and lines[anchor].style is None:
        block = block[: anchor - start + 1]
    for at in range(anchor - start + 1, len(block)):
        if has_text_before and block[at - 1].kind in ("blank", "rule"):
            block = block[:at]
            break
    reading = read_block(block)
    return reading.item if reading.item.text else None


def _stands_alone(lines: list[Line], start: int, anchor: int) -> bool:
    """Whether a line of running text with a number is all that the reply says."""
    if any(line.style is not None or line.label for line in lines[start:anchor]):
        return True
    before = [line for line in lines[:start] if line.kind == "text"]
    after = [line for line in lines[anchor + 1 :] if line.kind == "text"]
    strong = lines[anchor].found
    return (
        len(before) <= 1
        and all(map(looks_like_intro, before))
        and len(after) <= 1
        and strong is not None
        and strong.place != "middle"
    )


def _start_of_single(lines: list[Line], anchor: int) -> int | None:
    marked = [
        i
        for i, line in enumerate(lines[: anchor + 1])
        if line.kind == "text"
        and line.style is not None
        and line.style[0] in _RANKS
        and not (i == anchor and line.only_number and line.style[0] != "number")
    ]
    for kind in ("announced", "numbered heading", "number"):
        places = [i for i in marked if lines[i].style and lines[i].style[0] == kind]  # type: ignore[index]  # checked before
        if places:
            return places[-1]
    texts = [i for i, line in enumerate(lines[: anchor + 1]) if line.label == "text"]
    if texts:
        return texts[-1]
    if marked:
        return marked[-1]
    if (
        not any(line.kind in ("text", "code") for line in lines[:anchor])
        and lines[anchor].only_number
    ):
        return anchor
    start = None
    for i in range(anchor, -1, -1):
        line = lines[i]
        if line.kind in ("blank", "rule"):
            if (start is not None and start < anchor) or (
                start == anchor and lines[anchor].has_inline
            ):
                break
            continue
        if i < anchor and looks_like_intro(line) and start is not None:
            break
        start = i
    return start


def plain_lists(lines: list[Line]) -> list[Doubtful]:
    """Lists without numbers, which are answers only if nothing better is in the reply."""
    if is_refusal(lines):
        return []
    runs: dict[Style, list[list[int]]] = {}
    for i, line in enumerate(lines):
        if line.kind != "text" or line.style is None or line.style[0] not in _RANKS:
            continue
        style_runs = runs.setdefault(line.style, [[]])
        run = style_runs[-1]
        if run and line.ordinal is not None and lines[run[-1]].ordinal is not None:
            last = lines[run[-1]].ordinal or 0
            if line.ordinal == last and last > 1:
                run.pop()
            elif line.ordinal not in (last + 1, last):
                run = []
                style_runs.append(run)
        run.append(i)
    found = [
        _as_doubtful(lines, style, run, following[0] if following else len(lines))
        for style, all_runs in runs.items()
        for run, following in zip(all_runs, [*all_runs[1:], []], strict=True)
    ]
    return [doubtful for doubtful in found if doubtful is not None]


def _as_doubtful(lines: list[Line], style: Style, run: list[int], limit: int) -> Doubtful | None:
    kind = str(style[0])
    rank = _RANKS[kind]
    if len(run) < (2 if rank < 3 else 1):
        return None
    if kind == "heading" or (kind == "bullet" and _is_mostly_prose(lines, run, limit)):
        return None
    ends = [*run[1:], _end_of(lines, run[-1], limit)]
    items = [read_block(lines[a:b]).item for a, b in zip(run, ends, strict=True)]
    items = [item for item in items if any(map(str.isalnum, item.text))]
    return Doubtful(items, rank, "lines") if items else None


def _end_of(lines: list[Line], start: int, limit: int) -> int:
    for at in range(start + 1, limit):
        line = lines[at]
        previous = lines[at - 1].kind
        if line.level or line.kind == "rule":
            return at
        if previous == "blank" and line.kind == "text" and not line.indent and lines[start].body:
            return at
        if line.kind == "text" and not line.indent and lines[start].body and is_closing(line):
            return at
    return limit


def _is_mostly_prose(lines: list[Line], run: list[int], limit: int) -> bool:
    inside = sum(len(lines[i].raw) for i in range(run[0], _end_of(lines, run[-1], limit)))
    return inside * 2 < sum(len(line.raw) for line in lines)
