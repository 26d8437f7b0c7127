"""Model-written text as a label: of one line or a few, cut to a width."""

from __future__ import annotations

import unicodedata

from vs_core.drawing.fonts import width as width_of

ELLIPSIS = "…"
_ELLIPSIS_WIDTH = 1.0
_EMPTY = "(empty)"
_TO_SPACE = frozenset({"Cc", "Zl", "Zp", "Zs"})


def one_line(text: str) -> str:
    r"""The text without line breaks, control characters and invisible marks.

    Args:
        text: Any text; an empty or blank one becomes `(empty)`, so that its bar has a name.

    Example:
        >>> from vs_core.drawing.labels import one_line
        >>> one_line("first\n\tsecond "), one_line(" ")
        ('first second', '(empty)')
    """
    shown = "".join(
        " " if unicodedata.category(character) in _TO_SPACE else character
        for character in text
        if not _is_invisible(character)
    )
    return " ".join(shown.split()) or _EMPTY


def cut(text: str, width: float) -> str:
    """The text in one line of at most that width, with an ellipsis if it was longer.

    Example:
        >>> from vs_core.drawing.labels import cut
        >>> cut("a long answer", width=5)
        'a long…'
    """
    return wrap(text, width, lines=1)


def wrap(text: str, width: float, lines: int) -> str:
    """The text broken into at most so many lines, with an ellipsis if there was more.

    Words are kept whole where they fit; one that is wider than a line is broken.

    Args:
        text: Any text.
        width: Of a line, in units of the font size: half the number of letters, roughly.
        lines: The most lines, at least 1.

    Example:
        >>> from vs_core.drawing.labels import wrap
        >>> wrap("the quick brown fox jumps", width=7, lines=2).splitlines()
        ['the quick', 'brown fox…']
    """
    broken = _broken(one_line(text), width)
    if len(broken) <= lines:
        return "\n".join(broken)
    *first, last = broken[:lines]
    return "\n".join([*first, _fitting(last, width - _ELLIPSIS_WIDTH)[0].rstrip() + ELLIPSIS])


def _broken(text: str, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if not _fitting(joined, width)[1]:
            lines[-1:] = [joined]
            continue
        rest = word
        while rest:
            line, rest = _fitting(rest, width)
            lines.append(line)
    return lines


def _fitting(text: str, width: float) -> tuple[str, str]:
    """The longest beginning that fits, at least one character, and the rest."""
    used = 0.0
    for position, character in enumerate(text):
        used += width_of(character)
        if used > width and position:
            return text[:position], text[position:]
    return text, ""


def _is_invisible(character: str) -> bool:
    # Joiners, directional marks and variation selectors: fonts draw them as boxes or not at all.
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"
