"""Fields whose label stands on a line of its own, above what it labels."""

from __future__ import annotations

import re

from vs_core.parsing.folding import fold
from vs_core.parsing.labels import role_of
from vs_core.parsing.lines import Line, classify

_LABEL = re.compile(
    r"(#{1,6}\s{1,3})?(\*\*|__)?([^\W\d_][^\d:*_#|\n]{0,40}?)\s?(:)?\s?(\*\*|__)?\s?(:)?"
)
_LONGEST = 60
_MOST_BLANK = 2


class FieldLines:
    """Joins a label for a number with the number on the line below it.

    Attributes:
        headed: Whether headings or bold words without a colon have turned out to be labels.
    """

    def __init__(self) -> None:
        self.headed = False
        self._held: list[Line] = []

    def take(self, line: Line, *, may_be_headed: bool) -> list[Line]:
        """Take in a line; the lines that can be read now.

        Args:
            line: The line.
            may_be_headed: Whether a heading may turn out to be a label here.
        """
        if self._held and line.kind == "blank" and len(self._held) <= _MOST_BLANK:
            self._held.append(line)
            return []
        held = self.rest()
        if held and _is_bare_number(line):
            word, headed = _label_on(held[0])
            self.headed = self.headed or headed
            indent = held[0].raw[: held[0].indent]
            return [classify(f"{indent}{word}: {line.raw.strip()}\n")]
        word, headed = _label_on(line)
        if word and role_of(word) == "number" and (may_be_headed or self.headed or not headed):
            self._held = [line]
            return held
        return [*held, self.labelled(line)]

    def labelled(self, line: Line) -> Line:
        """The line, or if it is a heading that labels a field, the same as a label."""
        word, headed = _label_on(line) if self.headed else ("", False)
        return classify(f"{word}:\n") if headed and role_of(word) in ("text", "reason") else line

    def rest(self) -> list[Line]:
        """The lines that wait for the next one."""
        held, self._held = self._held, []
        return held


def _label_on(line: Line) -> tuple[str, bool]:
    """The word on a line that may be a label, and whether it is marked as a heading only."""
    shown = fold(line.raw).strip()
    if line.kind != "text" or len(shown) > _LONGEST:
        return "", False
    found = _LABEL.fullmatch(shown)
    if found is None or found[2] != found[5]:
        return "", False
    headed = not (found[4] or found[6])
    return (found[3], headed) if found[1] or found[2] or not headed else ("", False)


def _is_bare_number(line: Line) -> bool:
    found = line.found
    plain = line.kind == "text" and line.style is None and not line.label
    return plain and found is not None and found.place == "only"
