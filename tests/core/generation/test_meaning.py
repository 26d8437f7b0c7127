"""Answers that are close in meaning, by vectors of an embedding model."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.every import for_every
from vs_core import Candidate
from vs_core.generation import Novelty

MANY = 5000
"""More than stand in one matrix."""


def meaning(**settings: Any) -> Novelty:
    return Novelty(near_duplicate=None, embeds=True, **settings)


def admit(novelty: Novelty, vector: Any) -> int | None:
    found = novelty.admit(Candidate(value=f"answer {len(novelty)}, {vector!r}"), vector)
    return None if found is None else found.index


def at(degrees: float) -> list[float]:
    return [math.cos(math.radians(degrees)), math.sin(math.radians(degrees))]


def test_an_answer_is_refused_below_the_least_distance_to_any_accepted() -> None:
    novelty = meaning(min_distance=1 - math.cos(math.radians(30)))
    assert [admit(novelty, at(degrees)) for degrees in (0, 29, 31, 45, 70)] == [
        None,
        0,
        None,
        1,
        None,
    ]


def test_the_closest_is_named_however_many_there_are() -> None:
    novelty = meaning(min_distance=1e-7)
    angles = [360 * place / MANY for place in range(MANY)]
    assert {admit(novelty, at(angle)) for angle in angles} == {None}
    assert [admit(novelty, at(angles[place] + 0.001)) for place in (0, 4095, 4096, 4999)] == [
        0,
        4095,
        4096,
        4999,
    ]


@for_every("scale", [1e-300, 1e-9, 1.0, 1e300])
def test_the_length_of_a_vector_makes_no_difference(scale: float) -> None:
    novelty = meaning()
    assert admit(novelty, [1.0, 2.0]) is None
    assert admit(novelty, [scale, 2 * scale]) == 0


def test_a_vector_of_zeros_is_far_from_all() -> None:
    novelty = meaning()
    assert [admit(novelty, vector) for vector in ([0.0, 0.0], [1.0, 0.0], [0.0, 0.0])] == [None] * 3


@for_every("vector", [[1.0], [1.0, math.nan], [1.0, math.inf], [], [[1.0, 2.0]]])
def test_what_is_no_vector_of_this_model_is_refused_and_not_remembered(vector: Any) -> None:
    novelty = meaning()
    assert admit(novelty, [1.0, 0.0]) is None
    with pytest.raises(ValueError, match="vector"):
        admit(novelty, vector)
    assert len(novelty) == 1
    assert admit(novelty, [0.0, 1.0]) is None


@given(arrays(float, (12, 3), elements=st.floats(-1, 1, width=16)), st.floats(0.05, 1.5))
def test_no_two_accepted_answers_are_closer_than_the_least_distance(
    vectors: Any, min_distance: float
) -> None:
    novelty = meaning(min_distance=min_distance)
    accepted = [vector for vector in vectors if admit(novelty, vector) is None]
    for place, one in enumerate(accepted):
        for other in accepted[:place]:
            norms = np.linalg.norm(one) * np.linalg.norm(other)
            assert norms < 1e-6 or 1 - float(one @ other) / norms >= min_distance - 1e-5
