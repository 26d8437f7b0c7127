"""Transforms give new, renormalised distributions and leave the old one alone."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.distributions import distributions, stating, written
from vs_core import VerbalizedDistribution
from vs_core.adapters import visible

Distribution = VerbalizedDistribution[str]
Transform = Callable[[Distribution], VerbalizedDistribution[Any]]

TRANSFORMS: dict[str, Transform] = {
    "filter": lambda d: d.filter(lambda c: c.probability > 0.1),
    "tail": lambda d: d.tail(0.2),
    "top_k": lambda d: d.top_k(2),
    "top_p": lambda d: d.top_p(0.7),
    "min_p": lambda d: d.min_p(0.5),
    "map": lambda d: d.map(str.upper),
    "reweight": lambda d: d.reweight(lambda c: len(c.text) + 1.0),
    "temper": lambda d: d.temper(0.5),
    "uniform": lambda d: d.uniform(),
    "ranked": lambda d: d.ranked(),
    "merge_duplicates": lambda d: d.merge_duplicates(),
}


@given(d=distributions)
def test_each_result_is_normalised_and_survives_json_and_the_original_stays_as_it_was(
    d: Distribution,
) -> None:
    before = d.model_dump_json()
    for name, transform in TRANSFORMS.items():
        result = transform(d)
        assert d.model_dump_json() == before, name
        assert VerbalizedDistribution.model_validate_json(result.model_dump_json()) == result, name
        total = math.fsum(result.probabilities)
        assert total == (pytest.approx(1.0, abs=1e-9) if result.probabilities else 0), name


def test_filter_keeps_what_passes() -> None:
    assert stating(a=0.1, b=0.3).filter(lambda c: c.text == "b").probabilities == [1.0]


def test_numbers_once_read_stay_when_their_set_is_cut() -> None:
    kept = written("30", "0.5").filter(lambda c: c.raw_probability == "0.5")
    assert kept[0].stated == 0.005


def test_tail_looks_at_the_stated_number() -> None:
    d = stating(a=0.09, b=0.01)
    assert d.tail(0.1).texts == ["a", "b"]


def test_tail_is_strictly_below() -> None:
    assert stating(a=0.1, b=0.05).tail(0.1).texts == ["b"]


def test_tail_keeps_the_nearest_when_none_qualifies() -> None:
    assert stating(a=0.5, b=0.2, c=0.3).tail(0.1).texts == ["b"]


def test_tail_says_that_none_qualified() -> None:
    assert "tail(0.1): kept 1 not stated below it" in stating(a=0.5).tail(0.1).trace.notes[0]


def test_tail_that_is_reached_says_nothing() -> None:
    assert stating(a=0.05).tail(0.1).trace.notes == ()


def test_tail_fills_up_to_the_number_asked() -> None:
    assert stating(a=0.5, b=0.05, c=0.3, d=None).tail(0.1, at_least=2).texts == ["b", "c"]


def test_tail_may_come_out_empty() -> None:
    assert not stating(a=0.5).tail(0.1, at_least=0)


def test_tail_of_nll_compares_probabilities() -> None:
    assert written("1", "5", definition="nll").tail(0.1).texts == ["text 1"]


@pytest.mark.parametrize("threshold", [0.0, -0.1, 1.5, float("nan")])
def test_an_impossible_tail_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="max_probability="):
        stating(a=0.5).tail(threshold)


def test_top_k_keeps_the_most_probable_in_the_models_order() -> None:
    assert stating(a=0.2, b=0.1, c=0.3).top_k(2).texts == ["a", "c"]


def test_top_k_of_none_is_refused() -> None:
    with pytest.raises(ValueError, match="k=0"):
        stating(a=0.2).top_k(0)


def test_top_p_keeps_the_fewest_that_reach_it() -> None:
    assert stating(a=0.5, b=0.3, c=0.2).top_p(0.8).texts == ["a", "b"]


@given(distributions)
def test_top_p_of_everything_loses_no_probability(d: Distribution) -> None:
    kept = {id(c) for c in d.candidates if c.text in d.top_p(1.0).texts}
    assert all(id(c) in kept for c in d.candidates if c.probability > 1e-9)


def test_min_p_is_relative_to_the_most_probable() -> None:
    assert stating(a=0.5, b=0.3, c=0.2).min_p(0.5).texts == ["a", "b"]


@pytest.mark.parametrize("cut", ["top_p", "min_p"])
def test_an_impossible_fraction_is_refused(cut: str) -> None:
    with pytest.raises(ValueError, match=r"p=1\.1"):
        getattr(stating(a=0.5), cut)(1.1)


def test_map_changes_values_and_keeps_probabilities() -> None:
    mapped = stating(a=0.1, b=0.3).map(lambda text: {"name": text})
    assert mapped.values == [{"name": "a"}, {"name": "b"}]
    assert mapped.probabilities == pytest.approx([0.25, 0.75])


def test_with_values_refuses_another_number_of_values() -> None:
    with pytest.raises(ValueError, match="1 values were given for 2"):
        stating(a=0.1, b=0.3).with_values(["x"])


def test_reweight_sets_the_weights() -> None:
    weighed = stating(a=0.5, b=0.5).reweight(lambda c: 3.0 if c.text == "a" else 1.0)
    assert weighed.probabilities == pytest.approx([0.75, 0.25])


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_an_impossible_weight_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="the new weight of 'a'"):
        stating(a=0.5).reweight(lambda _: weight)


def test_temper_raises_to_the_inverse_power() -> None:
    assert stating(a=0.8, b=0.2).temper(0.5).probabilities == pytest.approx([16 / 17, 1 / 17])


def test_temper_of_nothing_is_nothing() -> None:
    assert not VerbalizedDistribution().temper(0.5)


def test_uniform_makes_all_equal() -> None:
    assert stating(a=0.8, b=0.2).uniform().probabilities == [0.5, 0.5]


def test_ranked_sorts_by_probability() -> None:
    assert stating(a=0.1, b=0.3, c=0.3).ranked().texts == ["b", "c", "a"]


def test_duplicates_merge_by_text() -> None:
    d = stating(a=0.1, b=0.3) + stating(a=0.1)
    merged = d.merge_duplicates()
    assert merged.texts == ["a", "b"]
    assert merged[0].stated == pytest.approx(0.2)
    assert merged.probabilities == pytest.approx([0.4, 0.6])


def test_duplicates_merge_by_a_key() -> None:
    assert stating(a=0.1, A=0.3).merge_duplicates(lambda c: c.text.lower()).texts == ["a"]


def test_entropy_is_in_nats() -> None:
    assert stating(a=0.1, b=0.1).entropy() == pytest.approx(math.log(2))


def test_effective_size_counts_equal_candidates() -> None:
    assert stating(a=0.1, b=0.1, c=0.1).effective_size() == pytest.approx(3)


def test_an_empty_distribution_measures_zero() -> None:
    empty: Distribution = VerbalizedDistribution()
    assert (empty.entropy(), empty.effective_size(), empty.stated_mass) == (0.0, 0.0, 0.0)


@given(st.text(max_size=40))
def test_no_text_breaks_the_markdown_table(text: str) -> None:
    lines = stating(**{text: 0.5}).to_markdown().splitlines()
    assert len(lines) == 3
    unescaped = lines[2].replace("\\\\", "").replace("\\|", "")
    assert unescaped.count("|") == 5


@given(st.text(max_size=40))
def test_html_escapes_what_the_model_wrote(text: str) -> None:
    page = stating(**{text: 0.5})._repr_html_()
    cell = page.rsplit("<td>", 1)[1].removesuffix("</td></tr></tbody></table>")
    assert html.unescape(cell) == html.unescape(html.escape(visible(text)))
    assert "<" not in cell


def test_records_are_plain_json() -> None:
    records = stating(a=0.1).map(lambda _: {"x": 1}).to_records()
    assert json.loads(json.dumps(records))[0]["value"] == {"x": 1}
