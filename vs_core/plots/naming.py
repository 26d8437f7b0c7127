"""Names beside points, so placed that none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from vs_core.drawing.fonts import LABEL_SIZE
from vs_core.drawing.palette import FAINT_INK, INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation

_Place = tuple[
    tuple[float, float], Literal["left", "right", "center"], Literal["top", "bottom", "center"]
]


def _ring(distance: float) -> list[_Place]:
    """Places around a point, the best ones first."""
    slanted = 0.7 * distance
    return [
        ((distance, 0), "left", "center"),
        ((-distance, 0), "right", "center"),
        ((0, distance), "center", "bottom"),
        ((0, -distance), "center", "top"),
        ((slanted, slanted), "left", "bottom"),
        ((slanted, -slanted), "left", "top"),
        ((-slanted, slanted), "right", "bottom"),
        ((-slanted, -slanted), "right", "top"),
    ]


# Where a name may stand: offset in points, and how it is aligned there.
_PLACES = [place for distance in (11, 30, 50) for place in _ring(distance)]
# Further away than this, in points, a line leads from a name to its point.
_NEAR = 11
_RADIUS, _FRAME = 5.0, 5.0


def name_point(axes: Axes, name: str, point: tuple[float, float], colour: str) -> Annotation:
    """Write a name, framed in the colour of its point; where exactly, `keep_apart` decides."""
    return axes.annotate(
        name,
        point,
        xytext=(0, 0),
        textcoords="offset points",
        fontsize=LABEL_SIZE,
        color=INK,
        bbox={
            "boxstyle": "round,pad=0.2",
            "facecolor": PAPER,
            "edgecolor": colour,
            "linewidth": 1.0,
        },
        zorder=4,
    )


def keep_apart(figure: Figure, axes: Axes, names: Sequence[Annotation]) -> None:
    """Move each name to the first place beside its point where it covers nothing.

    Where there is no such place, it goes where it covers least. Points and lines count, and so do
    names placed before. A line that leads from a name to its point keeps off the other points.

    Args:
        figure: Laid out for this, so everything else has to be drawn before.
        axes: The panel.
        names: What `name_point` wrote.
    """
    figure.draw_without_rendering()
    dot = figure.dpi / 72
    taken = [_Box(*line.get_window_extent().extents).wider(dot) for line in axes.lines]
    centres = [axes.transData.transform(name.xy) for name in names]
    points = [_Box(x, y, x, y).wider(_RADIUS * dot) for x, y in centres]
    taken += points
    panel = _Box(*axes.bbox.extents)
    for own, name in enumerate(names):
        others = points[:own] + points[own + 1 :]
        covered = [
            _covered(_moved(name, place), taken, panel) + _crossed(points[own], place, others, dot)
            for place in _PLACES
        ]
        place = _PLACES[covered.index(min(covered))]
        taken.append(_moved(name, place).wider(_FRAME * dot))
        _lead(axes, name, place[0])


class _Box(NamedTuple):
    """A rectangle, in dots."""

    left: float
    bottom: float
    right: float
    top: float

    def wider(self, margin: float) -> _Box:
        """The rectangle with a margin around it."""
        return _Box(
            self.left - margin, self.bottom - margin, self.right + margin, self.top + margin
        )

    def shared_with(self, other: _Box) -> float:
        """The area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(0.0, width) * max(0.0, height)


def _moved(name: Annotation, place: _Place) -> _Box:
    offset, horizontal, vertical = place
    name.xyann = offset
    name.set(ha=horizontal, va=vertical)
    return _Box(*name.get_window_extent().extents)


def _lead(axes: Axes, name: Annotation, offset: tuple[float, float]) -> None:
    if max(map(abs, offset)) > _NEAR:
        axes.annotate(
            "",
            name.xy,
            xytext=offset,
            textcoords="offset points",
            arrowprops={"arrowstyle": "-", "color": FAINT_INK, "linewidth": 0.7, "shrinkB": 3},
        )


def _covered(box: _Box, taken: Sequence[_Box], panel: _Box) -> float:
    """The area that a name would share with others or have beyond the panel."""
    beyond = box.shared_with(box) - box.shared_with(panel)
    return round(beyond + sum(map(box.shared_with, taken)), 6)


def _crossed(point: _Box, place: _Place, others: Sequence[_Box], dot: float) -> float:
    """How much of the other points the line from a point to its name would run over."""
    across, up = (dot * distance for distance in place[0])
    parts = [
        _Box(*(edge + share * move for edge, move in zip(point, (across, up) * 2, strict=True)))
        for share in (0.25, 0.5, 0.75, 1.0)
    ]
    return round(sum(part.shared_with(other) for part in parts for other in others), 6)
