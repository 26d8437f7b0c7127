from __future__ import annotations

import pytest

from tests.core.plots.pictures import (
    METHODS,
    bars,
    comparison,
    cut_off,
    labels,
    lines,
    overlapping,
    places,
    sizes,
    summary,
    words,
)
from vs_core.comparison import Comparison, Estimate
from vs_core.metrics import METRICS
from vs_core.plots import plot_diversity

TWO = comparison(
    summary(
        "direct",
        unique_fraction=Estimate(mean=0.1, low=0.05, high=0.2),
        rouge_l=Estimate(mean=0.9, low=0.8, high=0.95),
    ),
    summary(
        "standard",
        unique_fraction=Estimate(mean=0.8, low=0.7, high=0.9),
        rouge_l=Estimate(mean=0.2, low=0.1, high=0.3),
    ),
    prompts=4,
)


def test_each_metric_has_a_panel_with_a_bar_for_each_method() -> None:
    figure = plot_diversity(TWO)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["Unique", "ROUGE-L"]
    assert [bars(axes) for axes in figure.axes] == [[0.1, 0.8], [0.9, 0.2]]
    assert [labels(axes) for axes in figure.axes] == [["direct", "standard"]] * 2


def test_lines_are_the_bootstrap_intervals() -> None:
    unique, _ = plot_diversity(TWO).axes
    assert lines(unique) == [([0.05, 0.2], [0.0, 0.0]), ([0.7, 0.9], [1.0, 1.0])]


def test_the_values_stand_beside_the_bars() -> None:
    unique, _ = plot_diversity(TWO).axes
    written = {text.get_position()[1]: text.get_text() for text in unique.texts if text.get_text()}
    assert written == {0: "0.10", 1: "0.80"}


def test_each_panel_says_which_way_is_more_diverse() -> None:
    unique, rouge = plot_diversity(TWO).axes
    assert unique.get_xlabel() == "higher is more diverse"
    assert rouge.get_xlabel() == "lower is more diverse"


def test_closeness_to_a_reference_is_not_called_diversity() -> None:
    found = comparison(summary("direct", kl_divergence=Estimate(mean=1.5)))
    assert plot_diversity(found).axes[0].get_xlabel() == "lower is better"


def test_a_metric_of_another_version_has_its_name_and_no_direction() -> None:
    (axes,) = plot_diversity(comparison(summary("direct", zipf=Estimate(mean=1.5)))).axes
    assert (axes.get_title(loc="left"), axes.get_xlabel()) == ("zipf", "")


def test_metrics_can_be_chosen_in_an_order() -> None:
    figure = plot_diversity(TWO, ["rouge_l", "unique_fraction"])
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["ROUGE-L", "Unique"]


def test_without_an_interval_there_is_a_bar_and_no_line() -> None:
    (axes,) = plot_diversity(comparison(summary("direct", rouge_l=Estimate(mean=0.4)))).axes
    assert (bars(axes), lines(axes)) == ([0.4], [])


def test_a_method_without_a_value_has_a_dash() -> None:
    found = comparison(
        summary("direct", rouge_l=Estimate()), summary("standard", rouge_l=Estimate(mean=0.4))
    )
    (axes,) = plot_diversity(found).axes
    assert bars(axes) == [0.4]
    assert places(axes) == [1]
    assert [text.get_text() for text in axes.texts if text.get_text()] == ["–", "0.40"]


def test_a_metric_without_any_value_is_left_out() -> None:
    found = comparison(
        summary("direct", rouge_l=Estimate(), unique_fraction=Estimate(mean=0.4)),
    )
    assert [axes.get_title(loc="left") for axes in plot_diversity(found).axes] == ["Unique"]


def test_a_metric_without_any_value_is_shown_if_asked_for() -> None:
    found = comparison(summary("direct", rouge_l=Estimate()))
    (axes,) = plot_diversity(found, ["rouge_l"]).axes
    assert bars(axes) == []
    assert "no value" in [text.get_text() for text in axes.texts]


def test_the_note_says_over_how_many_prompts_the_means_are() -> None:
    assert "Means over 4 prompts, with 95% bootstrap intervals." in words(plot_diversity(TWO))


def test_one_prompt_has_neither_means_nor_intervals_to_explain() -> None:
    found = comparison(summary("direct", rouge_l=Estimate(mean=0.4)))
    assert "prompts" not in words(plot_diversity(found))


def test_a_metric_that_was_not_computed_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\['vendi_score'\].*\['unique_fraction', 'rouge_l'\]"):
        plot_diversity(TWO, ["vendi_score"])


@pytest.mark.parametrize(
    "found", [comparison(summary("direct", rouge_l=Estimate())), comparison(summary("direct"))]
)
def test_a_comparison_without_values_is_refused(found: Comparison) -> None:
    with pytest.raises(ValueError, match="no metric to show"):
        plot_diversity(found)


def test_simulated_numbers_are_labelled() -> None:
    score = summary("direct", rouge_l=Estimate(mean=0.4))
    assert "Simulated data" in words(plot_diversity(comparison(score, simulated=True)))
    assert "imulat" not in words(plot_diversity(comparison(score)))


@pytest.mark.parametrize(("methods", "metrics"), [(2, 1), (5, 3), (5, 15)])
def test_every_text_is_legible(methods: int, metrics: int) -> None:
    scores = {
        name: Estimate(mean=scale * 0.123, low=scale * 0.1, high=scale * 0.2)
        for name, scale in zip(METRICS, [0.001, 1, 10, 1000, 99999] * 3, strict=True)
    }
    shown = dict(list(scores.items())[:metrics])
    found = [summary(method, shown) for method in METHODS[:methods]]
    figure = plot_diversity(comparison(*found, prompts=3, simulated=True), title="word " * 60)
    assert len(figure.axes) == metrics
    assert min(sizes(figure)) >= 8
    assert cut_off(figure) == []
    assert overlapping(figure) == []
