"""A distribution as a bar chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vs_core.drawing import canvas, panel
from vs_core.drawing.labels import wrap
from vs_core.drawing.library import require_matplotlib
from vs_core.drawing.numbers import percent, percent_tick
from vs_core.drawing.palette import BLUE, GREY
from vs_core.values.candidate import Candidate
from vs_core.values.selection import require_at_least
from vs_core.values.terms import Definition
from vs_core.values.trace import Trace
from vs_core.values.weights import likelihood

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LABEL_WIDTH, _LABEL_LINES = 25, 2
_SIMULATED = "simulated"
# Numbers closer than this look the same in a picture.
_VISIBLE = 0.005


def draw_distribution(
    candidates: Sequence[Candidate[Any]],
    trace: Trace,
    *,
    title: str | None,
    top: int,
) -> Figure:
    """Draw candidates, as `VerbalizedDistribution.plot` describes it.

    Args:
        candidates: With their probabilities.
        trace: Says what the stated numbers mean, and who stated them.
        title: Heading, if any.
        top: How many candidates have a bar of their own.
    """
    require_matplotlib("plot()")
    require_at_least("top", top, 1)
    labels, probabilities = _bars(candidates, top)
    stated = _differing(candidates[:top], trace.definition)
    figure = canvas.blank_figure(canvas.height_for(labels))
    (axes,) = canvas.panels(figure, 1, 1)
    colours = [BLUE] * min(top, len(candidates)) + [GREY] * (len(candidates) > top)
    panel.bars(axes, dict(enumerate(probabilities)), colours)
    panel.mark(axes, list(stated.values()), list(stated), hollow=True)
    panel.name_bars(axes, labels)
    panel.write_values(axes, [percent(probability) for probability in probabilities])
    axes.set_xlim(0, 1.05 * (max([*probabilities, *stated.values()], default=0.0) or 1.0))
    axes.xaxis.set_major_formatter(percent_tick)
    panel.name_values(axes, "probability")
    if not candidates:
        panel.say_nothing_came(axes, "no candidates")
    if title is not None:
        canvas.name_figure(figure, title)
    return canvas.finish(
        figure, [_note(trace.definition)] if stated else [], simulated=trace.model == _SIMULATED
    )


def _bars(candidates: Sequence[Candidate[Any]], top: int) -> tuple[list[str], list[float]]:
    shown, others = candidates[:top], candidates[top:]
    labels = [wrap(candidate.text, _LABEL_WIDTH, _LABEL_LINES) for candidate in shown]
    probabilities = [candidate.probability for candidate in shown]
    if others:
        labels.append(f"others ({len(others)})")
        probabilities.append(math.fsum(candidate.probability for candidate in others))
    return labels, probabilities


def _differing(
    candidates: Sequence[Candidate[Any]], definition: Definition | None
) -> dict[int, float]:
    """Position -> stated number, where it visibly differs from the probability."""
    numbers = [likelihood(candidate.stated, definition) for candidate in candidates]
    return {
        place: number
        for place, (number, candidate) in enumerate(zip(numbers, candidates, strict=True))
        if number is not None and abs(number - candidate.probability) >= _VISIBLE
    }


def _note(definition: Definition | None) -> str:
    meaning = ", as a likelihood" if definition in {"nll", "perplexity"} else ""
    return f"◇ what the model stated{meaning}; the bars are normalised, they sum to 100%"
