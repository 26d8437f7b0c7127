"""What the tags of one item say: its text, its number, its reasoning.

Everything here works on the complete tokens of an item, from its opening tag on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from vs_core.parsing import words
from vs_core.parsing.clean.characters import text_of
from vs_core.parsing.fragment import NUMBER_CUT
from vs_core.parsing.record.labels_beside import labels_of
from vs_core.parsing.record.record import Record
from vs_core.parsing.record.tag_elements import (
    Field,
    Fields,
    fields_in,
    merged,
    number_within,
    raw_of,
)
from vs_core.parsing.segment.number_place import number_alone
from vs_core.parsing.segment.tags import Tag, Token, tag_at

CLOSED_TEXT = "the end tag of the text was missing"
CLOSED_ITEM = "the end tag of the response was missing"
CLOSED_NUMBER = "the end tag of the number was missing"

_ANY_TAG = re.compile(r"</?[^\W\d_][^<>]{0,100}>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ONE_ELEMENT = re.compile(r"<(p|div|span|body)>(.*)</\1>", re.DOTALL | re.IGNORECASE)
_PREFERRED = ("text", "response", "answer", "content")
_PROBABILITY = "probability"

Beside = Callable[[str, bool], "Record | None"]
"""Reads a bare text: its own number and labels; told whether the number is known already."""


class TagRecords:
    """Reads the items of one reply.

    Args:
        number_field: What the asked number is called.
        inside: Reads a reply encoded in a text; empty unless it is a whole numbered series.
        beside: Reads a bare text.
        labels: Names of fields that may label an item, and so stand for its text.
    """

    def __init__(
        self,
        number_field: str,
        inside: Callable[[str], list[Record]],
        beside: Beside,
        labels: Collection[str] = (),
    ) -> None:
        self.number_field = number_field
        self.labels = labels
        self._inside = inside
        self._beside = beside

    def read(self, tokens: Sequence[Token], *, closed: bool) -> list[Record]:
        """The records of an item; several where it is a wrapper, none where it says nothing.

        Args:
            tokens: From its opening tag to its end tag, or as far as it goes.
            closed: Whether it ends with its end tag.
        """
        opening = tokens[0]
        if isinstance(opening, str):
            return []
        body = merged(tokens[1:-1] if closed and len(tokens) > 1 else tokens[1:])
        fields = fields_in(body)
        if pairs := self._in_pairs(body, fields):
            return pairs
        own = self._own_number(body, fields, opening)
        if own is None and (nested := number_within(body, fields)) is not None:
            body, fields = list(nested[0]), nested[1]
            own = self._own_number(body, fields, opening)
        if own is None and (held := self._wrapped(body, fields)):
            return held
        record = self._one(opening, body, fields, own, closed=closed)
        return [record] if record is not None else []

    @staticmethod
    def is_certain(tokens: Sequence[Token]) -> bool:
        """Whether the text of an item without end tag is complete all the same."""
        body = merged(tokens[1:])
        fields = fields_in(body)
        texts = [*fields.texts, *fields.others]
        if any(text.closed for text in texts):
            return True
        start = texts[0].start if texts else _first_loose(body, fields)
        return start >= 0 and any(number.start > start for number in fields.numbers)

    def read_cut(
        self, tokens: Sequence[Token], begun: str, *, told: bool
    ) -> tuple[Record | None, str]:
        """The record of an item in which the reply ends, and what is left of it otherwise.

        Args:
            tokens: From its opening tag on.
            begun: A tag at the end of the reply that is not complete.
            told: Whether the provider said that the reply was cut off.

        Returns:
            The record if its text is complete, else None and the text as far as it goes.
        """
        closing = self._closing_begun(tokens, begun, certain=told)
        opening = tokens[0]
        if closing is not None and isinstance(opening, Tag) and closing.name == opening.name:
            found = self.read([*tokens, closing], closed=True)
            return (found[0], "") if found else (None, "")
        tokens = [*tokens, closing] if closing else list(tokens)
        body = merged(tokens[1:])
        fields = fields_in(body)
        if self.is_certain(tokens):
            found = self.read(tokens, closed=False)
            if not found:
                return None, ""
            number = max(fields.numbers, key=lambda f: f.end, default=None)
            if number is not None and not number.closed and number.end >= len(body):
                return replace(found[0], raw=None, repairs=(CLOSED_ITEM, NUMBER_CUT)), ""
            return found[0], ""
        texts = [*fields.texts, *fields.others]
        rest = body[texts[-1].start + 1 : texts[-1].content] if texts else body
        return None, raw_of(rest).strip() if texts else self._loose(body, fields, keep=())

    @staticmethod
    def _closing_begun(tokens: Sequence[Token], begun: str, *, certain: bool) -> Tag | None:
        """The end tag that a beginning (`</te`) stands for, if the innermost element has it."""
        name = words.normal(begun[2:]) if begun.startswith("</") else ""
        innermost: list[Tag] = []
        for token in tokens:
            if isinstance(token, str) or token.empty:
                continue
            if not token.closing:
                innermost.append(token)
            elif any(token.name == opened.name for opened in innermost):
                while innermost.pop().name != token.name:
                    pass
        if not name or not innermost or not innermost[-1].name.startswith(name):
            return None
        if certain and innermost[-1].name != name:
            return None
        return tag_at(f"</{innermost[-1].raw[1:].split('>')[0].split()[0]}>", 0)

    # --- several in one -------------------------------------------------------------------

    def _in_pairs(self, body: Sequence[Token], fields: Fields) -> list[Record]:
        """Text and number, repeated in pairs."""
        texts, numbers = fields.texts or fields.others, fields.numbers
        if len(texts) < 2 or len(numbers) != len(texts) or len({t.tag.name for t in texts}) > 1:
            return []
        starts = [(f.start, "t") for f in texts] + [(f.start, "n") for f in numbers]
        order = "".join(kind for _, kind in sorted(starts))
        if order not in ("tn" * len(texts), "nt" * len(texts)):
            return []
        return [
            Record(self._text_in(body, text), self._number_in(body, number))
            for text, number in zip(texts, numbers, strict=True)
        ]

    def _wrapped(self, body: Sequence[Token], fields: Fields) -> list[Record]:
        """What the elements inside hold, if each of them is a candidate with a number."""
        inner = [f for f in (*fields.texts, *fields.others) if not f.tag.body]
        found: list[Record] = []
        for child in sorted(inner, key=lambda f: f.start):
            tokens = body[child.start : child.end]
            if not any(isinstance(t, Tag) and not t.closing and t.number for t in tokens):
                return []
            records = self.read(tokens, closed=child.closed)
            if not records or any(record.raw is None for record in records):
                return []
            found += records
        return found

    # --- one ------------------------------------------------------------------------------

    def _one(
        self,
        opening: Tag,
        body: Sequence[Token],
        fields: Fields,
        own: tuple[str | None, tuple[str, ...]] | None,
        *,
        closed: bool,
    ) -> Record | None:
        repairs = [] if closed or opening.empty else [CLOSED_ITEM]
        raw, number_repairs = own or (None, ())
        repairs += number_repairs
        repairs += [CLOSED_TEXT for f in fields.texts if not f.closed and not f.tag.empty][:1]
        reasoning = self._reasoning(body, fields)
        text, inner = self._text(opening, body, fields, has_number=own is not None)
        if inner is not None:
            raw = inner.raw if raw is None else raw
            reasoning = reasoning or inner.reasoning
            repairs += inner.repairs
        if text is None and reasoning is not None and not fields.texts:
            text, reasoning = reasoning, None
        label = next(iter(labels_of(opening, self.labels).values()), None)
        if label is not None and (text is None or (raw is None and number_alone(text))):
            text, raw = label, text if raw is None else raw
        if text is None:
            return None
        written = opening.raw + raw_of(body)
        bare = not any(f.tag.body for f in fields.texts)
        beside = inner is not None and own is None and raw is not None
        return Record(text, raw, reasoning, tuple(dict.fromkeys(repairs)), written, bare, beside)

    def _own_number(
        self, body: Sequence[Token], fields: Fields, opening: Tag
    ) -> tuple[str | None, tuple[str, ...]] | None:
        """The number, and what was mended; None if there is no field for one."""
        in_attributes = opening.number_in_attributes()
        if in_attributes is None:
            for text in fields.texts:
                in_attributes = in_attributes or text.tag.number_in_attributes()
        found = [(f.tag.name, self._number_in(body, f), f) for f in fields.numbers]
        found.sort(key=lambda entry: self._preference(entry[0], entry[1]))
        if not found:
            return None if in_attributes is None else (in_attributes, ())
        _, raw, chosen = found[0]
        if raw is None and in_attributes is not None:
            return in_attributes, ()
        if chosen.closed or chosen.tag.empty:
            return raw, ()
        cut = chosen.end >= len(body)
        return raw, ((NUMBER_CUT,) if cut and raw is None else (CLOSED_NUMBER,))

    def _preference(self, name: str, raw: str | None) -> tuple[bool, bool, bool]:
        has_digit = raw is not None and any(map(str.isdigit, raw))
        return name != self.number_field, name != _PROBABILITY, not has_digit

    @staticmethod
    def _number_in(body: Sequence[Token], number: Field) -> str | None:
        in_attributes = number.tag.number_in_attributes()
        written = raw_of(body[number.start + 1 : number.content])
        written = _ANY_TAG.sub("", written.replace("<![CDATA[", "").replace("]]>", "")).strip()
        return written or in_attributes or None

    @staticmethod
    def _reasoning(body: Sequence[Token], fields: Fields) -> str | None:
        for reason in fields.reasons:
            if text := text_of(raw_of(body[reason.start + 1 : reason.content])):
                return text
        return None

    def _text(
        self, opening: Tag, body: Sequence[Token], fields: Fields, *, has_number: bool
    ) -> tuple[str | None, Record | None]:
        """The text, and what a bare one says besides."""
        texts = sorted(fields.texts, key=lambda f: _rank(f.tag.name))
        if texts and (texts[0].tag.body or len(fields.texts) + len(fields.others) == 1):
            return self._text_in(body, texts[0]), None
        if (given := opening.text_in_attributes()) is not None:
            return given, None
        elements = sorted([*fields.texts, *fields.others], key=lambda f: f.start)
        loose = self._loose(body, fields, keep=())
        if not loose and (elements or fields.about):
            chosen = elements or fields.about
            one = len(chosen) == 1
            return self._text_in(body, chosen[0]) if one else _as_written(body, chosen), None
        return self._bare(self._loose(body, fields, keep=elements), has_number=has_number)

    def _bare(self, bare: str, *, has_number: bool) -> tuple[str | None, Record | None]:
        if not bare:
            return None, None
        element = _ONE_ELEMENT.fullmatch(bare)
        if element is not None and f"</{element[1]}>" not in element[2]:
            return text_of(element[2]), None
        if not has_number and "\n" in bare and len(self._inside(bare)) > 1:
            return text_of(bare), None
        if bare[0] in "{[`" and not has_number and len(held := self._inside(bare)) == 1:
            return held[0].text, held[0]
        read = self._beside(bare, has_number)
        return (text_of(bare), None) if read is None else (text_of(read.text), read)

    @staticmethod
    def _text_in(body: Sequence[Token], text: Field) -> str:
        given = text.tag.text_in_attributes() if text.tag.empty else None
        return given or text_of(raw_of(body[text.start + 1 : text.content]))

    @staticmethod
    def _loose(body: Sequence[Token], fields: Fields, keep: Sequence[Field]) -> str:
        """What stands outside the fields, those to keep excepted."""
        kept = {f.start for f in keep}
        pieces: list[str] = []
        at = 0
        for left_out in fields.every:
            if left_out.start not in kept:
                pieces.append(raw_of(body[at : left_out.start]))
                at = left_out.end
        pieces.append(raw_of(body[at:]))
        return _COMMENT.sub("", "".join(pieces)).strip()


def _first_loose(body: Sequence[Token], fields: Fields) -> int:
    """Where text begins that stands in no field, -1 if there is none."""
    inside = {place for f in fields.every for place in range(f.start, f.end)}
    for place, token in enumerate(body):
        if place not in inside and isinstance(token, str) and not token.isspace():
            return place
    return -1


def _rank(name: str) -> int:
    return _PREFERRED.index(name) if name in _PREFERRED else len(_PREFERRED)


def _as_written(body: Sequence[Token], elements: Sequence[Field]) -> str:
    start = min(f.start for f in elements)
    end = max(f.end for f in elements)
    return raw_of(body[start:end]).strip()
