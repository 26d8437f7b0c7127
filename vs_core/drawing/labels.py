"""Model-written text as a label: of one line or a few, cut to a width."""

from __future__ import annotations

import textwrap
import unicodedata
from bisect import bisect_right
from functools import lru_cache

from vs_core.drawing.fonts import width as width_of

_ELLIPSIS = "…"
# In the width of the font size; no more of a long text is looked at.
_MOST_LETTERS = 8
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


@lru_cache(maxsize=512)
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
    most = int(_MOST_LETTERS * width)
    shown = one_line(text)[: lines * most + 1]
    # As many letters a line as are narrow enough: letters differ in width, by three times and more.
    letters = bisect_right(
        range(1, min(most, len(shown)) + 1),
        width,
        key=lambda count: max(map(width_of, _broken(shown, count, lines))),
    )
    return "\n".join(_broken(shown, max(1, letters), lines))


def _broken(text: str, letters: int, lines: int) -> list[str]:
    # Not by `max_lines` of textwrap, which leaves out a last word whole: where words aren't parted
    # by spaces, the whole line.
    broken = textwrap.wrap(text, letters)
    if len(broken) <= lines:
        return broken
    *first, last = broken[:lines]
    return [*first, last[: letters - 1].rstrip() + _ELLIPSIS]


def _is_invisible(character: str) -> bool:
    # Joiners, directional marks and variation selectors: fonts draw them as boxes or not at all.
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"
