from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from tests.core.distributions import stating
from tests.core.plots.pictures import bars, cut_off, labels, lines, overlapping, sizes, words
from vs_core import Candidate, Definition, Trace, VerbalizedDistribution
from vs_core.plots import plot_distribution

Distribution = VerbalizedDistribution[Any]


def test_bars_are_the_probabilities_in_the_models_order() -> None:
    (axes,) = stating(heads=0.1, tails=0.3).plot().axes
    assert labels(axes) == ["heads", "tails"]
    assert bars(axes) == pytest.approx([0.25, 0.75])


def test_the_function_draws_what_the_method_draws() -> None:
    (axes,) = plot_distribution(stating(heads=0.1, tails=0.3), title="Flip", top=1).axes
    assert labels(axes) == ["heads", "others (1)"]
    assert axes.figure.get_suptitle() == "Flip"


def test_probabilities_stand_beside_the_bars() -> None:
    (axes,) = stating(heads=0.1, tails=0.3).plot().axes
    assert [text.get_text() for text in axes.texts] == ["25%", "75%"]


def test_a_stated_number_is_marked_where_it_differs() -> None:
    figure = stating(heads=0.1, tails=0.3).plot()
    assert lines(figure.axes[0]) == [([0.1, 0.3], [0, 1])]
    assert "◇ what the model stated" in words(figure)


def test_a_stated_number_that_is_the_probability_is_not_marked() -> None:
    figure = stating(heads=0.251, tails=0.749).plot()
    assert lines(figure.axes[0]) == [([], [])]
    assert "◇" not in words(figure)


def test_a_candidate_without_a_number_has_no_mark() -> None:
    (axes,) = stating(heads=0.1, edge=None, tails=0.3).plot().axes
    assert lines(axes) == [([0.1, 0.3], [0, 2])]


@pytest.mark.parametrize(("definition", "shown"), [("perplexity", [0.5, 0.25]), ("explicit", [])])
def test_a_number_that_is_no_probability_is_marked_as_a_likelihood(
    definition: Definition, shown: list[float]
) -> None:
    stated = Distribution(
        candidates=(Candidate(value="a", stated=2.0), Candidate(value="b", stated=4.0)),
        trace=Trace(definition=definition),
    )
    figure = stated.plot()
    assert ("as a likelihood" in words(figure)) == bool(shown)
    if shown:
        assert lines(figure.axes[0])[0][0] == shown


def test_the_rest_shares_a_bar() -> None:
    (axes,) = stating(a=0.4, b=0.3, c=0.2, d=0.1).plot(top=2).axes
    assert labels(axes) == ["a", "b", "others (2)"]
    assert bars(axes) == pytest.approx([0.4, 0.3, 0.3])


class Shop(BaseModel):
    name: str


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (Shop(name="Bean"), '{"name":"Bean"}'),
        ({"a": [1]}, '{"a": [1]}'),
        (42, "42"),
        (None, "null"),
        (True, "true"),
        ("", "(empty)"),
    ],
    ids=str,
)
def test_values_of_any_type_have_a_name(value: Any, label: str) -> None:
    (axes,) = Distribution(candidates=(Candidate(value=value),)).plot().axes
    assert labels(axes) == [label]


def test_an_empty_distribution_says_so() -> None:
    figure = VerbalizedDistribution[str]().plot()
    assert bars(figure.axes[0]) == []
    assert "no candidates" in words(figure)


def test_no_room_for_any_candidate_is_refused() -> None:
    with pytest.raises(ValueError, match="top"):
        stating(a=0.4).plot(top=0)


def test_simulated_candidates_are_labelled() -> None:
    simulated = VerbalizedDistribution[str].of([Candidate(value="a")], Trace(model="simulated"))
    assert "Simulated data" in words(simulated.plot())
    assert "imulat" not in words(stating(a=0.4).plot())


@pytest.mark.parametrize("size", [1, 8, 100])
def test_every_text_is_legible(size: int) -> None:
    figure = Distribution(
        candidates=tuple(
            Candidate(value=f"{n} " + "M" * n + " word" * n, stated=0.9) for n in range(size)
        )
    ).plot(title="word " * 60)
    assert min(sizes(figure)) >= 8
    assert cut_off(figure) == []
    assert overlapping(figure) == []
