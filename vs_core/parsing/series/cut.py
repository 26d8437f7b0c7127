"""A candidate in lines that the end of the reply cuts off: what is left of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vs_core.parsing.clean.characters import fold
from vs_core.parsing.fragment import NUMBER_CUT
from vs_core.parsing.record.record import Record
from vs_core.parsing.segment.labels import label_at_start, number_label_before
from vs_core.parsing.segment.lines import Line
from vs_core.parsing.series.line_series import LineSegment, LineSeries

_BEGUN_GROUP = re.compile(r"[(\[]([^()\[\]\n]{0,40})\Z")
_BRACKETS = "([\uff08\uff3b\u3010"
_BEGUN_LABEL = re.compile(
    r"[\s*_\-\u2013\u2014|,;]*[:=\uff1a]?[\s*_]*(?:[~\u2248<>]?\s?\d{0,3}[.,]?\d{0,20})?\Z"
)
_JOINTS = " \t\n-\u2013\u2014|,;:\uff0c\uff1b\uff1a"
_MARKS = " \t*_-+\u2022"
_PROBABILITY = "probability"
_ELSEWHERE = frozenset(("field", "own", "lead", "middle"))
_TEXT_FOLLOWS = ("lead", "middle")
_SHORTEST_LABEL = 4
_BEFORE_NUMBER = re.compile(r"[^\d.,~<]*(?<!\s)")
_CUT_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}[.,]\Z")


def without_begun_number(text: str, *, inline: bool) -> str | None:
    """The text in front of the notation of a number that is cut off; None if there is none.

    Args:
        text: The text that the end of the reply cuts off.
        inline: Whether the number may stand on the last line of the text.
    """
    folded = fold(text)
    last = folded.rfind("\n") + 1
    if last and _is_label(folded[last:]):
        return text[:last].rstrip()
    group = _BEGUN_GROUP.search(folded, max(0, len(folded) - 48)) if inline else None
    if (
        group is not None
        and text[group.start()] in _BRACKETS
        and _begins_number(group[1].strip(" *_"))
    ):
        return _without_joint(text[: group.start()])
    number = _BEGUN_LABEL.search(folded, max(0, len(folded) - 40))
    if number is not None and number.start():
        at = number_label_before(folded[: number.start()], separated=True)
        begun = folded[at or 0 :]
        if not number[0].strip() and len(begun.strip()) < _SHORTEST_LABEL:
            # `Old p` may go on as `Old pond`.
            return None
        if at and (inline or not folded[last:at].strip(_MARKS)):
            return _without_joint(text[:at])
    return None


def _without_joint(text: str) -> str:
    """A text without what would have joined it to its number, and without half a pair of markup."""
    text = text.rstrip(_JOINTS)
    for mark in ("**", "__", "*", "_"):
        if text.endswith(mark) and text.count(mark) % 2:
            return text[: -len(mark)].rstrip(_JOINTS)
    return text


def _begins_number(inner: str) -> bool:
    """Whether an open bracket at the end holds the beginning of a number or its label."""
    if not inner.strip("0123456789.,~<%"):
        return True
    return _is_label(inner) or _PROBABILITY.startswith(inner.lower())


def _is_label(line: str) -> bool:
    if line.lstrip().startswith(("```", "~~~")):
        return False
    label = label_at_start(line) or label_at_start(line.rstrip() + ":")
    return label is not None and label.role == "number"


def ends_at_number(series: LineSeries, lines: Sequence[Line]) -> bool:
    """Whether the reply ends where the number of its last segment begins, the text being whole."""
    segment = series.trailing[-1]
    ends = not any(line.kind != "blank" for line in lines[segment.end :])
    return ends and bool(without_begun_number(segment.text, inline=_is_inline(series)))


def cut_record(
    series: LineSeries, segment: LineSegment, record: Record, *, truncated: bool | None
) -> tuple[Record | None, bool]:
    """The last record of a reply that may end in it: a cut number is not read, a cut text is none.

    Args:
        series: The series it belongs to.
        segment: Where it stands.
        record: What it says.
        truncated: Whether the provider says that the reply was cut off; None if it says nothing.

    Returns:
        What is left of it, None if its text is cut; and whether it is cut.
    """
    if truncated and record.text == segment.fields.title:
        return None, True
    lone = len(series.segments) + len(series.trailing) == 1 and segment.fields.last_line > 0
    begins_behind = segment.stated is None or segment.stated.line < segment.fields.last_line
    if begins_behind and _ends_as_earlier_ones(series, segment, lone=lone):
        text = without_begun_number(record.text, inline=_is_inline(series) and not lone)
        if text and text == record.text.rpartition("\n")[0].rstrip():
            above = segment.fields.lines[: segment.fields.last_line]
            text = replace(segment.fields, lines=above).read(None)[0]
        if text is not None:
            return (_without_number(record, text) if text else None), True
    if _is_number_cut(segment, record):
        return _without_number(record), True
    if truncated is not True:
        return record, False
    if _may_state_it_elsewhere(series, segment, lone=lone):
        return None, True
    stated = segment.stated
    at_number = stated is not None and stated.line == segment.fields.last_line
    if stated is None or not at_number or series.spot in _TEXT_FOLLOWS or not stated.raw:
        return None, True
    if _last_line(segment).endswith((")", "]", "}", "%", "**")):
        return record, False
    return _without_number(record), True


def _without_number(record: Record, text: str | None = None) -> Record:
    text = record.text if text is None else text
    return replace(record, text=text, raw=None, repairs=(NUMBER_CUT,))


def _last_line(segment: LineSegment) -> str:
    return segment.fields.lines[segment.fields.last_line].raw.rstrip()


def _is_inline(series: LineSeries) -> bool:
    """Whether the numbers of a series may stand at the end of its texts."""
    return series.spot not in _ELSEWHERE


def _is_number_cut(segment: LineSegment, record: Record) -> bool:
    """Whether the reply ends behind the decimal sign of a number."""
    raw = (record.raw or "").rstrip("*_ ")
    if raw.endswith((".", ",")) and not raw.rstrip(" .,"):
        return True
    stated = segment.stated
    if stated is None or stated.line != segment.fields.last_line:
        return False
    line = fold(_last_line(segment))
    return bool(_CUT_NUMBER.search(line)) and line.endswith(fold(stated.raw)[-1:])


def _may_state_it_elsewhere(series: LineSeries, segment: LineSegment, *, lone: bool) -> bool:
    """Whether a number in the last segment may belong to its text.

    Where the others state theirs on a line of its own, that line has not come; where there are no
    others, nothing shows where it stands.
    """
    if series.spot != "field":
        return lone
    stated = segment.stated
    return stated is not None and stated is not segment.fields.stated.get("field")


def _ends_as_earlier_ones(series: LineSeries, segment: LineSegment, *, lone: bool) -> bool:
    """Whether the last line may become one such as those that state the other numbers."""
    last = segment.fields.lines[segment.fields.last_line].raw.strip()
    if lone:
        return ":" in fold(last)
    if series.spot != "field":
        return True
    begun = _BEFORE_NUMBER.match(last)
    earlier = [
        s.fields.lines[s.stated.line].raw.strip()
        for s in series.segments
        if s is not segment and s.stated is not None
    ]
    return not earlier or any(begun is None or line.startswith(begun[0]) for line in earlier)
