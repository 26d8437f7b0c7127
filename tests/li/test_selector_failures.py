"""`VerbalizedSelector`: replies that fall short, settings that are refused, calls that fail."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from llamaindex_vs import (
    VerbalizedSamplingParserError,
    VerbalizedSelectionEvent,
    VerbalizedSelector,
)
from tests.every import for_every
from tests.li.libraries import Crowd, listening
from tests.li.models import ScriptedLLM
from tests.li.routing import QUERY, TEAMS, Choose, each_way, of_teams, scripted, stating
from tests.scenarios import ModelDownError, Said
from vs_core import RefusalError, UnexpectedToolCallError, UnsuitableModelError
from vs_core.adapters import ToolCall

GOOD = of_teams(0.2, 0.7, 0.1)


# --- what replies state ---------------------------------------------------------------------------


@for_every(
    ("reply", "numbers"),
    [
        (GOOD, (0.2, 0.7, 0.1)),
        # A choice that is left out has 0.
        (stating({"delivery": 0.6, "billing": 0.2}), (0.25, 0.75, 0.0)),
        # Unknown ones say nothing of the others.
        (stating({"press": 0.5, "delivery": 0.3, "sales": 0.1}), (0.0, 0.75, 0.25)),
        # Of one that is repeated, the first usable number counts.
        ('{"route": [["delivery", 0.8], ["delivery", 0.1], ["sales", 0.2]]}', (0.0, 0.8, 0.2)),
        # Sums of 3, and of percentages.
        (of_teams(1, 1, 1), (1 / 3, 1 / 3, 1 / 3)),
        (of_teams("20 %", "70 %", "10 %"), (0.2, 0.7, 0.1)),
        (of_teams(20, 70, 10), (0.2, 0.7, 0.1)),
        # Written otherwise.
        ("**Delivery**: 0.7\n**Billing**: 0.2\n**Sales**: 0.1", (0.2, 0.7, 0.1)),
        ('{"DELIVERY": 0.7, "billing ": 0.2, "Sales.": 0.1}', (0.2, 0.7, 0.1)),
        ("| team | probability |\n|---|---|\n| delivery | 0.7 |\n| billing | 0.3 |", (0.3, 0.7, 0)),
        ("<route><delivery>0.7</delivery><billing>0.3</billing></route>", (0.3, 0.7, 0.0)),
        ("- delivery: Where a parcel is. (0.7)\n- billing: Charges. (0.3)", (0.3, 0.7, 0.0)),
        ("Charges and invoices.: 0.3\nWhere a parcel is.: 0.7", (0.3, 0.7, 0.0)),
        ("<think>sales: 0.9</think>" + GOOD, (0.2, 0.7, 0.1)),
        ("Here you are:\n```json\n" + GOOD + "\n```\nHope that helps.", (0.2, 0.7, 0.1)),
    ],
)
def test_what_is_read_of_a_reply(reply: str, numbers: tuple[float, ...]) -> None:
    model, selector = scripted(reply)
    probabilities = selector.select(TEAMS, QUERY).probabilities
    assert list(probabilities.values()) == pytest.approx(list(numbers))
    assert len(model.calls) == 1


@each_way
@for_every(
    "reply",
    [
        of_teams(0, 0, 0),
        of_teams("no idea", "-", None),
        stating({"press": 0.9}),
        "I'd send it to delivery.",
        '{"route": []}',
        "{}",
        "",
        Said('{"route": [{"label": "billing", "probability": 0.2}, {"la', ending="length"),
    ],
)
async def test_a_reply_that_says_nothing_of_any_choice_is_asked_for_once_more(
    choose: Choose, reply: Any
) -> None:
    model, selector = scripted(reply, GOOD)
    result = await choose(selector)
    assert (result.ind, len(model.calls), result.trace.calls) == (1, 2, 2)


@each_way
async def test_the_second_question_stands_in_the_same_conversation(choose: Choose) -> None:
    model, selector = scripted("Delivery, I think.", GOOD)
    await choose(selector)
    *_, assistant, user = model.calls[1]
    assert assistant.content == "Delivery, I think."
    assert '"billing", "delivery", "sales"' in str(user.content)


@each_way
@pytest.mark.parametrize("reply", ["I cannot say.", of_teams(0, 0, 0)])
async def test_a_second_such_reply_is_an_error_that_has_it_and_never_a_choice(
    choose: Choose, reply: str
) -> None:
    model, selector = scripted("Delivery, I think.", reply)
    with listening() as events, pytest.raises(VerbalizedSamplingParserError) as caught:
        await choose(selector)
    assert (caught.value.reply, len(model.calls)) == (reply, 2)
    assert not events.of(VerbalizedSelectionEvent)


@each_way
@pytest.mark.parametrize("reasks", [0, 2])
async def test_it_is_asked_again_as_often_as_told(choose: Choose, reasks: int) -> None:
    model, selector = scripted(*["?"] * 3, max_reasks=reasks)
    with pytest.raises(VerbalizedSamplingParserError):
        await choose(selector)
    assert len(model.calls) == reasks + 1


@each_way
async def test_a_refusal_is_an_error_with_its_words(choose: Choose) -> None:
    model, selector = scripted(Said(refusal="I can't help with that."))
    with pytest.raises(RefusalError, match="I can't help with that"):
        await choose(selector)
    assert len(model.calls) == 1


@each_way
async def test_a_call_of_another_tool_is_an_error_that_has_it(choose: Choose) -> None:
    _, selector = scripted(Said(calls=(ToolCall("search", "{}"),)))
    with pytest.raises(UnexpectedToolCallError) as caught:
        await choose(selector)
    assert caught.value.calls == (ToolCall("search", "{}"),)


# --- calls that fail ------------------------------------------------------------------------------


@each_way
async def test_a_failing_model_fails_the_selection(choose: Choose) -> None:
    _, selector = scripted(ModelDownError("overloaded"))
    with pytest.raises(ModelDownError, match="overloaded"):
        await choose(selector)


@each_way
@pytest.mark.parametrize("failure", [ModelDownError("overloaded"), Said(refusal="No.")])
async def test_one_failure_among_several_calls_is_survived_and_told(
    choose: Choose, failure: Any
) -> None:
    _, selector = scripted(GOOD, failure, of_teams(0.4, 0.5, 0.1), n=3, num_workers=1)
    result = await choose(selector)
    assert result.probabilities == pytest.approx({0: 0.3, 1: 0.6, 2: 0.1})
    assert result.decision.calls == 2
    assert result.trace.notes


class BusyLLM(ScriptedLLM):
    """Stays at work until so many calls are, and counts them."""

    crowd: Any = None

    def chat(self, *arguments: Any, **kwargs: Any) -> Any:
        self.crowd.work()
        return super().chat(*arguments, **kwargs)

    async def achat(self, *arguments: Any, **kwargs: Any) -> Any:
        await self.crowd.awork()
        return await super().achat(*arguments, **kwargs)


@each_way
async def test_calls_are_made_side_by_side_and_no_more_than_allowed(choose: Choose) -> None:
    crowd = Crowd(expected=2)
    model = BusyLLM(script=[GOOD] * 4, crowd=crowd)
    await choose(VerbalizedSelector(model, n=4, num_workers=2))
    assert (crowd.most, len(model.calls)) == (2, 4)


# --- settings -------------------------------------------------------------------------------------


@for_every(
    ("settings", "named"),
    [
        ({"multi": False, "threshold": 0.3}, "or multi=False"),
        ({"multi": False, "max_outputs": 2}, "or multi=False"),
        ({"multi": True, "threshold": 1.5}, "threshold"),
        ({"multi": True, "threshold": -0.1}, "threshold"),
        ({"multi": True, "threshold": float("nan")}, "threshold"),
        ({"multi": True, "max_outputs": 0}, "max_outputs"),
        ({"select": "tail"}, "select"),
        ({"n": 0}, "n"),
        ({"num_workers": 0}, "num_workers"),
        ({"max_reasks": -1}, "max_reasks"),
        ({"instructions": " "}, "instructions"),
        ({"placement": "assistant"}, "placement"),
        ({"structured_output": "yaml"}, "structured_output"),
        ({"calibration": "calibration.json"}, "calibration"),
        ({"calibration": lambda numbers: numbers}, "calibration"),
    ],
)
def test_a_bad_setting_is_refused_at_construction(settings: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named) as caught:
        VerbalizedSelector(**settings)
    assert "for VerbalizedSelector" in str(caught.value)


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(TypeError, match="treshold"):
        VerbalizedSelector.from_defaults(treshold=0.3)


def test_a_shape_that_the_model_cannot_be_given_is_refused_at_construction() -> None:
    with pytest.raises(UnsuitableModelError, match="json_schema"):
        VerbalizedSelector(ScriptedLLM(script=[]), structured_output="json_schema")
    plain = ScriptedLLM(script=[], is_function_calling_model=False)
    with pytest.raises(UnsuitableModelError, match="function_calling"):
        VerbalizedSelector(plain, structured_output="function_calling")
