"""Where the last item ends: before the prose that follows it, or where the reply is cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vs_core.parsing.block import Reading, read_block
from vs_core.parsing.folding import fold
from vs_core.parsing.labels import label_at_start, label_before, role_of
from vs_core.parsing.lines import Line
from vs_core.parsing.prologue import is_closing

_MOST_TRIALS = 40
_BEGUN_GROUP = re.compile(r"[(\[]([^()\[\]\n]{0,40})\Z")
_BEGUN_LABEL = re.compile(
    r"[\s*_\-\u2013\u2014|,;]*[:=\uff1a]?[\s*_]*(?:[~\u2248<>]?\s?\d{0,3}[.,]?\d{0,20})?\Z"
)


def without_begun_number(text: str) -> str | None:
    """The text before a number's notation that is cut off; None if there is none."""
    folded = fold(text)
    group = _BEGUN_GROUP.search(folded, max(0, len(folded) - 48))
    if group is not None and group.start():
        inner = group[1].strip(" *_")
        label = label_at_start(inner) or label_at_start(inner + ":")
        if not inner.strip("0123456789.,~<%") or (label and role_of(label[0]) == "number"):
            return text[: group.start()].rstrip(" \t\n*_-\u2013\u2014|,;")
    last = folded.rfind("\n") + 1
    label = label_at_start(folded[last:]) or label_at_start(folded[last:].rstrip() + ":")
    if last and label is not None and role_of(label[0]) == "number":
        return text[:last].rstrip()
    number = _BEGUN_LABEL.search(folded, max(0, len(folded) - 40))
    if number is not None and number.start():
        left = folded[: number.start()]
        at = label_before(left, separated=True)
        if at:
            return text[:at].rstrip(" \t\n*_-\u2013\u2014|,;:")
    return None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the earlier items of a list looked like.

    Attributes:
        count: How many there were.
        paragraphs: The most paragraphs a text had.
        after: The most lines that stood behind a number.
        numbered: Whether they had numbers.
    """

    count: int
    paragraphs: int
    after: int
    numbered: bool


def end_of_item(lines: list[Line], reading: Reading, seen: Seen, place: str) -> int:
    """Where the last item ends and the prose behind the list begins.

    Args:
        lines: The lines from the beginning of the item to the end of the reply.
        reading: What they say, taken together.
        seen: What the earlier items looked like.
        place: Where their numbers stood.
    """
    number = reading.number_line
    tried = 0
    for at in range(1, len(lines)):
        line, previous = lines[at], lines[at - 1]
        after_gap = previous.kind in ("blank", "rule")
        if line.kind == "rule" and at > number and any(x.kind == "text" for x in lines[:at]):
            return at
        if line.kind != "text" or at <= number or line.label in ("text", "reason"):
            continue
        if after_gap and line.level and line.style is not None:
            return at
        follows_on = reading.place == "tail" and not line.indent and not seen.after
        if (after_gap or follows_on) and tried < _MOST_TRIALS:
            tried += 1
            if _is_complete(lines, at, reading, seen, place):
                return at
    return len(lines)


def _is_complete(lines: list[Line], at: int, reading: Reading, seen: Seen, place: str) -> bool:
    """Whether the item is as long at a place as the earlier ones were, and prose follows."""
    number, line = reading.number_line, lines[at]
    if line.indent > lines[0].indent or (number < 0 and seen.numbered):
        return False
    before = read_block(lines[:at], place)
    if not before.item.text or (seen.count and before.paragraphs < max(1, seen.paragraphs)):
        return False
    number_first = number == 0 and (reading.place != "tail" or not lines[0].body)
    return before.after >= seen.after or number_first or is_closing(line)
