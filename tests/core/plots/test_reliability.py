"""The picture of what stated and calibrated numbers are worth."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from tests.core.calibration.worlds import alternating, squared, world
from tests.core.plots.pictures import cut_off, lines, overlapping, points, saved, sizes, words
from vs_core.calibration import Calibration, calibrate, evaluate
from vs_core.plots import plot_reliability


@functools.cache
def fitted() -> Calibration:
    return calibrate(*world(120, squared), method="temperature", folds=3)


def test_a_point_is_the_mean_number_against_the_share_that_is_right() -> None:
    found = evaluate(*world(120, squared))
    (axes,) = plot_reliability(found).axes
    assert points(axes) == [(one.stated, one.right) for one in found.bins]


def test_lines_are_the_diagonal_and_the_intervals() -> None:
    found = evaluate(*world(120, squared))
    diagonal, *intervals = lines(plot_reliability(found).axes[0])
    assert diagonal == ([0, 1], [0, 1])
    assert intervals == [([one.stated] * 2, [one.low, one.high]) for one in found.bins]


def test_of_a_calibration_before_and_after_stand_side_by_side_on_the_same_scale() -> None:
    before, after = plot_reliability(fitted()).axes
    assert points(before) == [(one.stated, one.right) for one in fitted().before.bins]
    assert points(after) == [(one.stated, one.right) for one in fitted().after.bins]
    for axes in (before, after):
        assert (axes.get_xlim(), axes.get_ylim()) == ((0, 1), (0, 1))


def test_the_larger_area_has_more_examples() -> None:
    decisions = [{"a": 0.6, "b": 0.4}] * 60 + [{"a": 0.9, "b": 0.1}] * 20
    (axes,) = plot_reliability(evaluate(decisions, ["a", "b"] * 40)).axes
    dots: Any = axes.collections[0]
    first, second = dots.get_sizes()
    assert first == pytest.approx(3 * second)


def test_panels_say_what_they_show_and_the_ece() -> None:
    shown = words(plot_reliability(fitted(), title="Routing"))
    for part in (
        "Routing",
        "as stated",
        f"ECE {fitted().before.ece}, 120 examples",
        "calibrated, cross-validated",
        f"ECE {fitted().after.ece}, 120 examples",
        "calibrated probability of the most probable label",
        "share that is right",
        "95% intervals",
    ):
        assert part in shown
    fresh = words(plot_reliability(evaluate(*world(40), calibration=fitted())))
    assert "calibrated" in fresh
    assert "cross-validated" not in fresh


@pytest.mark.parametrize("count", [10, 120])
@pytest.mark.parametrize("right", [0, 2, 3])
def test_every_text_is_legible(count: int, right: int) -> None:
    figure = plot_reliability(calibrate(*alternating(count, right)), title="word " * 60)
    assert min(sizes(figure)) >= 8
    assert cut_off(figure) == []
    assert overlapping(figure) == []


def test_any_title_can_be_drawn() -> None:
    assert saved(plot_reliability(fitted(), title=r"$\nothing{ 東"), "png")
