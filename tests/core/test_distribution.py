"""The distribution as a sequence, a sum, and a document."""

from __future__ import annotations

import copy
import pickle
import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from pydantic import BaseModel, ValidationError

from tests.core.distributions import distributions, stating, written
from vs_core import Candidate, VerbalizedDistribution


class Problem(BaseModel):
    question: str
    answer: int


def test_it_is_a_sequence_of_candidates_in_the_models_order() -> None:
    d = stating(a=0.1, b=0.3)
    assert isinstance(d, Sequence)
    assert ([c.value for c in d], len(d), d[1].value, d[-1].value) == (["a", "b"], 2, "b", "b")


def test_a_slice_is_a_distribution_of_its_own() -> None:
    assert stating(a=0.1, b=0.3, c=0.1)[1:].probabilities == pytest.approx([0.75, 0.25])


def test_membership_and_position_are_those_of_a_sequence() -> None:
    d = stating(a=0.1, b=0.3)
    assert d[1] in d
    assert d.index(d[1]) == 1


def test_the_empty_distribution_is_falsy() -> None:
    assert not VerbalizedDistribution()


def test_values_texts_and_probabilities_line_up() -> None:
    d = stating(a=0.1, b=0.3)
    assert (d.values, d.texts) == (["a", "b"], ["a", "b"])
    assert d.probabilities == [c.probability for c in d]


def test_stated_mass_is_the_sum_before_normalisation() -> None:
    assert stating(a=0.1, b=0.25, c=None).stated_mass == pytest.approx(0.35)


@given(distributions)
def test_json_gives_it_back(d: VerbalizedDistribution[str]) -> None:
    assert VerbalizedDistribution.model_validate_json(d.model_dump_json()) == d


def test_typed_json_is_validated_into_values() -> None:
    json = '{"candidates": [{"value": {"question": "1+1", "answer": 2}, "stated": 0.2}]}'
    d = VerbalizedDistribution[Problem].model_validate_json(json)
    assert d[0].value == Problem(question="1+1", answer=2)


def test_typed_json_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ValidationError, match="answer"):
        VerbalizedDistribution[Problem].model_validate_json(
            '{"candidates": [{"value": {"question": "1+1"}}]}'
        )


def test_json_holds_normalised_probabilities() -> None:
    dumped = stating(a=0.1, b=0.3).model_dump()
    assert [c["probability"] for c in dumped["candidates"]] == pytest.approx([0.25, 0.75])


@given(distributions)
def test_a_pickle_gives_it_back(d: VerbalizedDistribution[str]) -> None:
    assert pickle.loads(pickle.dumps(d)) == d


@given(distributions)
def test_a_deep_copy_is_equal(d: VerbalizedDistribution[str]) -> None:
    assert copy.deepcopy(d) == d


def test_equal_distributions_hash_alike() -> None:
    assert hash(stating(a=0.1)) == hash(stating(a=0.1))


@pytest.mark.parametrize("name", ["candidates", "trace"])
def test_it_cannot_be_changed(name: str) -> None:
    with pytest.raises((ValidationError, AttributeError)):
        setattr(stating(a=0.1), name, ())


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="candidate_list"):
        VerbalizedDistribution.model_validate({"candidate_list": []})


@pytest.mark.parametrize(
    "wrong", [{"stated": -0.1}, {"probability": 1.5}, {"stated": float("nan")}, {"turn": -1}]
)
def test_an_impossible_candidate_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Candidate(value="a", **wrong)


@given(distributions, distributions, distributions)
def test_addition_is_associative(
    a: VerbalizedDistribution[str], b: VerbalizedDistribution[str], c: VerbalizedDistribution[str]
) -> None:
    assert (a + b) + c == a + (b + c)


@given(distributions)
def test_the_empty_distribution_is_neutral(d: VerbalizedDistribution[str]) -> None:
    assert d + VerbalizedDistribution() == d == VerbalizedDistribution() + d


def test_sum_needs_no_start() -> None:
    parts = [stating(a=0.1), stating(b=0.3)]
    assert sum(parts).texts == ["a", "b"]  # type: ignore[union-attr]


def test_adding_something_else_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        stating(a=0.1) + 1  # type: ignore[operator]


def test_eight_hundred_chunks_add_up_in_near_linear_time() -> None:
    def seconds(number: int) -> float:
        chunks = [written("0.1") for _ in range(number)]
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            total: VerbalizedDistribution[str] = VerbalizedDistribution()
            for chunk in chunks:
                total = total + chunk
            best = min(best, time.process_time() - start)
        return best

    # Quadratic growth would make this ratio 64; only the growth is claimed, not a time.
    assert seconds(1600) / seconds(200) < 32


def test_pooling_averages_and_merges() -> None:
    pooled = VerbalizedDistribution.pool([stating(a=0.3, b=0.1), stating(a=0.1, c=0.1)])
    assert pooled.texts == ["a", "b", "c"]
    assert pooled.probabilities == pytest.approx([0.625, 0.125, 0.25])


def test_pooling_leaves_out_empty_elicitations() -> None:
    pooled = VerbalizedDistribution.pool([stating(a=0.3), VerbalizedDistribution()])
    assert pooled.probabilities == [1.0]


def test_pooling_averages_the_stated_numbers() -> None:
    pooled = VerbalizedDistribution.pool([stating(a=0.3, b=0.1), stating(a=0.1)])
    assert pooled[0].stated == pytest.approx(0.2)


def test_pooling_adds_up_the_cost() -> None:
    one = written("0.1", calls=1)
    assert VerbalizedDistribution.pool([one, one]).trace.calls == 2


def test_pooling_nothing_is_empty() -> None:
    assert not VerbalizedDistribution.pool([])
