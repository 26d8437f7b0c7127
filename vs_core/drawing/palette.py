"""Colours that are told apart by every kind of colour vision.

The palette of Okabe and Ito, "Color Universal Design" (2008), without its yellow, which is too
faint on white.
"""

from __future__ import annotations

from collections.abc import Iterable

BLUE = "#0072B2"
GREY = "#999999"
INK = "#222222"
FAINT_INK = "#555555"
GRID = "#DDDDDD"
PAPER = "#FFFFFF"

_OF_METHOD = {
    "direct": "#D55E00",
    "sequence": "#E69F00",
    "standard": BLUE,
    "cot": "#009E73",
    "multi": "#CC79A7",
}
_OTHERS = ("#56B4E9", "#009E73", "#CC79A7", "#E69F00", "#0072B2", "#D55E00", "#000000")


def colours(names: Iterable[str]) -> dict[str, str]:
    """A colour for each name; a method has the same one in every picture.

    Args:
        names: Methods, or anything else that is compared. Names that are no method take colours
            which no method among them has, for as long as there are any.

    Example:
        >>> from vs_core.drawing.palette import colours
        >>> colours(["direct", "my sampler"])
        {'direct': '#D55E00', 'my sampler': '#56B4E9'}
    """
    listed = list(dict.fromkeys(names))
    taken = {_OF_METHOD[name] for name in listed if name in _OF_METHOD}
    free = [colour for colour in _OTHERS if colour not in taken] or list(_OTHERS)
    others = (name for name in listed if name not in _OF_METHOD)
    chosen = {name: free[place % len(free)] for place, name in enumerate(others)}
    return {name: _OF_METHOD.get(name) or chosen[name] for name in listed}
