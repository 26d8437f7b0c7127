"""The best of the series in lists, sections, labelled lines and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vs_core.parsing.asked import Expectation
from vs_core.parsing.clean.characters import fold
from vs_core.parsing.segment.labels import label_at_start, role_of
from vs_core.parsing.segment.lines import Line
from vs_core.parsing.segment.number_found import LABELLED
from vs_core.parsing.series.line_series import LineSeries
from vs_core.parsing.series.marked import marked_series
from vs_core.parsing.series.options import (
    UNMARKED,
    Option,
    introduces,
    is_of_items,
    is_possible,
    pruned,
    without_enclosed,
)
from vs_core.parsing.series.outcome import Weak, outcome_of, parallel_numbers
from vs_core.parsing.series.reasoning import without_thinking
from vs_core.parsing.series.tables import tables_in
from vs_core.parsing.series.unmarked import unmarked_series
from vs_core.parsing.words import names_answer, names_set

_FINALLY = 2
_FINAL = re.compile(
    r"[\s*_#>]{0,8}(?:final|now|output|here\s(?:are|is)|my\s(?:answer|response)|answer|sampling|samples?|result)",
    re.IGNORECASE,
)
_ABOUT_ANSWERS = re.compile(
    r"(?:in\s|the\s|my\s|a\s|answer\s|response\s|probability\s|final\s|quick\s|brief\s|overall\s){0,3}"
    r"(?:summary|distribution|breakdown|overview|thoughts?|notes?|approach|strategy|plan|analysis"
    r"|estimates?|these|those|tones?|styles?|categories|themes?|statistics|reasoning)\b",
    re.IGNORECASE,
)
_MOST = 60
_RANK = {"announced": 4, **UNMARKED}


def weak_in(lines: Sequence[Line], expected: Expectation, *, truncated: bool | None) -> Weak | None:
    """The series that is the answer, if the reply has no strong one."""
    masked = without_thinking(lines, lines_asked=expected.layout == "lines")
    every = [
        one
        for one in (
            *marked_series(masked, in_any_order=expected.labelled),
            *unmarked_series(masked),
        )
        if any(segment.has_text for segment in one.segments)
    ]
    found: list[Option] = [
        *(one for one in map(pruned, every) if one is not None),
        *tables_in(masked),
    ]
    options = [one for one in found if is_possible(one, lines, expected)]
    if any(one.kind == "list" and one.numbered for one in options):
        options = [one for one in options if not is_of_items(one, lines)]
    if truncated:
        begun = max((s.segments[-1].start for s in every if s.key[0] == "announced"), default=-1)
        # What stands in a candidate that has been announced may be its text: its number is missing.
        options = [o for o in options if o.kind == "announced" or not 0 <= begun < o.start]
    options = sorted(options, key=lambda one: (one.numbered, one.count), reverse=True)[:_MOST]
    options = without_enclosed(options)
    if not options:
        return None
    best = max(options, key=lambda one: _merits(one, lines, expected))
    parallel = parallel_numbers(best, every, lines)
    asked = expected.layout == "lines"
    return outcome_of(
        best, lines, _why(best, lines), parallel=parallel, asked=asked, truncated=truncated
    )


def _merits(one: Option, lines: Sequence[Line], expected: Expectation) -> tuple[float, ...]:
    """What speaks for a series: numbers on all, announced, as asked, the longest, the earlier."""
    several = one.count > 1
    few_missing = one.numbered >= 2 and one.numbered >= one.count - 2
    all_numbered = (
        2 if one.complete else 1 if few_missing or (one.numbered and one.count > 1) else 0
    )
    return (
        all_numbered and (several or one.strength == LABELLED),
        all_numbered,
        expected.layout == "lines" and _is_as_asked(one),
        -1 if _is_about_answers(one, lines) else _is_announced(one, lines),
        one.kind == "list" and expected.layout == "lines",
        min(one.strength, 2),
        several,
        _RANK.get(one.kind, 3),
        one.count,
        one.strength,
        -one.start,
    )


def _is_as_asked(one: Option) -> bool:
    """Whether it is in exactly the lines that are asked for: `N. (p) text`."""
    return (
        isinstance(one, LineSeries) and one.kind == "list" and one.spot == "lead" and one.complete
    )


def _is_about_answers(one: Option, lines: Sequence[Line]) -> bool:
    """Whether the line above names it a summary, a way to proceed, or no more than numbers."""
    above = next((line for line in reversed(lines[: one.start]) if line.kind == "text"), None)
    if above is None or above.mark or not (above.level or introduces(above)):
        return False
    told = fold(above.body).strip("*_:# ")
    return _ABOUT_ANSWERS.match(told) is not None or role_of(told) == "number"


def _is_announced(one: Option, lines: Sequence[Line]) -> int:
    """Most behind a line such as `Final:`; less behind one that names the answers."""
    before = [line for line in lines[: one.start] if line.kind == "text"]
    if before and lines[one.start - 1].kind in ("blank", "text"):
        last = before[-1]
        label = label_at_start(fold(last.body))
        told = last.body.strip("*_:# \uff1a")
        if last.level or (label is not None and label.end >= len(last.body.rstrip())):
            if _FINAL.match(fold(last.body)):
                return _FINALLY
            names = any(names_set(word) or names_answer(word) for word in told.split()[-2:])
            if names and one.kind not in UNMARKED:
                return 1
    return 1 if one.kind == "announced" else 0


def _why(one: Option, lines: Sequence[Line]) -> str:
    if _is_announced(one, lines) == _FINALLY:
        return "a line such as `Final:` announces it"
    return "all candidates have a number" if one.complete else "the longest that begins first"
