"""Objects as Python prints them: `[Response(text='Paris', probability=0.3), ...]`."""

from __future__ import annotations

import re

from vs_core.parsing.decode import decoded_string
from vs_core.parsing.labels import role_of

_OBJECT = re.compile(r"(?<!\w)[^\W\d]\w{0,60}\((?=\s{0,3}([^\W\d]\w{0,30})\s?=\s?[\"'\d.])")
_BEFORE_FIRST = re.compile(r"[\s\[(,]{0,12}(?:[^\W\d]\w{0,60}[(=]{1,2}){0,3}[\s\[(]{0,12}")
_ENDS = " \t\r\n,])"
_QUOTES = "\"'"


def split_objects(line: str) -> list[str]:
    """The fields of each object in a line, a line each; empty if the line holds none."""
    first = _OBJECT.search(line) if "(" in line and "=" in line else None
    if first is None or not _BEFORE_FIRST.fullmatch(line, 0, first.start()):
        return []
    found = [match for match in _OBJECT.finditer(line) if role_of(match[1])]
    if not found or found[0].start() != first.start():
        return []
    ends = [*(match.start() for match in found[1:]), len(line)]
    pieces = [line[match.end() : end] for match, end in zip(found, ends, strict=True)]
    return [f"{piece.strip(_ENDS)}\n" for piece in pieces]


def unquoted(text: str) -> str:
    """The value of a field: quotes around it are notation."""
    stripped = text.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in _QUOTES:
        return decoded_string(stripped[1:-1])
    return text
