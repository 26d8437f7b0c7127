"""Every driver runs the shared table of exchanges alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from langchain_vs import VerbalizedSamplingRunnable
from tests.lc.models import INPUT_TOKENS, OUTPUT_TOKENS, ScriptedChatModel
from tests.scenarios import QUESTION, SCENARIOS, Scenario
from vs_core import VerbalizedDistribution

Distribution = VerbalizedDistribution[Any]
Driver = Callable[[VerbalizedSamplingRunnable], Awaitable[Distribution]]


async def _invoke(vs: VerbalizedSamplingRunnable) -> Distribution:
    return vs.invoke(QUESTION)


async def _ainvoke(vs: VerbalizedSamplingRunnable) -> Distribution:
    return await vs.ainvoke(QUESTION)


async def _stream(vs: VerbalizedSamplingRunnable) -> Distribution:
    return sum(vs.stream(QUESTION), VerbalizedDistribution())


async def _astream(vs: VerbalizedSamplingRunnable) -> Distribution:
    chunks = [chunk async for chunk in vs.astream(QUESTION)]
    return sum(chunks, VerbalizedDistribution())


async def _batch(vs: VerbalizedSamplingRunnable) -> Distribution:
    return vs.batch([QUESTION])[0]


async def _abatch(vs: VerbalizedSamplingRunnable) -> Distribution:
    return (await vs.abatch([QUESTION]))[0]


DRIVERS: list[Driver] = [_invoke, _ainvoke, _stream, _astream, _batch, _abatch]
everywhere = pytest.mark.parametrize("drive", DRIVERS)
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)


def _set_up(scenario: Scenario) -> tuple[ScriptedChatModel, VerbalizedSamplingRunnable]:
    model = ScriptedChatModel(script=list(scenario.script))
    return model, VerbalizedSamplingRunnable(llm=model, **scenario.settings)


@everywhere
@each_scenario
async def test_each_driver_gives_the_scripted_outcome(scenario: Scenario, drive: Driver) -> None:
    model, vs = _set_up(scenario)
    if scenario.error:
        with pytest.raises(scenario.error):
            await drive(vs)
        return
    distribution = await drive(vs)
    in_order = sorted if scenario.in_any_order else list
    assert in_order(distribution.texts) == in_order(scenario.texts)
    assert scenario.repairs in " ".join(distribution[0].repairs)
    assert scenario.notes in " ".join(distribution.trace.notes)
    reasons = [dropped.reason for dropped in distribution.trace.dropped]
    assert bool(reasons) == bool(scenario.dropped)
    assert scenario.dropped in " ".join(reasons)
    for call, turn in zip(model.calls, scenario.turns, strict=False):
        assert turn in str(call[-1].content)


@everywhere
@each_scenario
async def test_every_scripted_call_is_made_and_counted(scenario: Scenario, drive: Driver) -> None:
    model, vs = _set_up(scenario)
    if scenario.error:
        with pytest.raises(scenario.error):
            await drive(vs)
    else:
        assert (await drive(vs)).trace.calls == len(scenario.script)
    assert len(model.calls) == len(scenario.script)


@pytest.mark.parametrize("drive", DRIVERS[1:])
@each_scenario
async def test_all_drivers_give_the_same_distribution(scenario: Scenario, drive: Driver) -> None:
    if scenario.error or scenario.in_any_order:
        pytest.skip("nothing to compare, or calls in any order")
    assert await drive(_set_up(scenario)[1]) == await _invoke(_set_up(scenario)[1])


@pytest.mark.parametrize("drive", DRIVERS[1:])
@each_scenario
async def test_all_drivers_send_the_same_messages(scenario: Scenario, drive: Driver) -> None:
    (one, vs_one), (other, vs_other) = _set_up(scenario), _set_up(scenario)
    for run, vs in ((_invoke, vs_one), (drive, vs_other)):
        if scenario.error:
            with pytest.raises(scenario.error):
                await run(vs)
        else:
            await run(vs)
    contents = [[m.content for m in call] for call in one.calls]
    assert [[m.content for m in call] for call in other.calls] == contents


@everywhere
async def test_token_usage_is_summed_over_calls(drive: Driver) -> None:
    scenario = next(s for s in SCENARIOS if s.name == "what is missing is asked for once")
    trace = (await drive(_set_up(scenario)[1])).trace
    assert (trace.input_tokens, trace.output_tokens) == (2 * INPUT_TOKENS, 2 * OUTPUT_TOKENS)


@everywhere
async def test_the_trace_names_what_was_asked(drive: Driver) -> None:
    model = ScriptedChatModel(script=["<response><text>a</text><probability>0.05</probability>"])
    vs = VerbalizedSamplingRunnable(llm=model, k=1, max_probability=0.1)
    trace = (await drive(vs)).trace
    asked = (trace.k, trace.method, trace.definition, trace.max_probability, trace.model)
    assert asked == (1, "standard", "explicit", 0.1, "scripted")
