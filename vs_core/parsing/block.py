"""From the lines of one item of a list to its text, number and reasoning."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vs_core.parsing.decode import decoded_string
from vs_core.parsing.folding import fold
from vs_core.parsing.inline import Found, find_number
from vs_core.parsing.item import Item
from vs_core.parsing.labels import label_at_start, role_of
from vs_core.parsing.lines import Line
from vs_core.parsing.objects import unquoted

_LIKELY = 2
_SCALAR = re.compile(r"[|>][-+]?\d?")
_PLAIN_KEY = re.compile(r"[a-z_]{1,20}\s?:")
_ASSIGNED = re.compile(r"[a-z_]{1,20}\s?=\s?[\"']")


@dataclass(slots=True)
class Block:
    """The lines of one item, the first of which began it.

    Attributes:
        lines: The lines.
        ordinal: The number in the marker of the first.
        has_number: Whether one of them holds a number beyond doubt.
        has_text: Whether one of them holds text.
    """

    lines: list[Line] = field(default_factory=list)
    ordinal: int | None = None
    has_number: bool = False
    has_text: bool = False

    def add(self, line: Line) -> None:
        """Take in a line."""
        self.lines.append(line)
        if line.kind == "text":
            only = line.only_number
            self.has_number = self.has_number or only or line.has_inline
            self.has_text = self.has_text or (bool(line.body) and not only)
        elif line.kind == "code":
            self.has_text = True


@dataclass(slots=True)
class Reading:
    """What a block says.

    Attributes:
        item: The item, with an empty text if there is none.
        paragraphs: How many paragraphs its text has.
        after: How many lines with text stand behind its number.
        place: Where its number stood.
    """

    item: Item
    paragraphs: int
    after: int
    place: str
    number_line: int


def read_block(lines: list[Line], prefer: str = "") -> Reading:
    """Read the lines of one item.

    Args:
        lines: The lines; the first one began the item.
        prefer: Where the numbers of the same list stood so far.
    """
    raw, at, inline, place = _number_of(lines, prefer)
    texts: list[str] = []
    explicit: list[str] | None = None
    reasons: list[str] = []
    target = texts
    yaml = False
    for index, line in enumerate(lines):
        if line.kind != "text":
            if target is reasons and line.kind == "blank":
                target = explicit if explicit is not None else texts
            target.append(line.raw)
            continue
        if line.only_number and (
            index == at or line.label == "number" or raw is None or at is None
        ):
            target = explicit if explicit is not None and index + 1 < len(lines) else texts
            if target is explicit and explicit:
                target = _after_label(lines[index + 1 :], explicit)
            continue
        shown = (
            inline.text
            if inline is not None and index == at
            else (line.body if index == 0 else line.raw)
        )
        if index and index == at and inline is not None:
            shown = line.raw[: len(line.raw) - len(line.raw.lstrip())] + shown + _ending(line.raw)
        elif index == 0:
            shown += _ending(line.raw)
        label = label_at_start(fold(shown))
        role = role_of(label[0]) if label is not None else ""
        if label is not None and role == "reason":
            target = reasons
            target.append(shown[label[1] :])
        elif label is not None and role == "text":
            yaml = yaml or _PLAIN_KEY.match(shown.lstrip(" -*")) is not None
            explicit = explicit if explicit is not None else []
            target = explicit
            value = _unmarked_end(shown, label[1])
            target.append(unquoted(value) if _ASSIGNED.match(shown) else value)
        else:
            target.append(shown)
    text = _joined(
        explicit if explicit is not None and "".join(explicit).strip() else texts, yaml=yaml
    )
    item = Item(text, raw, "".join(reasons).strip() or None)
    after = sum(
        1
        for line in lines[(at if at is not None else len(lines)) + 1 :]
        if line.kind in ("text", "code")
    )
    return Reading(item, _paragraphs(text), after, place, -1 if at is None else at)


def _after_label(rest: list[Line], explicit: list[str]) -> list[str]:
    """Where lines behind a number go: into an open text only if no blank line parts them."""
    return explicit if rest and rest[0].kind != "blank" and rest[0].indent else []


def _unmarked_end(shown: str, start: int) -> str:
    """The text behind a label, without the end of markup that began before the label."""
    rest = shown[start:]
    head = shown[:start]
    for mark in ("**", "__"):
        if head.count(mark) % 2 and rest.count(mark) % 2:
            first, _, last = rest.partition(mark)
            return first.rstrip() + " " + last if last.strip() else first + _ending(rest)
    return rest


def _ending(raw: str) -> str:
    return raw[len(raw.rstrip("\r\n")) :]


def _number_of(lines: list[Line], prefer: str) -> tuple[str | None, int | None, Found | None, str]:
    """The number of a block, the line it stands on, and what is left of that line."""
    alone = [(i, line) for i, line in enumerate(lines) if line.kind == "text" and line.only_number]
    first = lines[0].found if lines and lines[0].kind == "text" else None
    if prefer and first is not None and first.place not in (prefer, "only"):
        first = find_number(lines[0].body, prefer)
    if (
        first is not None
        and first.place != "only"
        and first.strength >= (3 if alone else 1)
        and (prefer in ("", first.place) or first.strength > 1)
    ):
        return first.raw or None, 0, first, first.place
    if alone:
        index, line = max(alone, key=lambda pair: (pair[1].label == "number", -pair[0]))
        return (line.found.raw or None if line.found else None), index, None, "only"
    for index in range(len(lines) - 1, 0, -1):
        line = lines[index]
        found = line.found
        if found is None or line.kind != "text" or not line.has_inline:
            continue
        if found.place == "tail" or found.strength > _LIKELY:
            return found.raw, index, found, "tail line"
    return None, None, None, ""


def _joined(pieces: list[str], *, yaml: bool) -> str:
    """The text of a block: its lines without common indentation, rules and outer space."""
    text = "".join(pieces)
    if yaml:
        text = _yaml_scalar(text)
    lines = text.split("\n")
    later = [line for line in lines[1:] if line.strip()]
    if later:
        start = 0 if lines[0][:1] == " " else 1
        later = later + [lines[0]] * (1 - start)
        margin = min(len(line) - len(line.lstrip(" ")) for line in later)
        if margin:
            lines[start:] = [line[margin:] if line.strip() else line for line in lines[start:]]
    while lines and (not lines[-1].strip() or _is_rule(lines[-1])):
        lines.pop()
    while lines and (not lines[0].strip() or _is_rule(lines[0])):
        lines.pop(0)
    if len(lines) == 1:
        return _without_bullet(lines[0].strip())
    return "\n".join(lines).strip()


def _without_bullet(line: str) -> str:
    if line[:2] in ("- ", "* ", "\u2022 ", "> "):
        return line[2:].strip()
    return line


def _is_rule(line: str) -> bool:
    stripped = line.strip()
    return (
        len(stripped) >= 3
        and set(stripped) <= set("-*_ ")
        and len(set(stripped.replace(" ", ""))) == 1
    )


def _yaml_scalar(text: str) -> str:
    first, _, rest = text.partition("\n")
    mark = first.strip()
    if _SCALAR.fullmatch(mark) and rest.strip():
        lines = rest.split("\n")
        margin = min((len(x) - len(x.lstrip(" ")) for x in lines if x.strip()), default=0)
        lines = [x[margin:] for x in lines]
        return "\n".join(lines) if mark[0] == "|" else " ".join(x.strip() for x in lines).strip()
    stripped = text.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"' and "\n" not in stripped:
        return decoded_string(stripped[1:-1])
    if len(stripped) > 1 and stripped[0] == stripped[-1] == "'" and "\n" not in stripped:
        return stripped[1:-1].replace("''", "'")
    return text


def _paragraphs(text: str) -> int:
    return sum(1 for part in re.split(r"\n[ \t\r]*\n", text) if part.strip())
