"""Reading a reply as it arrives: what is delivered at once, and what waits for the end.

A strong series delivers each candidate when it is complete, if what stands before it leaves no
doubt that it is the answer. That is decided once, from the text in front of the series alone, so
that any chunking of a reply gives the same candidates.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace

from vs_core.parsing.asked import Expectation
from vs_core.parsing.clean.thinking import (
    CLOSING,
    LONGEST_MARK,
    OPENING,
    begins_line,
    is_quoted,
    without_thoughts,
)
from vs_core.parsing.outermost import outermost_count
from vs_core.parsing.record.record import Record
from vs_core.parsing.segment.begun import BegunCandidates
from vs_core.parsing.segment.lines import line_of, lines_of
from vs_core.parsing.segment.number_found import BARE
from vs_core.parsing.segment.number_place import numbers_in
from vs_core.parsing.segment.starts import (
    Start,
    behind_set,
    each_start,
    exact_line_at,
    in_mid_line_before,
    may_become_exact_line,
)
from vs_core.parsing.series.asked_lines import AskedLines
from vs_core.parsing.series.reasoning import shared_reasoning
from vs_core.parsing.series.strong import Reading
from vs_core.parsing.verdict import PREFILLED, Judge, Verdict
from vs_core.values.terms import Layout

LONGEST_PREAMBLE = 400
_WINDOW = 128
_SHARE_BETWEEN_LOOKS = 8
_SHORTEST = 4
_WORDS = re.compile(r"[\w\s]{0,40}")
_THINKS_ALOUD = re.compile(
    r"\s*(?:okay|ok|hmm+|alright|well|let\sme\sthink|so\b|first,|wait|the\suser|we\sneed|i\sneed|i\sshould)\b",
    re.IGNORECASE,
)

_log = logging.getLogger(__name__)
"""How thinking begins whose opening tag stood in the prompt."""
_LAYOUTS: dict[str, Layout] = {"tags": "xml", "json": "json", "lines": "lines"}
_BEHIND_SET = "{[\"'`"


class ReplyReader:
    """Reads one reply, fed in pieces.

    Args:
        expected: What was asked for.
    """

    def __init__(self, expected: Expectation) -> None:
        self._expected = expected
        self._chunks: list[str] = []
        self._preamble = ""
        self._passed = 0
        self._window = _WINDOW
        self._in_thought = False
        self._waits = False
        self._live: Reading | None = None
        self._layout: Layout | None = None
        self._thought_before = False
        self._begun = BegunCandidates()
        self._length = 0
        self._next_look = 0

    @property
    def provisional_count(self) -> int:
        """How many candidates seem to have begun."""
        if self._live is not None:
            return self._live.found
        return self._begun.count(self._chunks)

    def holds(self, number: int) -> bool:
        """Whether so many candidates are complete; what waits for the end is judged as it stands.

        Args:
            number: How many.
        """
        if self._live is not None and self._live.found:
            return self._live.found >= number
        if self._in_thought or self._length < max(self._next_look, number * _SHORTEST):
            return False
        # Looking again only when there is a good deal more keeps reading linear.
        self._next_look = self._length + self._length // _SHARE_BETWEEN_LOOKS
        text = "".join(self._chunks)
        if _THINKS_ALOUD.match(text):
            return False
        answer = without_thoughts(text)[0]
        found = Judge(self._expected, truncated=True).judge(answer)
        numbered = found.complete or not self._expected.numbered
        # A list without numbers may well be the text of a candidate.
        return numbered and outermost_count(answer, found.records, found.layout) >= number

    def feed(self, chunk: str) -> list[Record]:
        """Read on; the records that this piece completes."""
        self._chunks.append(chunk)
        self._length += len(chunk)
        if self._live is not None:
            return self._live.feed(chunk)
        if self._waits:
            return []
        self._preamble = self._preamble[self._passed :] + chunk
        self._passed = 0
        return self._decide(final=False)

    def close(self, *, truncated: bool | None) -> tuple[list[Record], Verdict]:
        """Read to the end.

        Args:
            truncated: Whether the provider says that the reply was cut off, None if silent.

        Returns:
            The rest of the records, and the verdict on the whole, without its records.
        """
        records: list[Record] = []
        if self._live is None and not self._waits:
            records = self._decide(final=True)
        if self._live is not None:
            live = self._live
            records += live.close(truncated=truncated)
            if live.found or (live.cut and truncated):
                rule = "a strong notation that begins the answer: read as it arrived"
                layout = self._layout if live.found else None
                verdict = Verdict((), layout, rule, tuple(live.dropped), live.cut)
                return records, verdict
        found = Judge(self._expected, truncated=truncated).judge("".join(self._chunks))
        return list(found.records), replace(found, records=())

    # --- what stands before the series ------------------------------------------------------

    def _decide(self, *, final: bool) -> list[Record]:
        """Pass over thinking; begin to read where a series begins."""
        while self._live is None and not self._waits:
            if self._in_thought:
                if not self._leave_thought(final=final):
                    return []
                continue
            step = self._next_step(final=final)
            if step is None:
                return []
            if step:
                return step
        return []

    def _leave_thought(self, *, final: bool) -> bool:
        end = CLOSING.search(self._preamble, self._passed)
        if end is None:
            held = 0 if final else LONGEST_MARK
            self._passed = max(self._passed, len(self._preamble) - held)
            return False
        self._passed = end.end()
        self._in_thought = False
        self._thought_before = True
        return True

    def _next_step(self, *, final: bool) -> list[Record] | None:
        """Records, nothing after a step that decided something, None when more text is needed."""
        while True:
            end = self._passed + self._window
            step = self._step(
                self._preamble[self._passed : end], final=final and end >= len(self._preamble)
            )
            if step is not None:
                self._window = _WINDOW
            elif not self._waits and end < len(self._preamble):
                self._window *= 2
                continue
            return step

    def _step(self, text: str, *, final: bool) -> list[Record] | None:
        passed, start, decided, certain = self._first_usable(text, final=final)
        opening, closing = OPENING.search(text), CLOSING.search(text)
        at = min(decided if start is None else start.at, LONGEST_PREAMBLE)
        if (
            opening is not None
            and opening.start() <= at
            and self._is_thought(text, opening.start())
            and (closing is None or opening.start() < closing.start())
        ):
            self._passed += opening.end()
            self._in_thought = True
            return []
        if (
            closing is not None
            and closing.start() <= at
            and not self._is_mention(text, closing.start(), closing.end())
        ):
            self._passed += self._last_closing(text, closing.end())
            self._thought_before = True
            return []
        if start is None:
            self._waits = certain and decided > LONGEST_PREAMBLE + LONGEST_MARK
            return None
        mid_line = in_mid_line_before(text, passed, start) is not start
        if start.at > LONGEST_PREAMBLE or mid_line or self._is_doubtful(text, start):
            self._waits = True
            return None
        return self._begin(start)

    @staticmethod
    def _last_closing(text: str, end: int) -> int:
        """The end of the last of several lone end marks with nothing but words between."""
        while (words := _WORDS.match(text, end)) and (found := CLOSING.match(text, words.end())):
            end = found.end()
        return end

    def _is_thought(self, text: str, at: int) -> bool:
        return begins_line(text, at) or (self._thought_before and not text[:at].strip())

    @staticmethod
    def _is_mention(text: str, at: int, end: int) -> bool:
        opened = OPENING.search(text, 0, at)
        return is_quoted(text, at, end) or (
            opened is not None and not begins_line(text, opened.start())
        )

    def _first_usable(
        self, text: str, *, final: bool
    ) -> tuple[list[Start], Start | None, int, bool]:
        """The first place that counts.

        Returns:
            The places before it that do not; the place, if there is one; up to where the text is
            decided, if there is none; and whether that is certain.
        """
        passed: list[Start] = []
        for start in each_start(text, final=final):
            if isinstance(start, int):
                return passed, self._exact_line(text, start, final=final), start, True
            prefilled = not passed and start.name in PREFILLED
            following = behind_set(text, start) if start.is_set else ""
            if not prefilled and (not start.begins_line or start.name.startswith("/")):
                passed.append(start)
            elif start.is_set and not following and not final:
                return passed, None, len(text), False
            elif start.is_set and following in _BEHIND_SET:
                passed.append(start)
            else:
                line = self._exact_line(text, start.at)
                first = line if line is not None and line.at < start.at else start
                return passed, first, len(text), True
        return passed, self._exact_line(text, len(text), final=final), len(text), True

    def _exact_line(self, text: str, stop: int, *, final: bool = True) -> Start | None:
        if self._expected.layout != "lines":
            return None
        at = 0
        while 0 <= at < min(stop + 1, len(text)):
            if exact_line_at(text, at) is not None:
                return Start(at, "lines", "", begins_line=True, fenced=False)
            if not final and may_become_exact_line(text, at):
                return None
            at = text.find("\n", at) + 1
            if at == 0:
                break
        return None

    def _is_doubtful(self, text: str, start: Start) -> bool:
        """Whether only the end of the reply tells if this is the answer."""
        # A value of the type stands in prose or in the thinking easily, where no JSON was asked.
        is_bare = self._expected.typed and self._expected.layout != "json"
        is_bare = is_bare and start.notation == "json" and text[start.at] == "{"
        return is_bare or self._must_wait(text, start)

    @staticmethod
    def _must_wait(text: str, start: Start) -> bool:
        """Whether what stands before a series leaves a doubt that it is the answer."""
        before = text[: start.at]
        if start.fenced:
            fence = max(before.rfind("```"), before.rfind("~~~"))
            if before[:fence].strip():
                return True
        if _THINKS_ALOUD.match(before):
            return True
        for raw in before.split("\n"):
            line = line_of(raw)
            numbered = line.level or line.announced or (line.mark and line.mark[0] != "bullet")
            if (
                line.kind == "text"
                and numbered
                and any(n.strength > BARE for n in numbers_in(line.body))
            ):
                return True
        return False

    def _begin(self, start: Start) -> list[Record] | None:
        text = self._preamble[self._passed :]
        given = text[start.at :]
        readers = Judge(self._expected).readers()
        if start.notation == "lines":
            self._live = AskedLines(shared_reasoning(lines_of(text[: start.at])))
        elif start.notation == "json":
            self._live = readers.json(text[: start.at])
            given = "{" + given if given[0] == '"' else given
        elif start.name.startswith("/"):
            self._live = readers.tags()
            given = PREFILLED[start.name] + text
        else:
            self._live = readers.tags()
        _log.debug("reading %s as it arrives, from character %d on", start.notation, start.at)
        self._layout = _LAYOUTS[start.notation]
        self._preamble = ""
        return self._live.feed(given) or None
