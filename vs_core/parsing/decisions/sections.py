"""Which lines of a text are about which question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from vs_core.parsing.decisions.names import Names

_LONGEST_NAME = 400
_MARKS = " \t>#*_`\"'\u2022-.)(+["
_BEFORE = re.compile(
    r"(?:\d{1,3}[.)]\s{0,3})?(?:(?:as\s)?for\s|regarding\s|P\()?(?:the\s)?", re.IGNORECASE
)
_BOUND = re.compile(r"[:=|,;/()\[\]\u2013\u2014\uff1a]|\s-\s|->|\.\s?(?=\w)")
_NUMBERED = re.compile(r"\W{0,4}(?:question|q)?\W{0,3}\d{1,3}\W{0,4}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_RULE = frozenset(" \t|:-+")
_BOUNDS_LOOKED_AT = 3


@dataclass
class Section:
    """Lines about one question.

    Attributes:
        name: What the question is called; None if none is named.
        head: The head of the table in which it begins; empty if it is in none.
        lines: The lines; of the first what stands behind the name.
    """

    name: str | None
    head: str = ""
    lines: list[str] = field(default_factory=list)


def sections_in(text: str, names: Names, labels: Mapping[str, Names]) -> list[Section]:
    """The sections of a text, a new one wherever a question is named.

    Args:
        text: The text.
        names: What the questions are called.
        labels: For each question what its labels are called.

    Example:
        >>> from vs_core.parsing.decisions.names import Names
        >>> from vs_core.parsing.decisions.sections import sections_in
        >>> labels = {"team": Names(["sales"])}
        >>> [(s.name, s.lines) for s in sections_in("team: sales 0.7", Names(labels), labels)]
        [('team', []), ('team', [' sales 0.7'])]
    """
    only = names.all[0] if len(names.all) == 1 else None
    sections = [Section(only)]
    head = before = ""
    for line in _parted(text, names, labels).split("\n"):
        if is_rule(line):
            head = sections[-1].head = before
        elif "|" not in line:
            head = ""
        named = _named(line, names)
        if named is not None and _is_label(*named, sections[-1].name, labels):
            named = None
        if named is not None:
            sections.append(Section(named[0], head))
        sections[-1].lines.append(line if named is None else named[1])
        before = line
    return sections


def is_rule(line: str) -> bool:
    """Whether a line is the rule under the head of a table.

    Args:
        line: The line.
    """
    return "|" in line and "-" in line and _RULE.issuperset(line)


def cells_of(row: str) -> list[str]:
    """The cells of a row of a table.

    Args:
        row: The line.
    """
    return [
        cell.strip(" \t*_`") for cell in row.strip().removeprefix("|").removesuffix("|").split("|")
    ]


def _is_label(name: str, rest: str, before: str | None, labels: Mapping[str, Names]) -> bool:
    """Whether what is called as a question is a label of the one before, with its number."""
    of_before = labels.get(before or "")
    if of_before is None or of_before.meant_by(name) is None:
        return False
    is_asked = name in labels and any(map(labels[name].meant_by, _WORD.findall(rest)))
    return any(map(str.isdigit, rest)) and not is_asked


def _parted(text: str, names: Names, labels: Mapping[str, Names]) -> str:
    """The text with a break before each question that is named inside a line, not in a label."""
    either = "|".join(map(re.escape, sorted(names.all, key=len, reverse=True)))
    named = re.compile(
        rf"(?<=[\s;,.(])(?<![^\W_])(?:{either})(?=[*_`\"')\]]{{0,3}}\s{{0,2}}[:=])", re.IGNORECASE
    )
    ends = [
        label.casefold()
        for each in labels.values()
        for label in each.all
        if any(label.casefold().endswith(name.casefold()) for name in names.all)
    ]

    def broken(found: re.Match[str]) -> str:
        before = text[max(0, found.end() - _LONGEST_NAME) : found.end()].casefold()
        in_label = any(before.endswith(end) for end in ends if len(end) > len(found[0]))
        return found[0] if in_label else f"\n{found[0]}"

    return named.sub(broken, text)


def _named(line: str, names: Names) -> tuple[str, str] | None:
    """The question that a line names, and what it says behind the name."""
    if line.count("|") > 1:
        return _named_in_row(line, names)
    begin = len(line) - len(line.lstrip(_MARKS))
    before = _BEFORE.match(line, begin)
    begin = before.end() if before else begin
    for start, end, behind in _pieces(line, begin):
        if name := names.meant_by(line[start:end]):
            return name, line[behind:]
        if not _NUMBERED.fullmatch(line, start, end):
            break
    return None


def _named_in_row(line: str, names: Names) -> tuple[str, str] | None:
    cells = line.split("|")
    for at, cell in enumerate(cells):
        if len(cell) <= _LONGEST_NAME and (name := names.meant_by(cell.strip(" \t*_`"))):
            return name, "|".join([*cells[:at], "", *cells[at + 1 :]])
    return None


def _pieces(line: str, begin: int) -> Iterator[tuple[int, int, int]]:
    """The first pieces of a line: where each begins and ends, and where what follows begins."""
    for _ in range(_BOUNDS_LOOKED_AT):
        bound = _BOUND.search(line, begin, begin + _LONGEST_NAME)
        if bound is None:
            break
        yield begin, bound.start(), bound.end()
        begin = bound.end()
    if len(line) - begin <= _LONGEST_NAME:
        yield begin, len(line), len(line)
