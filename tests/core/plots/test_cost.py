from __future__ import annotations

import pytest

from tests.core.plots.pictures import (
    METHODS,
    comparison,
    cut_off,
    drawn_marks,
    lines,
    marks,
    overlapping,
    points,
    sizes,
    summary,
    words,
)
from vs_core.comparison import Cost, Estimate, MethodSummary
from vs_core.plots import plot_cost

DIRECT = summary("direct", tokens=600, unique_fraction=Estimate(mean=0.1, low=0.05, high=0.2))
STANDARD = summary("standard", tokens=1500, unique_fraction=Estimate(mean=0.8, low=0.7, high=0.9))


def test_a_point_is_tokens_for_a_response_against_the_metric() -> None:
    (axes,) = plot_cost(comparison(DIRECT, STANDARD)).axes
    assert sorted(points(axes)) == [(20, 0.1), (50, 0.8)]


def test_tokens_are_those_sent_and_those_received() -> None:
    cost = Cost(calls=1, input_tokens=100, output_tokens=50)
    found = DIRECT.model_copy(update={"cost": cost, "responses": 10})
    assert points(plot_cost(comparison(found)).axes[0]) == [(15, 0.1)]


def test_each_point_has_its_name_beside_the_panel_from_the_highest_to_the_lowest() -> None:
    (axes,) = plot_cost(comparison(DIRECT, STANDARD)).axes
    assert list(marks(axes)) == ["standard", "direct"]
    assert list(marks(axes).values()) == drawn_marks(axes)
    assert points(axes) == [(50, 0.8), (20, 0.1)]


def test_methods_at_the_same_point_are_told_apart_by_colour_and_by_shape() -> None:
    same = [summary(method, unique_fraction=Estimate(mean=0.5)) for method in METHODS]
    (axes,) = plot_cost(comparison(*same)).axes
    colours, shapes = zip(*marks(axes).values(), strict=True)
    assert len(set(colours)) == len(set(shapes)) == len(METHODS)
    assert all(len(mark.get_facecolor()) == 0 for mark in axes.collections)


def test_lines_are_the_bootstrap_intervals() -> None:
    (axes,) = plot_cost(comparison(DIRECT, STANDARD)).axes
    assert sorted(lines(axes)) == [([20, 20], [0.05, 0.2]), ([50, 50], [0.7, 0.9])]


def test_the_axes_say_what_they_are_and_which_way_is_more_diverse() -> None:
    (axes,) = plot_cost(comparison(DIRECT)).axes
    assert axes.get_xlabel() == "tokens per response"
    assert axes.get_ylabel() == "Unique (higher is more diverse)"


def test_both_axes_begin_at_zero() -> None:
    (axes,) = plot_cost(comparison(DIRECT, STANDARD)).axes
    assert (axes.get_xlim()[0], axes.get_ylim()[0]) == (0, 0)


def test_another_metric_can_be_chosen() -> None:
    found = summary("direct", unique_fraction=Estimate(mean=0.1), self_bleu=Estimate(mean=0.6))
    (axes,) = plot_cost(comparison(found), "self_bleu").axes
    assert points(axes) == [(100, 0.6)]
    assert axes.get_ylabel() == "Self-BLEU (lower is more diverse)"


def test_without_tokens_calls_are_the_cost() -> None:
    untold = summary("direct", tokens=None, calls=30, unique_fraction=Estimate(mean=0.1))
    (axes,) = plot_cost(comparison(untold)).axes
    assert points(axes) == [(1, 0.1)]
    assert axes.get_xlabel() == "calls per response"


@pytest.mark.parametrize(
    "without",
    [
        summary("standard", tokens=None, unique_fraction=Estimate(mean=0.4)),
        summary("standard", responses=0, unique_fraction=Estimate(mean=0.4)),
        summary("standard", unique_fraction=Estimate()),
        summary("standard"),
    ],
    ids=["no tokens", "no responses", "no mean", "no score"],
)
def test_a_method_that_has_no_point_is_named_below(without: MethodSummary) -> None:
    figure = plot_cost(comparison(DIRECT, without))
    assert points(figure.axes[0]) == [(20, 0.1)]
    assert "Without a value or a known cost: standard." in words(figure)


def test_a_metric_that_was_not_computed_is_refused() -> None:
    with pytest.raises(ValueError, match="vendi_score"):
        plot_cost(comparison(DIRECT), "vendi_score")


def test_simulated_numbers_are_labelled() -> None:
    assert "Simulated data" in words(plot_cost(comparison(DIRECT, simulated=True)))
    assert "imulat" not in words(plot_cost(comparison(DIRECT)))


@pytest.mark.parametrize(("methods", "step", "rise"), [(2, 40, 0.1), (5, 0, 0.0), (5, 3000, 0.1)])
def test_every_text_is_legible(methods: int, step: int, rise: float) -> None:
    found = [
        summary(
            method,
            tokens=3000 + step * place,
            unique_fraction=Estimate(mean=0.5 + rise * place, low=0.4, high=0.95),
        )
        for place, method in enumerate(METHODS[:methods])
    ]
    figure = plot_cost(comparison(*found, prompts=3, simulated=True), title="word " * 60)
    assert min(sizes(figure)) >= 8
    assert cut_off(figure) == []
    assert overlapping(figure) == []
