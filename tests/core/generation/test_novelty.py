"""`Novelty`: what is new, and what is said of the rest."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.every import for_every
from vs_core import Candidate, MissingExtraError
from vs_core.generation import Novelty, Resemblance


class Persona(BaseModel):
    name: str
    goals: dict[str, int]


def admit(novelty: Novelty, value: Any, vector: list[float] | None = None) -> Resemblance | None:
    return novelty.admit(Candidate(value=value), vector)


def plain() -> Novelty:
    return Novelty(near_duplicate=None)


@for_every(
    ("first", "again"),
    [
        ("Ohio", " **ohio.**"),
        ("東京", "東京。"),
        ("", " "),
        ({"a": 1, "b": [2]}, {"b": [2], "a": 1}),
        (Persona(name="Ada", goals={"x": 1, "y": 2}), Persona(name="Ada", goals={"y": 2, "x": 1})),
        (3, 3),
    ],
)
def test_what_is_equal_after_normalisation_is_the_same(first: Any, again: Any) -> None:
    novelty = plain()
    assert admit(novelty, "something else") is None
    assert admit(novelty, first) is None
    found = admit(novelty, again)
    assert found
    text = Candidate(value=first).text
    assert found == Resemblance(text=text, index=1, how="same", similarity=1.0)


@for_every(
    ("first", "other"),
    [
        ("Ohio", "Iowa"),
        ("net", ".NET"),
        ("C", "C#"),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        (1, True),
        (1, "1"),
        ([1, 2], [2, 1]),
    ],
)
def test_what_differs_in_what_it_says_is_new(first: Any, other: Any) -> None:
    novelty = Novelty()
    assert admit(novelty, first) is None
    assert admit(novelty, other) is None
    assert len(novelty) == 2


@given(st.lists(st.text(max_size=60), max_size=30))
def test_what_was_accepted_is_refused_ever_after_with_its_place(values: list[str]) -> None:
    novelty, accepted = Novelty(), list[str]()
    for value in values:
        if admit(novelty, value) is None:
            accepted.append(value)
    assert len(novelty) == len(accepted)
    for place, value in enumerate(accepted):
        found = admit(novelty, value)
        assert found
        assert (found.index, found.text, found.how) == (place, value, "same")


def test_looking_for_a_resemblance_remembers_nothing() -> None:
    novelty = plain()
    tea: Candidate[str] = Candidate(value="tea")
    assert novelty.resembles(tea) is None
    assert novelty.resembles(tea) is None
    assert novelty.admit(tea) is None
    assert novelty.resembles(tea) == Resemblance(text="tea", index=0, how="same", similarity=1.0)


def test_a_refused_answer_is_not_what_later_ones_are_compared_with() -> None:
    novelty = Novelty(near_duplicate=None, embeds=True, min_distance=0.5)
    assert admit(novelty, "tea", [1.0, 0.0]) is None
    refused = admit(novelty, "chai", [0.8, 0.6])
    assert refused
    assert (refused.text, refused.index, refused.how) == ("tea", 0, "meaning")
    assert refused.similarity == pytest.approx(0.8)
    assert admit(novelty, "war", [0.0, 1.0]) is None
    assert len(novelty) == 2


def test_the_wording_decides_before_the_meaning() -> None:
    novelty = Novelty(embeds=True, min_distance=2.0)
    assert admit(novelty, "tea", [1.0, 0.0]) is None
    found = admit(novelty, "Tea!", [1.0, 0.0])
    assert found
    assert found.how == "same"


@for_every(
    "settings",
    [{"near_duplicate": 0.0}, {"near_duplicate": 1.5}, {"min_distance": -0.1}, {"min_distance": 3}],
)
def test_a_setting_out_of_its_range_is_refused_and_named(settings: dict[str, Any]) -> None:
    [(name, value)] = settings.items()
    with pytest.raises(ValueError, match=rf"{name}={value}: pass a number in"):
        Novelty(**settings)


@for_every(("embeds", "vector"), [(True, None), (False, [1.0])])
def test_a_vector_comes_with_each_answer_or_with_none(
    embeds: bool,  # noqa: FBT001
    vector: list[float] | None,
) -> None:
    novelty = Novelty(near_duplicate=None, embeds=embeds)
    with pytest.raises(ValueError, match="a vector with each answer"):
        admit(novelty, "tea", vector)
    assert len(novelty) == 0


@for_every(
    ("package", "settings", "feature"),
    [
        ("rensa", {}, "near_duplicate=None does without"),
        ("numpy", {"near_duplicate": None, "embeds": True}, "meaning"),
    ],
)
def test_a_missing_library_is_named_at_construction_with_the_line_to_run(
    package: str, settings: dict[str, Any], feature: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, package, None)
        with pytest.raises(MissingExtraError) as caught:
            Novelty(**settings)
    assert f"needs {package}, which is not installed" in str(caught.value)
    assert feature in str(caught.value)
    assert "pip install 'verbalized-sampling-integrations[generate]'" in str(caught.value)


def test_exact_comparison_needs_no_library() -> None:
    code = """
import sys
sys.modules.update(rensa=None, numpy=None)
from vs_core import Candidate
from vs_core.generation import Novelty
novelty = Novelty(near_duplicate=None)
print(novelty.admit(Candidate(value="tea")), novelty.admit(Candidate(value="Tea")).how)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None same"
