"""The elements of one item in tags, by the part they play; and where each begins and ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vs_core.parsing.segment.tags import Tag, Token, similar

CLOSED_TEXT = "the end tag of the text was missing"
CLOSED_ITEM = "the end tag of the response was missing"
CLOSED_NUMBER = "the end tag of the number was missing"


_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINE_START = re.compile(r"(?:\A|\n)[ \t>]*[-*+#\u2022\d.)\s_]{0,12}\Z")
_MOST_ON_A_LINE = 40


@dataclass(slots=True)
class Field:
    """One field of an item.

    Attributes:
        tag: Its opening tag.
        start: Where its tokens begin, the opening tag included.
        content: Where its content ends.
        end: Where its tokens end.
    """

    tag: Tag
    start: int
    content: int
    end: int

    @property
    def closed(self) -> bool:
        """Whether its end tag was met."""
        return self.end > self.content


@dataclass(slots=True)
class Fields:
    """The fields of an item, by the part they play."""

    numbers: list[Field] = field(default_factory=list)
    texts: list[Field] = field(default_factory=list)
    reasons: list[Field] = field(default_factory=list)
    about: list[Field] = field(default_factory=list)
    others: list[Field] = field(default_factory=list)

    @property
    def every(self) -> list[Field]:
        """All of them, in the order of the reply."""
        found = [*self.numbers, *self.texts, *self.reasons, *self.about, *self.others]
        return sorted(found, key=lambda f: f.start)


def raw_of(tokens: Sequence[Token]) -> str:
    """The tokens as written."""
    return "".join(token if isinstance(token, str) else token.raw for token in tokens)


def merged(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with neighbouring pieces of text made one."""
    merged: list[Token] = []
    for token in tokens:
        if isinstance(token, str) and merged and isinstance(merged[-1], str):
            merged[-1] += token
        else:
            merged.append(token)
    return merged


def fields_in(body: Sequence[Token]) -> Fields:
    """The elements of an item that are fields, by the part they play."""
    fields = Fields()
    at, loose = 0, False
    # Names that no end tag follows any more, so that each is looked for once.
    unclosed: set[str] = set()
    while at < len(body):
        token = body[at]
        if isinstance(token, str):
            loose = loose or bool(_COMMENT.sub("", token).strip())
            at += 1
            continue
        if token.closing or token.inline:
            loose = loose or token.inline
            at += 1
            continue
        found = _field_at(body, at, token, unclosed, loose=loose)
        if found is None:
            loose = True
            at += 1
            continue
        _list_of(fields, token).append(found)
        at = max(found.end, at + 1)
    return fields


def _list_of(fields: Fields, tag: Tag) -> list[Field]:
    if tag.number:
        return fields.numbers
    if tag.reason or tag.thought:
        return fields.reasons
    if tag.about:
        return fields.about
    return fields.texts if tag.answer or tag.body else fields.others


def _field_at(
    body: Sequence[Token], at: int, tag: Tag, unclosed: set[str], *, loose: bool
) -> Field | None:
    """The field that a tag opens; None where it is only mentioned."""
    if tag.empty:
        return Field(tag, at, at + 1, at + 1)
    if tag.number:
        return _number_at(body, at, tag)
    if tag.reason or tag.thought or tag.about:
        end = -1 if tag.name in unclosed else _closing_of(body, at, tag)
        if end < 0:
            unclosed.add(tag.name)
            return None
        return Field(tag, at, end, end + 1)
    in_line = loose and not _begins_line(body, at)
    if in_line or (loose and not tag.body):
        return None
    return _text_at(body, at, tag)


def _begins_line(body: Sequence[Token], at: int) -> bool:
    before = body[at - 1] if at else ""
    return not isinstance(before, str) or _LINE_START.search(before) is not None


def _closing_of(body: Sequence[Token], at: int, tag: Tag) -> int:
    """The place of the first end tag of an element, -1 if there is none."""
    for place in range(at + 1, len(body)):
        token = body[place]
        if isinstance(token, Tag) and token.closing and token.name == tag.name:
            return place
    return -1


def _number_at(body: Sequence[Token], at: int, tag: Tag) -> Field | None:
    for place in range(at + 1, len(body)):
        token = body[place]
        if isinstance(token, str):
            continue
        if token.name == tag.name:
            return Field(tag, at, place, place + 1)
        if token.is_field or token.answer or token.set:
            break
    else:
        place = len(body)
    content = raw_of(body[at + 1 : place])
    if not _begins_line(body, at) and not any(map(str.isdigit, content)):
        return None
    return Field(tag, at, place, place)


def _text_at(body: Sequence[Token], at: int, tag: Tag) -> Field:
    """A text from its opening tag to the end tag that is its own.

    The balanced end wins, else the first that a part of the notation follows. A further end tag
    that nothing has opened shows that those before it were quoted.
    """
    depth, own = 1, False
    closers: list[tuple[int, int]] = []
    for place in range(at + 1, len(body)):
        token = body[place]
        if isinstance(token, str) or token.empty:
            continue
        if token.name == tag.name and not _is_mention(body, place):
            depth += -1 if token.closing else 1
            own = own or not token.closing
            if token.closing:
                closers.append((place, depth))
        elif token.closing and not closers and _misspells(token, tag, body, place):
            closers.append((place, depth - 1))
    if not closers:
        return _unclosed_text(body, at, tag)
    first = next((place for place, depth in closers if depth <= 0), None) if own else closers[0][0]
    if first is None:
        followed = [place for place, _ in closers if _notation_follows(body, place)]
        first = followed[0] if followed else closers[-1][0]
    end = _last_unopened(body, first, [place for place, _ in closers if place > first])
    return Field(tag, at, end, end + 1)


def _is_mention(body: Sequence[Token], place: int) -> bool:
    """Whether an opening tag is only named in a sentence, on a line on which it is not closed."""
    tag, behind = body[place], body[place + 1] if place + 1 < len(body) else ""
    if isinstance(tag, str) or tag.closing or _begins_line(body, place):
        return False
    if not isinstance(behind, str) or behind[:1].isalnum():
        return False
    for token in body[place + 1 : place + _MOST_ON_A_LINE]:
        if isinstance(token, str):
            if "\n" in token:
                return True
        elif token.closing and token.name == tag.name:
            return False
    return False


def _misspells(token: Tag, tag: Tag, body: Sequence[Token], place: int) -> bool:
    known = token.answer or token.number or token.inline
    return not known and similar(token.name, tag.name) and _notation_follows(body, place)


def _last_unopened(body: Sequence[Token], first: int, later: list[int]) -> int:
    for place in later:
        between = body[first + 1 : place]
        if any(isinstance(t, Tag) and not t.closing and (t.is_field or t.answer) for t in between):
            break
        first = place
    return first


def _notation_follows(body: Sequence[Token], place: int) -> bool:
    """Whether the item ends behind a place, or another field begins."""
    rest = body[place + 1 :]
    if rest and isinstance(rest[0], str):
        if rest[0].strip():
            return False
        rest = rest[1:]
    return not rest or (isinstance(rest[0], Tag) and (rest[0].number or rest[0].reason))


def _unclosed_text(body: Sequence[Token], at: int, tag: Tag) -> Field:
    """A text without its end tag: up to the next field."""
    unclosed: set[str] = set()
    for place in range(at + 1, len(body)):
        token = body[place]
        if isinstance(token, str):
            continue
        if token.name == tag.name and not token.closing and _notation_follows(body, place):
            return Field(tag, at, place, place + 1)
        if (token.number or token.reason) and not token.closing:
            found = _field_at(body, place, token, unclosed, loose=False)
            if found is not None and (found.closed or token.empty or found.end >= len(body)):
                return Field(tag, at, place, place)
    return Field(tag, at, len(body), len(body))


def number_within(body: Sequence[Token], fields: Fields) -> tuple[Sequence[Token], Fields] | None:
    """The item with its text ended before the number that ends it: `<text>..<probability>`."""
    if len(fields.texts) != 1 or fields.numbers:
        return None
    text = fields.texts[0]
    for place in range(text.content - 1, text.start, -1):
        token = body[place]
        if isinstance(token, str):
            if token.strip() and place == text.content - 1:
                return None
        elif token.number and not token.closing:
            rest = [*body[: text.content], *body[text.end :]]
            if any(isinstance(t, str) and t.strip() for t in _behind_number(rest, place)):
                return None
            number = _number_at(rest, place, token)
            if number is None:
                return None
            found = replace(
                fields, numbers=[number], texts=[Field(text.tag, text.start, place, place)]
            )
            return rest, found
    return None


def _behind_number(body: Sequence[Token], place: int) -> Sequence[Token]:
    """What stands behind the number element that begins at a place."""
    opening = body[place]
    for end in range(place + 1, len(body)):
        token = body[end]
        if isinstance(token, Tag) and isinstance(opening, Tag) and token.name == opening.name:
            return body[end + 1 :]
    return ()
