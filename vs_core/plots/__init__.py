"""Pictures of distributions, comparisons, generations and calibrations.

Each function returns a `matplotlib.figure.Figure`, which a notebook shows after
`%matplotlib inline`, and which `savefig` saves (`save_figure` does so reproducibly). No display is
needed, and no global state of matplotlib is touched. The colours are told apart by every kind of
colour vision. Needs the `eval` extra when called; importing it loads nothing.
"""

from __future__ import annotations

from vs_core.plots.answers import plot_answers
from vs_core.plots.cost import plot_cost
from vs_core.plots.distribution import plot_distribution
from vs_core.plots.diversity import plot_diversity
from vs_core.plots.generation import plot_generation
from vs_core.plots.reliability import plot_reliability
from vs_core.plots.saving import save_figure

__all__ = [
    "plot_answers",
    "plot_cost",
    "plot_distribution",
    "plot_diversity",
    "plot_generation",
    "plot_reliability",
    "save_figure",
]
