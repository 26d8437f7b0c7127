"""`plot_distribution`: the candidates of a distribution, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vs_core.values.distribution import VerbalizedDistribution

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_distribution(
    distribution: VerbalizedDistribution[Any], *, title: str | None = None, top: int = 30
) -> Figure:
    """The probabilities of a distribution as a bar chart: its own `plot`, as a function.

    Args:
        distribution: Of values of any type; they are shown as text.
        title: As for `VerbalizedDistribution.plot`.
        top: As for `VerbalizedDistribution.plot`.

    Raises:
        MissingExtraError: matplotlib is not installed.
        ValueError: `top` is below 1.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.plots import plot_distribution
        >>> figure = plot_distribution(parse_reply('{"heads": 0.3, "tails": 0.1}'))
        >>> [name.get_text() for name in figure.axes[0].get_yticklabels()]
        ['heads', 'tails']
    """
    return distribution.plot(title=title, top=top)
