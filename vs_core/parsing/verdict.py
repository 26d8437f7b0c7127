"""Which series of a reply is the answer: the judgement over the whole text.

What encloses beats what it encloses, if it has numbers of its own. Then strong notations (tags,
JSON) beat weak ones (lists, sections, labelled lines, tables), whichever comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vs_core.parsing.asked import Expectation
from vs_core.parsing.clean.characters import alternatives, items_of_html, without_end_token
from vs_core.parsing.clean.thinking import without_thoughts
from vs_core.parsing.fragment import Fragment
from vs_core.parsing.record.explained_labels import explained_labels
from vs_core.parsing.record.labels_beside import pairs_in
from vs_core.parsing.record.record import Record
from vs_core.parsing.record.typed_texts import TypedTexts
from vs_core.parsing.segment.lines import Line, lines_of
from vs_core.parsing.segment.starts import (
    Start,
    behind_set,
    fences_in,
    in_mid_line_before,
    starts_in,
)
from vs_core.parsing.series.outcome import Weak
from vs_core.parsing.series.strong import Readers, Reading
from vs_core.parsing.series.weak import weak_in
from vs_core.values.terms import Layout

PREFILLED = {"/text": "<response><text>", "/response": "<response>"}
"""What stood in front of a reply that begins in mid-candidate, by the end tag met first."""

TOO_LONG = "behind the 10,000 lines that are read of a list"

_DEEPEST = 3
_MOST_LINES = 10_000
_MOST_TRIES = 4
_BEFORE_ALL = " \t\r\n`jsonxml"


@dataclass(frozen=True)
class Verdict:
    """The answer in a reply.

    Attributes:
        records: Its candidates.
        layout: The notation they were read in, None where there are none.
        rule: Which rule decided, in plain words.
        dropped: What looked like a candidate and was not taken.
        cut: Whether the reply ends inside the answer.
    """

    records: tuple[Record, ...] = ()
    layout: Layout | None = None
    rule: str = "nothing in the reply is a candidate"
    dropped: tuple[Fragment, ...] = ()
    cut: bool = False

    @property
    def complete(self) -> bool:
        """Whether every candidate has a number."""
        return bool(self.records) and all(record.raw is not None for record in self.records)


class Judge:
    """Reads whole replies.

    Args:
        expected: What was asked for.
        truncated: Whether the provider says that the reply was cut off; None if it says nothing.
        depth: How many replies stand around this one.
    """

    def __init__(
        self, expected: Expectation, *, truncated: bool | None = None, depth: int = 0
    ) -> None:
        self._expected = expected
        self._truncated = truncated
        self._depth = depth

    def readers(self) -> Readers:
        """Readers of strong series."""
        return Readers(self._expected, self.series_inside)

    def series_inside(self, text: str) -> list[Record]:
        """The candidates of a reply that stands inside this one, if all of them have numbers."""
        if self._depth >= _DEEPEST:
            return []
        inner = Judge(self._expected, depth=self._depth + 1).judge(text)
        if not inner.complete or (len(inner.records) == 1 and inner.layout == "lines"):
            return []
        return list(inner.records)

    def judge(self, text: str) -> Verdict:
        """Find the answer in a whole reply."""
        answer, thoughts, still_open = without_thoughts(without_end_token(text))
        if answer.strip():
            found = self._judge(answer)
            if self._expected.labelled and not self._any_fits(found):
                explained = explained_labels(answer)
                rule = "lines of a label, a number and a reason"
                found = Verdict(tuple(explained), "lines", rule) if explained else found
            if found.records or not thoughts:
                return found
        for thought in reversed(thoughts[-_MOST_TRIES:]):
            inner = self._judge(_last_series(thought), in_thought=True)
            if inner.layout == "lines" and still_open and self._truncated:
                continue
            is_answer = inner.complete or (inner.layout == "json" and self._all_fit(inner))
            if is_answer and (len(inner.records) > 1 or inner.layout != "lines"):
                return replace(inner, rule=f"{inner.rule}; nothing stands behind the thinking")
        return Verdict(cut=still_open)

    def _any_fits(self, verdict: Verdict) -> bool:
        """Whether any record has a number, and is a value of the type that was asked for."""
        return any(r.raw is not None and self._expected.fits(r.text) for r in verdict.records)

    def _all_fit(self, verdict: Verdict) -> bool:
        """Whether all records are values of the type that was asked for."""
        fits = self._expected.fits if self._expected.typed else (lambda _: False)
        return bool(verdict.records) and all(fits(record.text) for record in verdict.records)

    def _judge(self, text: str, *, in_thought: bool = False) -> Verdict:
        starts, _ = starts_in(text, final=True)
        lines, weak = self._weak(text)
        strong = self._strong(text, starts, weak, lines)
        if strong is not None and strong.records:
            return strong
        for other, why in alternatives(text):
            inner = self._strong(other, starts_in(other, final=True)[0], None, [])
            if inner is not None and inner.records:
                return replace(inner, rule=f"{inner.rule}, read as {why}")
        if strong is not None and (self._truncated or weak is None or not weak.complete):
            return strong
        if weak is not None and weak.good:
            in_yaml = self._in_fences(text, of="yaml", outside=weak)
            return in_yaml if in_yaml is not None and in_yaml.complete else _of_weak(weak)
        if (listed := items_of_html(text)) and not in_thought:
            return self._judge(listed, in_thought=True)
        if (fenced := self._in_fences(text)) is not None:
            return fenced
        if weak is not None:
            return _of_weak(weak)
        return Verdict() if in_thought else self._without_series(text, starts)

    def _without_series(self, text: str, starts: Sequence[Start]) -> Verdict:
        """What a reply is in which no series begins where one may."""
        if self._expected.labelled and (pairs := pairs_in(text, self._expected.fields)):
            return Verdict(tuple(pairs), "xml", "labels and numbers alternate in elements")
        if self._expected.typed and (values := TypedTexts(self._expected).in_whole(text)):
            return Verdict(tuple(values), "json", "the reply is nothing but values of the type")
        return self._mid_line(text, starts)

    def _weak(self, text: str) -> tuple[list[Line], Weak | None]:
        """The lines of a text and the series in them; what is too long is reported, not read."""
        *first, rest = text.split("\n", _MOST_LINES)
        if len(first) < _MOST_LINES or not rest.strip():
            lines = lines_of(text)
            return lines, weak_in(lines, self._expected, truncated=self._truncated)
        lines = lines_of("\n".join(first))
        weak = weak_in(lines, self._expected, truncated=True)
        if weak is not None:
            weak = replace(weak, dropped=(*weak.dropped, Fragment(rest, TOO_LONG)), cut=True)
        return lines, weak

    def _strong(
        self, text: str, starts: Sequence[Start], weak: Weak | None, lines: Sequence[Line]
    ) -> Verdict | None:
        begun: Verdict | None = None
        for fenced in (False, True):
            usable = [
                s
                for s in starts
                if s.fenced == fenced
                and (s.begins_line or _is_prefilled(s, starts))
                and not (self._truncated and _is_content(lines, text.count("\n", 0, s.at)))
            ]
            found = self._first(text, usable, starts)
            if found is None:
                continue
            verdict, at = found
            if not verdict.records:
                begun = begun or verdict
                continue
            if weak is not None and weak.encloses(text.count("\n", 0, at)):
                return _of_weak(weak)
            return verdict
        return begun

    def _first(
        self, text: str, usable: Sequence[Start], starts: Sequence[Start]
    ) -> tuple[Verdict, int] | None:
        """The first series that a usable place begins, else one that was cut off in it."""
        begun: tuple[Verdict, int] | None = None
        draft: tuple[Verdict, int] | None = None
        tags_tried, values_tried = False, 0
        for start in usable:
            if start.notation == "json":
                if values_tried >= _MOST_TRIES:
                    continue
                values_tried += 1
                given = text[start.at :]
                given = "{" + given if given[0] == '"' else given
                verdict = self._read(self.readers().json(text[: start.at]), given, "json")
            elif tags_tried or (start.is_set and behind_set(text, start) in "{[\"'"):
                continue
            elif start.name.startswith("/"):
                if not _is_prefilled(start, usable):
                    continue
                tags_tried = True
                verdict = self._read(self.readers().tags(), PREFILLED[start.name] + text, "xml")
            else:
                tags_tried = True
                begin = in_mid_line_before(text, starts, start)
                verdict = self._read(self.readers().tags(), text[begin.at :], "xml")
            if verdict.records and (verdict.complete or not self._expected.typed):
                return verdict, start.at
            if verdict.records:
                # A value of the type stands in prose easily; the answer has numbers.
                draft = draft or (verdict, start.at)
            if verdict.cut and not text[: start.at].strip(_BEFORE_ALL):
                begun = begun or (verdict, start.at)
        return draft or begun

    def _read(self, reading: Reading, text: str, layout: Layout) -> Verdict:
        records = reading.feed(text) + reading.close(truncated=self._truncated)
        return Verdict(
            tuple(records),
            layout if records else None,
            "a strong notation: the first series in it is the answer",
            tuple(reading.dropped),
            reading.cut,
        )

    def _in_fences(self, text: str, *, of: str = "", outside: Weak | None = None) -> Verdict | None:
        """The series in a fence: of a language, if one is named, and outside another series."""
        for start, end in fences_in(text):
            if outside is not None and outside.encloses(text.count("\n", 0, start) + 1):
                continue
            if of and not text[start:end].lstrip("\n `~").startswith(of):
                continue
            inner = text[text.find("\n", start) + 1 : end]
            closing = inner.rstrip().rfind("\n")
            if inner.rstrip().endswith(("```", "~~~")):
                inner = inner[: closing + 1]
            if not inner.strip() or (self._truncated and text[:start].strip()):
                continue
            weak = weak_in(lines_of(inner), self._expected, truncated=self._truncated)
            if weak is not None and weak.good:
                return _of_weak(weak)
        return None

    def _mid_line(self, text: str, starts: Sequence[Start]) -> Verdict:
        usable = [s for s in starts if not (s.begins_line or s.name.startswith("/"))]
        found = self._first(text, usable, starts)
        return found[0] if found is not None and found[0].complete else Verdict()


def _last_series(thought: str) -> str:
    """Thinking from the last place on at which, behind prose, a strong series begins."""
    last = 0
    for start in starts_in(thought, final=True)[0]:
        before = thought[: start.at].rstrip()
        if (
            start.begins_line
            and not start.name.startswith("/")
            and before[-1:] not in (">", "}", ",")
        ):
            last = start.at
    return thought[last:]


def _is_prefilled(start: Start, starts: Sequence[Start]) -> bool:
    """Whether a place shows that the reply begins in mid-candidate."""
    return start is starts[0] and start.name in PREFILLED


def _is_content(lines: Sequence[Line], at: int) -> bool:
    """Whether a line stands in a candidate that has been announced, behind text of it."""
    above = next((line for line in reversed(lines[:at]) if line.kind == "text"), None)
    if above is None or above.announced:
        return False
    return any(line.announced for line in lines[:at])


def _of_weak(weak: Weak) -> Verdict:
    return Verdict(
        weak.records, "lines" if weak.records else None, weak.rule, weak.dropped, weak.cut
    )
