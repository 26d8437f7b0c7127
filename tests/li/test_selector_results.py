"""`VerbalizedSelector`: what the result tells, calibrated or not, and the event."""

from __future__ import annotations

import copy
import functools
import pickle
from typing import Any

import pytest
from llama_index.core.base.base_selector import BaseSelector, SelectorResult, SingleSelection
from llama_index.core.schema import QueryBundle

from llamaindex_vs import (
    VerbalizedSelection,
    VerbalizedSelectionEvent,
    VerbalizedSelector,
    VerbalizedSelectorResult,
)
from tests.every import for_every
from tests.li.libraries import listening
from tests.li.models import ScriptedLLM
from tests.li.routing import FRUIT, QUERY, TEAMS, Choose, each_way, of_teams, scripted, stating
from vs_core.calibration import Calibration, calibrate

MOSTLY_DELIVERY = of_teams(0.2, 0.7, 0.1)


@functools.cache
def flattening() -> Calibration:
    """Fitted to a model that is right in two of three cases where it states 0.9."""
    return calibrate([{"a": 0.9, "b": 0.1}] * 30, ["a", "a", "b"] * 10)


# --- what the result tells ------------------------------------------------------------------------


def test_the_reason_has_the_probability_and_what_it_is_worth() -> None:
    _, selector = scripted(MOSTLY_DELIVERY)
    reason = selector.select(TEAMS, QUERY).reason
    assert reason == "delivery has a probability of 0.70 (as stated, not calibrated)"


def test_without_names_the_reason_has_the_number_that_the_model_saw() -> None:
    _, selector = scripted(stating({"1": 0.2, "2": 0.8}))
    assert selector.select(FRUIT, QUERY).reason.startswith("choice 2 has a probability of 0.80")


@each_way
async def test_a_result_is_llama_indexs_own(choose: Choose) -> None:
    _, selector = scripted(of_teams(0.5, 0.4, 0.1), multi=True)
    result = await choose(selector)
    assert isinstance(selector, BaseSelector)
    assert isinstance(result, SelectorResult)
    assert all(isinstance(selection, SingleSelection) for selection in result.selections)
    assert (len(result.reasons), result.inds) == (2, [0, 1])
    with pytest.raises(ValueError, match=r"please use \.inds"):
        _ = result.ind


@for_every(
    "kept",
    [
        lambda result: VerbalizedSelectorResult.model_validate(result.model_dump()),
        lambda result: VerbalizedSelectorResult.model_validate_json(result.model_dump_json()),
        lambda result: pickle.loads(pickle.dumps(result)),
        copy.deepcopy,
    ],
)
def test_probabilities_survive_dumps_and_copies(kept: Any) -> None:
    _, selector = scripted(MOSTLY_DELIVERY, keep_replies=True)
    result = selector.select(TEAMS, QUERY)
    again = kept(result)
    assert again == result
    assert again.selections == [
        VerbalizedSelection(index=1, reason=result.reason, probability=result.probabilities[1])
    ]
    assert again.probabilities == result.probabilities
    assert again.trace.replies == (MOSTLY_DELIVERY,)


@each_way
async def test_the_trace_has_the_cost_and_what_was_left_out(choose: Choose) -> None:
    _, selector = scripted(stating({"delivery": 0.9, "press": 0.1}))
    result = await choose(selector)
    assert (result.trace.calls, result.trace.input_tokens, result.trace.model) == (1, 7, "scripted")
    [dropped] = result.trace.dropped
    assert dropped.fragment == "press: 0.1"
    assert any("2 of 3 labels were left out" in note for note in result.trace.notes)


@each_way
async def test_several_calls_are_averaged_and_their_spread_is_told(choose: Choose) -> None:
    replies = [of_teams(0.2, 0.8, 0), of_teams(0.6, 0.4, 0), of_teams(0.1, 0.9, 0)]
    model, selector = scripted(*replies, n=3)
    result = await choose(selector)
    assert result.probabilities == pytest.approx({0: 0.3, 1: 0.7, 2: 0.0})
    assert (result.decision.calls, result.trace.calls, len(model.calls)) == (3, 3, 3)
    assert result.decision.agreement == pytest.approx(2 / 3)
    assert result.decision.spread["sales"] == 0.0


# --- calibration ----------------------------------------------------------------------------------


@each_way
async def test_a_calibration_is_applied_and_named(choose: Choose) -> None:
    _, selector = scripted(of_teams(0.05, 0.9, 0.05), calibration=flattening())
    result = await choose(selector)
    assert result.decision.calibrated
    assert result.probabilities[1] < 0.7
    assert result.reason.endswith("(calibrated)")
    assert result.selections[0].probability == result.probabilities[1]


def test_a_threshold_is_one_of_calibrated_probabilities() -> None:
    replies = [of_teams(0.2, 0.7, 0.1)] * 2
    _, stated = scripted(*replies, multi=True, threshold=0.25)
    _, calibrated = scripted(*replies, multi=True, threshold=0.25, calibration=flattening())
    assert stated.select(TEAMS, QUERY).inds == [1]
    assert calibrated.select(TEAMS, QUERY).inds == [1, 0]


def test_results_can_be_calibrated_as_they_are() -> None:
    replies = [of_teams(0.05, 0.9, 0.05)] * 30
    _, selector = scripted(*replies)
    results = [selector.select(TEAMS, QUERY) for _ in replies]
    calibration = calibrate(results, [1, 1, 0] * 10)
    assert calibration.applied(results[0].probabilities)[1] == pytest.approx(2 / 3, abs=0.01)


# --- the event ------------------------------------------------------------------------------------


@each_way
async def test_an_event_has_query_probabilities_selection_and_trace(choose: Choose) -> None:
    _, selector = scripted(of_teams(0.5, 0.4, 0.1), multi=True)
    with listening() as events:
        result = await choose(selector, TEAMS, QueryBundle(QUERY))
    [event] = events.of(VerbalizedSelectionEvent)
    assert (event.component, event.query) == ("VerbalizedSelector", QUERY)
    assert event.selected == ("billing", "delivery")
    assert (event.decision, event.trace) == (result.decision, result.trace)
    assert list(event.decision.probabilities) == ["billing", "delivery", "sales"]
    assert VerbalizedSelectionEvent.model_validate_json(event.model_dump_json()) == event


def test_a_lone_choice_sends_an_event_too() -> None:
    _, selector = scripted()
    with listening() as events:
        selector.select(["apple"], QUERY)
    [event] = events.of(VerbalizedSelectionEvent)
    assert (event.selected, event.trace.calls) == (("1",), 0)


def test_a_subclass_selects_in_its_own_name() -> None:
    class Porter(VerbalizedSelector):
        @classmethod
        def class_name(cls) -> str:
            return "Porter"

    with listening() as events:
        Porter(ScriptedLLM(script=[MOSTLY_DELIVERY])).select(TEAMS, QUERY)
    assert [event.component for event in events.of(VerbalizedSelectionEvent)] == ["Porter"]
