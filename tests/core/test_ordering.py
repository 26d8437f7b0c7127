"""`SelectionSettings`: which items come first."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.core.distributions import distributions, stating
from vs_core import VerbalizedDistribution
from vs_core.adapters import SelectionSettings

DRAWS = 4000


def texts(distribution: VerbalizedDistribution[Any], **settings: Any) -> list[str]:
    order = SelectionSettings(**settings).order(distribution)
    return [distribution[position].text for position in order]


def test_top_has_the_most_probable_first_and_keeps_equals_in_order() -> None:
    assert texts(stating(a=0.1, b=0.4, c=0.1, d=0.4), select="top") == ["b", "d", "a", "c"]


def test_tail_has_those_stated_below_the_threshold_first_then_the_nearest() -> None:
    d = stating(a=0.9, b=0.02, c=0.3, d=None, e=0.08, f=0.1)
    assert texts(d, select="tail", max_probability=0.1) == ["e", "b", "f", "c", "a", "d"]


def test_a_sample_is_a_weighted_draw_without_replacement() -> None:
    weights = {"a": 0.5, "b": 0.3, "c": 0.2}
    drawn = Counter(
        "".join(texts(stating(**weights), select="sample", seed=seed)) for seed in range(DRAWS)
    )
    expected = {
        x + y + z: weights[x] * weights[y] / (1 - weights[x]) for x, y, z in permutations("abc")
    }
    statistic = sum((drawn[o] - DRAWS * p) ** 2 / (DRAWS * p) for o, p in expected.items())
    # 20.52 is the 99.9 % quantile of chi-square with 5 degrees of freedom; the seeds are fixed.
    assert statistic < 20.52


def test_a_sample_ends_with_what_cannot_be_drawn() -> None:
    for seed in range(20):
        assert texts(stating(a=0, b=1, c=0), select="sample", seed=seed) == ["b", "a", "c"]


def test_a_temperature_near_0_loses_nothing() -> None:
    d = stating(a=0.1, b=0.8, c=0.2)
    assert texts(d, select="sample", temperature=1e-6) == ["b", "c", "a"]


def test_without_a_seed_draws_differ() -> None:
    d = stating(**dict.fromkeys("abcdef", 0.1))
    assert len({tuple(texts(d, select="sample")) for _ in range(10)}) > 1


@given(
    d=distributions,
    select=st.sampled_from(["top", "sample", "tail"]),
    draw=st.fixed_dictionaries({"temperature": st.floats(1e-3, 1e3), "uniform": st.booleans()}),
)
def test_any_order_has_each_candidate_once(
    d: VerbalizedDistribution[str], select: Any, draw: dict[str, Any]
) -> None:
    settings = SelectionSettings(
        select=select,
        max_probability=0.1 if select == "tail" else None,
        **draw,
    )
    assert sorted(settings.order(d)) == list(range(len(d)))


@pytest.mark.parametrize(
    "setting",
    [
        {"top_n": 0},
        {"select": "tail"},
        {"max_probability": 0.2},
        {"select": "tail", "max_probability": 0.0},
        {"temperature": 0.0},
        {"temperature": float("nan")},
    ],
    ids=str,
)
def test_a_setting_that_cannot_be_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=list(setting)[-1]):
        SelectionSettings(**setting)
