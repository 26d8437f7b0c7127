from __future__ import annotations

import pytest

from tests.core.plots.pictures import (
    METHODS,
    answered,
    bars,
    cut_off,
    labels,
    lines,
    overlapping,
    sizes,
    words,
)
from vs_core.comparison import MethodResponses
from vs_core.plots import plot_answers

COIN = {"direct": ["heads", "Heads", "heads.", "tails"], "standard": ["tails", "heads"]}


def test_bars_are_the_shares_of_the_answers() -> None:
    direct, standard = plot_answers(COIN).axes
    assert (bars(direct), bars(standard)) == ([0.75, 0.25], [0.5, 0.5])


def test_bars_can_be_numbers_of_answers() -> None:
    direct, standard = plot_answers(COIN, unit="count").axes
    assert (bars(direct), bars(standard)) == ([3, 1], [1, 1])


def test_the_same_answers_stand_in_each_panel() -> None:
    direct, standard = plot_answers(COIN).axes
    assert labels(direct) == labels(standard) == ["heads", "tails"]


def test_panels_share_their_axis() -> None:
    direct, standard = plot_answers({"direct": ["a"] * 9, "standard": ["a"]}, unit="count").axes
    assert direct.get_xlim() == standard.get_xlim()


def test_the_longest_bar_ends_a_little_before_the_edge() -> None:
    # A dot of the reference at its end would be cut there, or run into the next panel.
    (axes,) = plot_answers({"direct": ["a"] * 9}, unit="count").axes
    assert 9 * 1.05 < axes.get_xlim()[1] < 9 * 1.2


def test_each_panel_says_whose_answers_and_how_many_are_different() -> None:
    direct, _ = plot_answers(COIN).axes
    assert direct.get_title(loc="left") == "direct"
    assert [text.get_text() for text in direct.texts] == ["2 different of 4"]


def test_dots_show_the_reference() -> None:
    direct, _ = plot_answers(COIN, reference={"heads": 1, "tails": 3}).axes
    assert lines(direct) == [([0.75, 0.25], [0.0, 1.0])]
    assert labels(direct) == ["tails", "heads"]


def test_dots_are_on_the_scale_of_the_numbers() -> None:
    direct, standard = plot_answers(COIN, reference=["heads", "tails"], unit="count").axes
    assert (lines(direct)[0][0], lines(standard)[0][0]) == ([2, 2], [1, 1])


def test_without_a_reference_there_are_no_dots_and_no_word_of_them() -> None:
    figure = plot_answers(COIN)
    assert not any(axes.lines for axes in figure.axes)
    assert "reference" not in words(figure)


def test_answers_are_ordered_by_the_reference_and_unknown_ones_come_last() -> None:
    given = {"direct": ["x", "x", "x", "b"]}
    (axes,) = plot_answers(given, reference={"a": 1, "b": 2, "c": 3}).axes
    assert labels(axes) == ["c", "b", "a", "x"]


def test_without_a_reference_answers_are_ordered_by_their_share_in_all_methods() -> None:
    given = {"direct": ["b"], "standard": ["a", "c", "a", "c", "c", "b"]}
    assert labels(plot_answers(given).axes[0]) == ["b", "c", "a"]


def test_rare_answers_share_a_bar() -> None:
    given = {"direct": list("aaaabbbccd")}
    (axes,) = plot_answers(given, reference=["a", "b"], top=2).axes
    assert labels(axes) == ["a", "b", "others (2)"]
    assert bars(axes) == pytest.approx([0.4, 0.3, 0.3])
    assert lines(axes)[0][0] == [0.5, 0.5, 0.0]


def test_as_many_answers_as_there_is_room_for_share_no_bar() -> None:
    (axes,) = plot_answers({"direct": list("abc")}, top=3).axes
    assert labels(axes) == ["a", "b", "c"]


def test_a_long_answer_is_cut() -> None:
    (axes,) = plot_answers({"direct": ["word " * 100]}).axes
    (label,) = labels(axes)
    assert label.endswith("…")
    assert label.count("\n") == 1


def test_an_answer_that_is_no_text_has_a_name() -> None:
    (axes,) = plot_answers({"direct": ["", "a"]}).axes
    assert "(empty)" in labels(axes)


def test_what_counts_as_the_same_answer_can_be_chosen() -> None:
    (axes,) = plot_answers({"direct": ["a", "A"]}, match=str).axes
    assert labels(axes) == ["a", "A"]


def test_a_method_without_answers_says_so() -> None:
    direct, standard = plot_answers({"direct": [], "standard": ["a"]}).axes
    assert bars(direct) == [0]
    assert "no answers" in [text.get_text() for text in direct.texts]
    assert "no answers" not in [text.get_text() for text in standard.texts]


def found(method: str, *texts: str, prompt: str = "Flip a coin.") -> MethodResponses:
    return MethodResponses.model_validate({"prompt": prompt, "method": method, "texts": texts})


def test_a_comparison_shows_its_prompt_its_methods_and_its_reference() -> None:
    figure = plot_answers(
        answered(
            found("direct", "heads", "heads"),
            found("standard", "tails", "heads"),
            reference={"tails": 0.75, "heads": 0.25},
        )
    )
    assert figure.get_suptitle() == "Flip a coin."
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["direct", "standard"]
    assert [bars(axes) for axes in figure.axes] == [[0.0, 1.0], [0.5, 0.5]]
    assert [lines(axes)[0][0] for axes in figure.axes] == [[0.75, 0.25]] * 2


def test_a_method_can_be_left_out() -> None:
    shown = answered(found("direct", "a"), found("sequence", "b"), found("standard", "c"))
    figure = plot_answers(shown, methods=["standard", "direct"])
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["standard", "direct"]
    assert labels(figure.axes[0]) == ["c", "a"]


def test_answers_can_count_for_their_probabilities() -> None:
    given = MethodResponses(
        prompt="?", method="standard", texts=("a", "b"), probabilities=(0.9, 0.3)
    )
    (axes,) = plot_answers(answered(given), weighted=True, unit="count").axes
    assert bars(axes) == pytest.approx([1.5, 0.5])


def test_a_baseline_has_no_probabilities_to_count_for() -> None:
    (axes,) = plot_answers(answered(found("direct", "a", "b", "b")), weighted=True).axes
    assert bars(axes) == pytest.approx([2 / 3, 1 / 3])


def test_one_of_several_prompts_is_shown() -> None:
    several = answered(found("direct", "a", prompt="one"), found("direct", "b", prompt="two"))
    assert labels(plot_answers(several, prompt="two").axes[0]) == ["b"]


def test_one_of_several_prompts_has_to_be_named() -> None:
    several = answered(found("direct", "a", prompt="one"), found("direct", "b", prompt="two"))
    with pytest.raises(ValueError, match="has 2 prompts: pass prompt="):
        plot_answers(several)


def test_a_prompt_that_was_not_asked_is_refused() -> None:
    with pytest.raises(ValueError, match=r"prompt='else'.*'Flip a coin\.'"):
        plot_answers(answered(found("direct", "a")), prompt="else")


def test_a_method_that_was_not_compared_is_refused() -> None:
    with pytest.raises(ValueError, match=r"methods=\['multi'\].*\['direct'\]"):
        plot_answers({"direct": ["a"]}, methods=["direct", "multi"])


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="no method to show"):
        plot_answers({})


def test_no_room_for_any_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="top=0"):
        plot_answers(COIN, top=0)


def test_simulated_answers_are_labelled() -> None:
    shown = answered(found("direct", "a"))
    simulated = shown.model_copy(
        update={"settings": shown.settings.model_copy(update={"simulated": True})}
    )
    assert "Simulated data" in words(plot_answers(simulated))
    assert "Simulated data" in words(plot_answers({"direct": ["a"]}, simulated=True))


def test_real_answers_are_not_called_simulated() -> None:
    assert "imulat" not in words(plot_answers(answered(found("direct", "a"))))


def long_answers(methods: int, categories: int) -> dict[str, list[str]]:
    texts = [
        f"{number}: " + "How does a coffee bean say goodbye? " * 3 for number in range(categories)
    ]
    return dict.fromkeys(METHODS[:methods], texts)


@pytest.mark.parametrize(("methods", "categories"), [(1, 1), (3, 8), (5, 30)])
def test_every_text_is_legible(methods: int, categories: int) -> None:
    given = long_answers(methods, categories)
    figure = plot_answers(given, reference=given["direct"], top=30, title="word " * 60)
    assert min(sizes(figure)) >= 8
    assert cut_off(figure) == []
    assert overlapping(figure) == []


def test_more_methods_than_fit_side_by_side_go_below() -> None:
    figure = plot_answers({f"a rather long name {n}": ["a", "b"] for n in range(7)})
    assert len(figure.axes) == 7
    assert cut_off(figure) == []
    assert overlapping(figure) == []


def test_a_weighted_picture_says_so() -> None:
    shown = answered(found("direct", "a"))
    assert "Answers count for the probabilities" in words(plot_answers(shown, weighted=True))
    assert "Answers count" not in words(plot_answers(shown))


JOKES = [f"Why did coffee number {n} file a police report? It got mugged." for n in range(20)]


def test_long_answers_that_came_once_each_share_one_bar_that_says_so() -> None:
    direct, standard = plot_answers({"direct": [JOKES[0]] * 20, "standard": JOKES[1:]}).axes
    first, rest = labels(direct)
    assert first.replace("\n", " ").startswith("Why did coffee number 0")
    assert rest == "19 answers, once each"
    assert (bars(direct), bars(standard)) == ([1.0, 0.0], [0.0, 1.0])


def test_a_few_long_answers_have_bars_of_their_own() -> None:
    assert len(labels(plot_answers({"standard": JOKES[:5]}).axes[0])) == 5


def test_short_answers_that_came_once_each_have_bars_of_their_own() -> None:
    states = ["Ohio", "Utah", "Iowa", "Texas", "Maine", "Nevada", "Oregon", "Idaho"]
    assert labels(plot_answers({"standard": states}).axes[0]) == states


def test_an_answer_that_two_methods_gave_has_a_bar_of_its_own() -> None:
    direct, _ = plot_answers({"direct": JOKES[:1], "standard": JOKES}).axes
    assert len(labels(direct)) == 2


def test_long_answers_of_the_reference_have_bars_of_their_own() -> None:
    (axes,) = plot_answers({"standard": JOKES}, reference=JOKES).axes
    assert len(labels(axes)) == 20
