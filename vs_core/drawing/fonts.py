"""The letters of every picture: how large, of which fonts, and which characters can be drawn."""

from __future__ import annotations

from functools import cache

TITLE_SIZE, LABEL_SIZE, NOTE_SIZE = 11, 9, 8
"""Points."""

UNPRINTABLE = "□"
"""What stands for a character that no font at hand has."""

# The first comes with matplotlib. The others have the scripts and symbols that it lacks.
_FAMILIES = (
    "DejaVu Sans",
    "STIXGeneral",
    *(f"Noto Sans CJK {region}" for region in ("SC", "JP", "KR")),
    *(f"Noto Sans {script}" for script in ("SC", "JP", "KR", "Devanagari", "Bengali", "Tamil")),
    *("Noto Sans Thai", "Noto Sans Symbols 2", "Noto Emoji", "Source Han Sans SC"),
    *("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback", "Microsoft YaHei"),
    *("PingFang SC", "Hiragino Sans", "Yu Gothic", "Malgun Gothic", "Apple SD Gothic Neo"),
    *("Arial Unicode MS", "Segoe UI Symbol", "Symbola"),
)


@cache
def families() -> list[str]:
    """The fonts of every text; matplotlib takes each character from the first that has it.

    Example:
        >>> from vs_core.drawing.fonts import families
        >>> families()[0]
        'DejaVu Sans'
    """
    from matplotlib import font_manager  # noqa: PLC0415  # heavy, and optional

    at_hand = font_manager.get_font_names()
    return [family for family in _FAMILIES if family in at_hand]


def printable(text: str) -> str:
    r"""The text with a box for each character that no font at hand has.

    matplotlib draws such boxes too, but warns of each.

    Example:
        >>> from vs_core.drawing.fonts import printable
        >>> printable("café \ue000")
        'café □'
    """
    known = _characters()
    return "".join(c if c == "\n" or ord(c) in known else UNPRINTABLE for c in text)


def width(text: str) -> float:
    """How wide a line is, in units of the font size.

    Example:
        >>> from vs_core.drawing.fonts import width
        >>> width("WWW") > 3 * width("iii")
        True
    """
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415  # heavy, and optional
    from matplotlib.textpath import text_to_path  # noqa: PLC0415

    font = FontProperties(family=families(), size=1)
    return text_to_path.get_text_width_height_descent(printable(text), font, ismath=False)[0]


@cache
def _characters() -> frozenset[int]:
    """What can be drawn, in headings too: the bold face of a family may have less."""
    from matplotlib import font_manager  # noqa: PLC0415  # heavy, and optional

    known: set[int] = set()
    for family in families():
        regular, bold = (
            font_manager.get_font(font_manager.findfont(face)).get_charmap()
            for face in (
                font_manager.FontProperties(family=[family], weight=weight)
                for weight in ("regular", "bold")
            )
        )
        known |= regular.keys() & bold.keys()
    return frozenset(known)
