"""Comparisons to draw, and what can be read off a figure."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from vs_core import Method
from vs_core.comparison import (
    Comparison,
    ComparisonSettings,
    Cost,
    Estimate,
    MethodResponses,
    MethodSummary,
)

if TYPE_CHECKING:
    from matplotlib.transforms import Bbox

METHODS: tuple[Method, ...] = ("direct", "sequence", "standard", "cot", "multi")


def comparison(*summaries: MethodSummary, prompts: int = 1, simulated: bool = False) -> Comparison:
    """A comparison that found this."""
    return Comparison(
        settings=ComparisonSettings(
            prompts=[f"prompt {number}" for number in range(1, prompts + 1)],
            methods=[summary.method for summary in summaries],
            simulated=simulated,
        ),
        summaries=summaries,
    )


def summary(
    method: Method,
    scores: Mapping[str, Estimate] | None = None,
    *,
    tokens: int | None = 3000,
    calls: int = 10,
    responses: int = 30,
    **more: Estimate,
) -> MethodSummary:
    """What one method came to."""
    return MethodSummary(
        method=method,
        scores={**(scores or {}), **more},
        responses=responses,
        cost=Cost(calls=calls, input_tokens=tokens),
    )


def answered(*results: MethodResponses, reference: dict[str, float] | None = None) -> Comparison:
    """A comparison with these responses."""
    prompts = list(dict.fromkeys(found.prompt for found in results))
    methods = list(dict.fromkeys(found.method for found in results))
    settings = ComparisonSettings(prompts=prompts, methods=methods, reference=reference or {})
    return Comparison(settings=settings, results=results)


def bars(axes: Axes) -> list[float]:
    """How long the bars of a panel are, from top to bottom."""
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [float(bar.get_width()) for bar in sorted(found, key=Rectangle.get_y)]


def places(axes: Axes) -> list[int]:
    """Where the bars of a panel stand, from top to bottom."""
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return sorted(round(bar.get_y() + bar.get_height() / 2) for bar in found)


def labels(axes: Axes) -> list[str]:
    """The names of the bars, even where the panel at the left shows them."""
    return [tick.label1.get_text() for tick in axes.yaxis.get_major_ticks()]


def points(axes: Axes) -> list[tuple[float, float]]:
    """The points of a scatter plot."""
    return [(x, y) for c in axes.collections for x, y in np.asarray(c.get_offsets()).tolist()]


def lines(axes: Axes) -> list[tuple[list[float], list[float]]]:
    """The x and y of each line, or row of marks."""
    return [
        (np.asarray(line.get_xdata()).tolist(), np.asarray(line.get_ydata()).tolist())
        for line in axes.lines
    ]


def words(figure: Figure) -> str:
    """Everything that stands in a figure."""
    return "\n".join(text.get_text() for text in _texts(figure))


def sizes(figure: Figure) -> list[float]:
    """The sizes of everything that stands in a figure, in points."""
    return [float(text.get_fontsize()) for text in _texts(figure)]


def cut_off(figure: Figure) -> list[str]:
    """Texts that are not wholly inside the figure, as it is drawn."""
    figure.draw_without_rendering()
    width, height = figure.bbox.width, figure.bbox.height
    return [
        text.get_text()
        for text in _texts(figure)
        if not _inside(text.get_window_extent(), width, height)
    ]


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts that cover each other, as they are drawn."""
    figure.draw_without_rendering()
    texts = _texts(figure)
    boxes = [text.get_window_extent() for text in texts]
    return [
        (texts[first].get_text(), texts[second].get_text())
        for first in range(len(texts))
        for second in range(first)
        if _covers(boxes[first], boxes[second])
    ]


def marks(axes: Axes) -> dict[str, tuple[str, bytes]]:
    """The colour and the outline of each point, by the name that the legend gives it."""
    legend = axes.get_legend()
    assert legend is not None
    names = [text.get_text() for text in legend.get_texts()]
    return {name: _look(mark) for name, mark in zip(names, legend.legend_handles, strict=True)}


def drawn_marks(axes: Axes) -> list[tuple[str, bytes]]:
    """The colour and the outline of each point of a scatter plot."""
    return [_look(points) for points in axes.collections]


def saved(figure: Figure, kind: str) -> bytes:
    """The file that matplotlib itself makes of a figure."""
    file = io.BytesIO()
    figure.savefig(file, format=kind)
    return file.getvalue()


def _look(mark: Any) -> tuple[str, bytes]:
    return to_hex(mark.get_edgecolor()[0]), mark.get_paths()[0].vertices.tobytes()


def _texts(figure: Figure) -> Sequence[Text]:
    beyond = {
        label
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        if not _within(tick.get_loc(), axis.get_view_interval())
        for label in (tick.label1, tick.label2)
    }
    found: list[Any] = figure.findobj(Text)
    return [t for t in found if t.get_visible() and t.get_text() and t not in beyond]


def _within(place: float, interval: tuple[float, float]) -> bool:
    low, high = sorted(interval)
    return low - 1e-9 <= place <= high + 1e-9


def _inside(box: Bbox, width: float, height: float) -> bool:
    return bool(box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1)


def _covers(one: Bbox, other: Bbox) -> bool:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    # Boxes have room for accents and descenders, so they may touch.
    return bool(wide > 1 and high > 2)
