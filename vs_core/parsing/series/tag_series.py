"""The candidates of a reply in tags, handed out as their elements are complete."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from vs_core.parsing.clean.characters import text_of
from vs_core.parsing.fragment import BEGUN_AGAIN, CUT_OFF, EMPTY, NUMBER_CUT, PLACEHOLDER, Fragment
from vs_core.parsing.record.placeholder import is_placeholder
from vs_core.parsing.record.record import Record
from vs_core.parsing.record.tag_elements import raw_of
from vs_core.parsing.record.tag_fields import TagRecords
from vs_core.parsing.segment.elements import Item
from vs_core.parsing.segment.tags import Tag, TagScanner, Token, may_become_tag
from vs_core.parsing.series.plain_items import PLAIN_NAME, PlainItems

OTHER_ELEMENT = "another element than the candidates before"
MENTION = "a mention of the notation"

_LONGEST_LINE = 120
_MOST_TURNS = 4
_SEVERAL = re.compile(r"\d\s*[,;|]\s+[~<]?\.?\d")
_MARKS = " \t\r\n*_#>-0123456789.)"
_BLANK = re.compile(r"[\s|,;.*_\-\u2013\u2014]*\Z")
_LINE_WITH_MORE = re.compile(r"\S[^\n]*\n")


class TagSeries:
    """Reads a reply in tags from the first tag on.

    Attributes:
        dropped: What looked like a candidate and was not taken.
        cut: Whether the reply ends inside a candidate, or inside what encloses them.
        reasoning: Reasoning that all candidates share.
        found: How many candidates have been found.

    Args:
        records: Reads the fields of one item.
        number_alone: The number of a text that holds a number and nothing else, or None.
        series_in: The candidates of a text that is a whole numbered series, else nothing.
        admits_empty: Whether no text is a text too, as it may be of typed values.
    """

    def __init__(
        self,
        records: TagRecords,
        number_alone: Callable[[str], str | None],
        series_in: Callable[[str], list[Record]],
        *,
        admits_empty: bool = False,
    ) -> None:
        self._admits_empty = admits_empty
        self.dropped: list[Fragment] = []
        self.cut = False
        self.reasoning: str | None = None
        self.found = 0
        self._name = ""
        self._records = records
        self._number_field = records.number_field
        self._plain: PlainItems | None = PlainItems(records.number_field)
        self._number_alone = number_alone
        self._series_in = series_in
        self._scanner = TagScanner()
        self._item: Item | None = None
        self._aside: list[Token] = []
        self._open_sets = 0
        self._numbers_behind = False
        self._front: str | None = None
        self._waiting: tuple[Record, Tag] | None = None
        self._behind = ""
        self._held: Record | None = None
        self._ready: list[Record] = []
        self._line = ""
        self._is_mention = False
        self._broken = False

    def feed(self, text: str) -> list[Record]:
        """Read on; the records that this piece completes."""
        for _ in range(_MOST_TURNS):
            if self._plain is None:
                break
            rest = self._plain.feed(text)
            if self._plain.found:
                self._take_plain(self._plain.hand_out())
            if not rest:
                return self._hand_out() if self._ready else []
            self._plain = None
            end = rest.find(">") + 1 or len(rest)
            self._take_all(rest[:end])
            text = rest[end:]
        if text:
            self._take_all(text)
        return self._hand_out() if self._ready else []

    def _take_all(self, text: str) -> None:
        for token in self._scanner.feed(text):
            self._take(token)
        if self._is_idle():
            self._plain = PlainItems(self._number_field)

    def _is_idle(self) -> bool:
        """Whether nothing is open, so that the next item may be plain."""
        return (
            self._item is None
            and not self._aside
            and self._waiting is None
            and self._front is None
            and self._held is None
            and not self._scanner.holds
            and self._name in ("", PLAIN_NAME)
        )

    def _take_plain(self, records: list[Record]) -> None:
        self._line = ""
        for record in records:
            if self._is_usable(record):
                self._name = PLAIN_NAME
                self._deliver(record)

    def close(self, *, truncated: bool | None) -> list[Record]:
        """Read to the end.

        Args:
            truncated: Whether the provider says that the reply was cut off, None if silent.
        """
        begun = ""
        if self._plain is not None:
            rest, self._plain = self._plain.close(), None
            for token in self._scanner.feed(rest):
                self._take(token)
        for token in self._scanner.close():
            if isinstance(token, str) and token[0] == "<" and may_become_tag(token, 0):
                begun = token
            else:
                self._take(token)
        if self._aside:
            self._close_aside(begun, truncated=truncated)
        if self._item is not None:
            self._close_item(self._item, begun, truncated=truncated)
        self._read_behind(final=True)
        self._release()
        self._settle_held(None)
        self.cut = self.cut or (self._open_sets > 0 and truncated is not False)
        return self._hand_out()

    def _hand_out(self) -> list[Record]:
        ready, self._ready = self._ready, []
        return ready

    # --- one token ------------------------------------------------------------------------

    def _take(self, token: Token) -> None:
        if self._item is not None:
            step = self._item.take(token)
            if step != "taken":
                self._end(self._item)
                if step in ("left", "reopened"):
                    self._take(token)
        elif self._aside:
            self._take_aside(token)
        elif isinstance(token, str):
            self._take_between(token)
        elif token.closing:
            self._open_sets -= token.set and self._open_sets > 0
        else:
            self._open(token)

    def _take_between(self, text: str) -> None:
        at = text.rfind("\n")
        self._line = (self._line + text if at < 0 else text[at:])[-_LONGEST_LINE:]
        if self._waiting is not None:
            self._behind += text
            if _LINE_WITH_MORE.search(self._behind) or len(self._behind) > 400:
                self._read_behind(final=False)
        elif self._front is not None and not _BLANK.match(text):
            self._front = None

    def _read_behind(self, *, final: bool) -> None:
        """A number may stand behind a candidate, on its line or the next one."""
        if self._waiting is None:
            return
        lines = self._behind.split("\n")
        filled = [line for line in lines if not _BLANK.match(line)]
        if not filled:
            return
        known = self._waiting[1].answer or self._waiting[1].body
        raw = self._number_alone(filled[0].strip(" \t|,;")) if known else None
        if raw is not None and (final or filled[0] is not lines[-1]):
            self._complete(raw)
        else:
            self._release()

    def _open(self, tag: Tag) -> None:
        self._read_behind(final=True)
        if tag.number or tag.reason or tag.thought or (tag.about and not tag.answer):
            if tag.empty:
                self._take_number(tag.number_in_attributes())
            else:
                self._aside = [tag]
            return
        self._release()
        if tag.inline:
            return
        if tag.set:
            self._open_sets += not tag.empty
            return
        self._item = Item(tag)
        self._is_mention = bool(self._line.strip(_MARKS))
        if tag.empty:
            self._end(self._item)

    # --- numbers and reasoning between the items --------------------------------------------

    def _take_aside(self, token: Token) -> None:
        opening = self._aside[0]
        if isinstance(token, str) or isinstance(opening, str):
            self._aside.append(token)
        elif token.name == opening.name:
            self._settle_aside(opening)
        elif opening.number and (token.answer or token.body or token.set):
            self._settle_aside(opening)
            self._take(token)
        else:
            self._aside.append(token)

    def _settle_aside(self, opening: Tag) -> None:
        content = raw_of(self._aside[1:]).strip()
        self._aside = []
        if opening.number:
            self._take_number(content)
        elif opening.reason and self._waiting is None:
            self.reasoning = text_of(content) or self.reasoning

    def _close_aside(self, begun: str, *, truncated: bool | None) -> None:
        opening = self._aside[0]
        if isinstance(opening, str):
            return
        if opening.reason:
            self._end_open_reasoning(opening)
        if not opening.number:
            return
        if truncated is False or begun.startswith("</"):
            self._settle_aside(opening)
        elif self._waiting is not None:
            self.cut = True
            self._complete(None, NUMBER_CUT)

    def _end_open_reasoning(self, opening: Tag) -> None:
        """Reasoning that is never closed ends where the answers begin."""
        answers = (n for n, token in enumerate(self._aside) if _opens_answer(token))
        at = next(answers, len(self._aside))
        rest, self._aside = self._aside[at:], self._aside[:at]
        if rest:
            self._settle_aside(opening)
        for token in rest:
            self._take(token)

    def _take_number(self, raw: str | None) -> None:
        if raw is not None and _SEVERAL.search(raw):
            # A list of numbers for all candidates is no number of one.
            return
        if self._waiting is not None:
            self._complete(raw)
        elif raw and any(map(str.isdigit, raw)):
            self._front = raw

    def _complete(self, raw: str | None, *repairs: str) -> None:
        if self._waiting is not None:
            record, opening = self._waiting
            self._waiting, self._behind = None, ""
            self._numbers_behind = True
            record = _whole(record, opening)
            self._admit(replace(record, raw=raw, repairs=record.repairs + repairs), opening)

    def _release(self) -> None:
        """No number stands behind the candidate that waits for one."""
        if self._waiting is not None:
            record, opening = self._waiting
            self._waiting, self._behind = None, ""
            self._admit(_whole(record, opening) if self._numbers_behind else record, opening)

    # --- items ----------------------------------------------------------------------------

    def _end(self, item: Item) -> None:
        self._item, self._line = None, ""
        *broken, last = item.segments()
        for part in broken:
            self._offer(self._records.read(part, closed=False), part[0], broken=True)
        unclosed = not item.closed and not self._records.is_certain(last)
        self._offer(self._records.read(last, closed=item.closed), last[0], broken=unclosed)

    def _close_item(self, item: Item, begun: str, *, truncated: bool | None) -> None:
        item.end()
        if item.closed:
            self._end(item)
            return
        if truncated is False:
            item.tokens.append(begun)
            item.closed = False
            self._item = None
            *_, last = item.segments()
            self._offer(self._records.read(last, closed=False), last[0], broken=False)
            return
        self._item = None
        *broken, last = item.segments()
        for part in broken:
            self._offer(self._records.read(part, closed=False), part[0], broken=True)
        record, fragment = self._records.read_cut(last, begun, told=truncated is True)
        opening = last[0]
        if record is None:
            if not isinstance(opening, str) and (opening.answer or opening.body or self._name):
                if self._held is not None:
                    self._settle_held(fragment)
                self.cut = self.cut or not self._is_mention
                self._drop(fragment, MENTION if self._is_mention else CUT_OFF)
            return
        self.cut = True
        self._offer([record], opening, broken=False)

    def _offer(self, records: list[Record], opening: Token, *, broken: bool) -> None:
        """Records of one item, in the order of the reply."""
        if isinstance(opening, str):
            return
        front, self._front = self._front, None
        for record in records:
            if front is not None and record.raw is None:
                self._admit(replace(record, raw=front), opening)
            elif broken:
                self._hold(record, opening)
            elif len(records) == 1 and self._may_have_it_behind(record):
                self._waiting, self._behind = (record, opening), ""
            else:
                self._admit(record, opening)

    @staticmethod
    def _may_have_it_behind(record: Record) -> bool:
        """Whether the number may stand behind the item: it has none, or one beside its text."""
        return (record.raw is None and NUMBER_CUT not in record.repairs) or record.beside

    def _admit(self, record: Record, opening: Tag) -> None:
        known = opening.answer or opening.body
        if record.raw is None and not known:
            return
        if (
            self._name
            and opening.name != self._name
            and not (known and record.raw is not None and not record.bare)
        ):
            if record.raw is not None or known:
                self._drop(record.text, OTHER_ELEMENT)
            return
        if self._is_usable(record):
            self._settle_held(record.text)
            self._name = opening.name
            may_be_a_set = record.bare and record.raw is None and self._may_be_a_set(record.text)
            if not self.found and may_be_a_set:
                self._held = record
            else:
                self._deliver(record)

    def _is_usable(self, record: Record) -> bool:
        """Whether a record has a text; else it is reported."""
        if not record.text and not self._admits_empty:
            self._drop(record.raw or "", EMPTY)
        elif is_placeholder(record.text):
            self._drop(record.text, PLACEHOLDER)
        else:
            return True
        return False

    def _deliver(self, record: Record) -> None:
        self.found += 1
        if record.reasoning is None and self.reasoning is not None:
            record = replace(record, reasoning=self.reasoning)
        self._ready.append(record)

    # --- records held back ----------------------------------------------------------------

    @staticmethod
    def _may_be_a_set(text: str) -> bool:
        return ("\n" in text or text[:1] in ("{", "[", '"', "`")) and any(map(str.isdigit, text))

    def _hold(self, record: Record, opening: Tag) -> None:
        """Hold back an item that was broken off: the next one may be the same, begun again."""
        if record.raw is None and not (opening.answer or opening.body):
            return
        if record.text and not is_placeholder(record.text):
            self._settle_held(record.text)
            self._held = record
            self._broken = True

    def _settle_held(self, following: str | None) -> None:
        """Decide on the record held back, now that the text of the next one is known."""
        record, self._held = self._held, None
        if record is None:
            return
        broken, self._broken = self._broken, False
        if broken and following is not None and following.startswith(record.text):
            self._drop(record.text, BEGUN_AGAIN)
        elif following is None and not broken and (held := self._series_in(record.text)):
            for inner in held:
                self._deliver(inner)
        else:
            self._deliver(record)

    def _drop(self, fragment: str, reason: str) -> None:
        if fragment.strip():
            self.dropped.append(Fragment(fragment.strip(), reason))


def _opens_answer(token: Token) -> bool:
    return not isinstance(token, str) and token.answer and not token.closing


def _whole(record: Record, opening: Tag) -> Record:
    """A record without the number beside its text: where one stands behind it, that is text."""
    if not record.beside:
        return record
    return replace(record, text=text_of(record.written[len(opening.raw) :]), raw=None)
