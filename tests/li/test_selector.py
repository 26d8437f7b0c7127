"""`VerbalizedSelector`: which choices are taken, and what the result tells."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from llama_index.core.settings import Settings

from llamaindex_vs import (
    VerbalizedSelector,
)
from tests.every import for_every
from tests.li.models import ScriptedLLM
from tests.li.routing import FRUIT, QUERY, TEAMS, Choose, each_way, of_teams, scripted, stating

MOSTLY_DELIVERY = of_teams(0.2, 0.7, 0.1)


# --- as LlamaIndex's own selectors ----------------------------------------------------------------


@each_way
async def test_one_of_some_texts_is_selected(
    choose: Choose, monkeypatch: pytest.MonkeyPatch
) -> None:
    selector = VerbalizedSelector.from_defaults()
    monkeypatch.setattr(Settings, "_llm", ScriptedLLM(script=[stating({"1": 0.8, "2": 0.2})]))
    result = await choose(selector, FRUIT, "what is the best fruit?")
    assert (result.ind, result.inds) == (0, [0])


@each_way
async def test_several_are_selected(choose: Choose) -> None:
    _, selector = scripted(stating({"1": 0.4, "2": 0.3, "3": 0.3}), multi=True, threshold=0.3)
    assert (await choose(selector, FRUIT, "what is the best fruit?")).inds == [0, 1, 2]


@each_way
async def test_no_more_are_selected_than_allowed(choose: Choose) -> None:
    reply = stating({"1": 0.4, "2": 0.3, "3": 0.3})
    _, selector = scripted(reply, multi=True, threshold=0.0, max_outputs=2)
    assert (await choose(selector, FRUIT, "what is the best fruit?")).inds == [0, 1]


@each_way
async def test_the_request_is_made_once_and_says_its_form_once(choose: Choose) -> None:
    model, selector = scripted(MOSTLY_DELIVERY)
    await choose(selector)
    [messages] = model.calls
    assert "\n".join(str(m.content) for m in messages).count("Answer as JSON in this form") == 1


async def test_async_selection_calls_the_model_asynchronously() -> None:
    class AsyncOnly(ScriptedLLM):
        def chat(self, *_: Any, **__: Any) -> Any:
            raise AssertionError("the blocking call must not be made")

    selector = VerbalizedSelector(AsyncOnly(script=[stating({"2": 1.0, "1": 0.0})]))
    assert (await selector.aselect(["apple", "pear"], "Which is most relevant?")).inds == [1]


# --- which are taken ------------------------------------------------------------------------------


@each_way
async def test_the_most_probable_is_taken_with_its_probability(choose: Choose) -> None:
    _, selector = scripted(MOSTLY_DELIVERY)
    result = await choose(selector)
    [selection] = result.selections
    assert selection.index == 1
    assert selection.probability == pytest.approx(0.7)
    assert result.probabilities == pytest.approx({0: 0.2, 1: 0.7, 2: 0.1})


def test_of_equals_the_first_is_taken() -> None:
    _, selector = scripted(of_teams(0.2, 0.4, 0.4))
    assert selector.select(TEAMS, QUERY).ind == 1


@for_every(
    ("settings", "numbers", "taken"),
    [
        # An even share of three is a third.
        ({}, (0.5, 0.4, 0.1), [0, 1]),
        ({}, (0.1, 0.85, 0.05), [1]),
        ({}, (1, 1, 1), [0, 1, 2]),
        ({"threshold": 0.15}, (0.2, 0.7, 0.1), [1, 0]),
        ({"threshold": 0.2}, (0.2, 0.7, 0.1), [1, 0]),
        # Made to sum to 1, these are 0.3 but for the last digits.
        ({"threshold": 0.3}, (0.6, 0.6, 0.8), [2, 0, 1]),
        ({"threshold": 0.9}, (0.2, 0.7, 0.1), [1]),
        ({"threshold": 1.0}, (0.0, 1.0, 0.0), [1]),
        ({"threshold": 0.0}, (0.3, 0.7, 0.0), [1, 0]),
        ({"max_outputs": 1}, (0.5, 0.4, 0.1), [0]),
        ({"max_outputs": 9}, (0.5, 0.4, 0.1), [0, 1]),
        ({"threshold": 0.1, "max_outputs": 2}, (0.3, 0.3, 0.4), [2, 0]),
    ],
)
def test_with_multi_those_that_reach_the_threshold_are_taken_best_first(
    settings: dict[str, Any], numbers: tuple[float, ...], taken: list[int]
) -> None:
    _, selector = scripted(of_teams(*numbers), multi=True, **settings)
    assert selector.select(TEAMS, QUERY).inds == taken


@for_every("settings", [{"threshold": 0.3}, {"max_outputs": 2}])
def test_a_bound_means_that_several_may_be_taken(settings: dict[str, Any]) -> None:
    _, selector = scripted(of_teams(0.5, 0.4, 0.1), **settings)
    assert selector.select(TEAMS, QUERY).inds == [0, 1]


@each_way
async def test_a_threshold_that_none_reaches_takes_the_best_and_says_so(choose: Choose) -> None:
    _, selector = scripted(MOSTLY_DELIVERY, threshold=0.8)
    result = await choose(selector)
    assert result.inds == [1]
    assert any("no choice reaches threshold=0.8" in note for note in result.trace.notes)


def test_a_draw_goes_by_the_probabilities() -> None:
    selectors = [scripted(MOSTLY_DELIVERY, select="sample", seed=seed)[1] for seed in range(400)]
    drawn = Counter(selector.select(TEAMS, QUERY).ind for selector in selectors)
    # Two standard deviations of 400 draws at 0.7.
    assert abs(drawn[1] - 280) < 19
    assert drawn[0] > drawn[2] > 0


def test_without_a_seed_draws_differ() -> None:
    replies = [of_teams(1, 1, 1)] * 40
    _, selector = scripted(*replies, select="sample")
    assert len({selector.select(TEAMS, QUERY).ind for _ in replies}) > 1


@each_way
async def test_a_seed_repeats_a_draw(choose: Choose) -> None:
    _, selector = scripted(*[of_teams(0.4, 0.3, 0.3)] * 6, select="sample", seed=3)
    assert len({(await choose(selector)).ind for _ in range(6)}) == 1


def test_seeds_draw_differently() -> None:
    even = of_teams(1, 1, 1)
    drawn = {scripted(even, select="sample", seed=s)[1].select(TEAMS, QUERY).ind for s in range(20)}
    assert drawn == {0, 1, 2}


@for_every("seed", range(20))
def test_several_are_drawn_without_replacement_as_many_as_reach_the_threshold(seed: int) -> None:
    reply = of_teams(0.5, 0.4, 0.1)
    _, selector = scripted(reply, multi=True, select="sample", seed=seed, threshold=0.3)
    taken = selector.select(TEAMS, QUERY).inds
    assert len(taken) == len(set(taken)) == 2


def test_a_draw_of_several_may_take_a_choice_below_the_threshold() -> None:
    reply = of_teams(0.5, 0.4, 0.1)
    drawn = {
        at
        for seed in range(40)
        for _, selector in [scripted(reply, multi=True, select="sample", seed=seed, threshold=0.3)]
        for at in selector.select(TEAMS, QUERY).inds
    }
    assert drawn == {0, 1, 2}


@for_every("multi", [False, True])
def test_a_choice_of_probability_0_is_never_taken(multi: bool) -> None:
    settings: dict[str, Any] = {"multi": True, "threshold": 0.0} if multi else {}
    for seed in range(20):
        _, selector = scripted(of_teams(0.5, 0.5, 0), select="sample", seed=seed, **settings)
        assert 2 not in selector.select(TEAMS, QUERY).inds


# --- one choice, and none -------------------------------------------------------------------------


@each_way
@pytest.mark.parametrize("multi", [False, True])
async def test_a_lone_choice_is_taken_without_a_call(choose: Choose, multi: bool) -> None:
    model, selector = scripted(multi=multi)
    result = await choose(selector, ["apple"])
    assert (result.inds, result.reason) == ([0], "it is the only choice")
    assert result.probabilities == {0: 1.0}
    assert (model.calls, result.trace.calls) == ([], 0)
