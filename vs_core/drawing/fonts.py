"""The letters of every picture: how large, of which font, and which characters can be drawn."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

TITLE_SIZE, LABEL_SIZE, NOTE_SIZE = 11, 9, 8
"""Points."""

FAMILY = "DejaVu Sans"
"""The font of every label; matplotlib brings it along."""

UNPRINTABLE = "□"
"""What stands for a character that no font at hand has."""

_SIZE_MEASURED_AT = 100
# For the scripts and symbols that DejaVu lacks; whichever of them is installed is used.
_FALLBACKS = (
    "STIXGeneral",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Noto Sans SC",
    "Noto Sans JP",
    "Noto Sans KR",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans",
    "Yu Gothic",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "Arial Unicode MS",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Thai",
    "Noto Sans Symbols 2",
    "Noto Emoji",
    "Segoe UI Symbol",
    "Symbola",
)


def printable(text: str) -> str:
    r"""The text with a box for each character that no font at hand has.

    matplotlib draws such boxes too, but warns of each.

    Example:
        >>> from vs_core.drawing.fonts import printable
        >>> printable("café \ue000")
        'café □'
    """
    return "".join(
        character if character == "\n" or _family_of(character) else UNPRINTABLE
        for character in text
    )


def families(text: str) -> list[str]:
    """The fonts that a printable text needs, in order."""
    needed = {_family_of(character) for character in text}
    return [FAMILY, *(family for family in _FALLBACKS if family in needed)]


@cache
def width(character: str) -> float:
    """How wide a character is, in units of the font size.

    Example:
        >>> from vs_core.drawing.fonts import width
        >>> width("W") > 3 * width("i")
        True
    """
    font = _font(_family_of(character) or FAMILY)
    font.set_size(_SIZE_MEASURED_AT, 72)
    drawn = character if _family_of(character) else UNPRINTABLE
    # A fixed-point number with 16 bits after the point.
    return float(font.load_char(ord(drawn)).linearHoriAdvance) / 2**16 / _SIZE_MEASURED_AT


@cache
def _family_of(character: str) -> str | None:
    return next(
        (family for family in (FAMILY, *_FALLBACKS) if ord(character) in _characters_of(family)),
        None,
    )


@cache
def _characters_of(family: str) -> frozenset[int]:
    """What can be drawn in a family, in headings too, whose bold face may have less."""
    try:
        faces = [_font(family, weight).get_charmap() for weight in ("regular", "bold")]
    except ValueError:
        return frozenset()
    return frozenset(faces[0]).intersection(faces[1])


def _font(family: str, weight: str = "regular") -> FT2Font:
    """The font of a family; ValueError if there is none."""
    from matplotlib import font_manager  # noqa: PLC0415  # heavy, and optional

    face = font_manager.FontProperties(family=[family], weight=weight)
    return font_manager.get_font(font_manager.findfont(face, fallback_to_default=False))
