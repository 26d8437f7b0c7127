from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from tests.core.plots.pictures import METHODS, comparison, drawn_marks, summary
from vs_core.comparison import Estimate
from vs_core.plots import plot_answers, plot_cost, plot_diversity

# Okabe and Ito, "Color Universal Design", 2008.
OKABE_ITO = {"#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#000000"}
SCORES = comparison(*(summary(method, rouge_l=Estimate(mean=0.5)) for method in METHODS))


def bar_colours(axes: Axes) -> list[str]:
    return [to_hex(bar.get_facecolor()) for bar in axes.patches]


def test_methods_have_different_colours_of_the_palette() -> None:
    colours = bar_colours(plot_diversity(SCORES).axes[0])
    assert len(set(colours)) == len(METHODS)
    assert set(colours) <= OKABE_ITO


def test_a_method_has_the_same_colour_in_every_picture() -> None:
    answers = plot_answers({method: ["a"] for method in reversed(METHODS)})
    of_answers = [bar_colours(axes)[0] for axes in reversed(answers.axes)]
    of_points = [colour for colour, _ in drawn_marks(plot_cost(SCORES).axes[0])]
    assert of_answers == of_points == bar_colours(plot_diversity(SCORES).axes[0])


def test_what_is_no_method_takes_no_colour_of_a_method_beside_it() -> None:
    figure = plot_answers({"mine": ["a"], "standard": ["a"], "yours": ["a"]})
    assert len({bar_colours(axes)[0] for axes in figure.axes}) == 3


def test_the_bar_that_several_answers_share_is_grey() -> None:
    (axes,) = plot_answers({"direct": list("abc")}, top=1).axes
    assert bar_colours(axes)[1] == "#999999"
