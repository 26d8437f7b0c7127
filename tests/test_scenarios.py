"""Every driver, in both frameworks, runs the shared table of exchanges alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from langchain_vs import VerbalizedSamplingRunnable
from llamaindex_vs import VerbalizedSampler
from tests.lc.models import INPUT_TOKENS, OUTPUT_TOKENS, ScriptedChatModel
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, SCENARIOS, Scenario
from vs_core import VerbalizedDistribution

REPEATED = "repeats an earlier response"
Distribution = VerbalizedDistribution[Any]


@dataclass(frozen=True)
class Driver:
    """One way to run an exchange.

    Attributes:
        component: What runs it.
        model: A class of scripted models for it.
        run: The way.
    """

    component: Callable[..., Any]
    model: Callable[..., Any]
    run: Callable[[Any], Awaitable[Distribution]]

    def set_up(self, script: list[Any], settings: dict[str, Any]) -> tuple[Any, Any]:
        """A scripted model, and the component around it."""
        model = self.model(script=script)
        return model, self.component(llm=model, **settings)


async def _invoke(vs: VerbalizedSamplingRunnable) -> Distribution:
    return vs.invoke(QUESTION)


async def _ainvoke(vs: VerbalizedSamplingRunnable) -> Distribution:
    return await vs.ainvoke(QUESTION)


async def _batch(vs: VerbalizedSamplingRunnable) -> Distribution:
    return vs.batch([QUESTION])[0]


async def _abatch(vs: VerbalizedSamplingRunnable) -> Distribution:
    return (await vs.abatch([QUESTION]))[0]


async def _run(vs: VerbalizedSampler) -> Distribution:
    return vs.run(QUESTION)


async def _arun(vs: VerbalizedSampler) -> Distribution:
    return await vs.arun(QUESTION)


async def _stream(vs: Any) -> Distribution:
    return sum(vs.stream(QUESTION), VerbalizedDistribution())


async def _astream(vs: Any) -> Distribution:
    return sum([chunk async for chunk in vs.astream(QUESTION)], VerbalizedDistribution())


LANGCHAIN = [
    Driver(VerbalizedSamplingRunnable, ScriptedChatModel, run)
    for run in (_invoke, _ainvoke, _stream, _astream, _batch, _abatch)
]
LLAMA_INDEX = [
    Driver(VerbalizedSampler, ScriptedLLM, run) for run in (_run, _arun, _stream, _astream)
]
FIRST, *OTHERS = DRIVERS = [*LANGCHAIN, *LLAMA_INDEX]


def _name(driver: Driver) -> str:
    return f"{driver.component.__name__}{driver.run.__name__}"


everywhere = pytest.mark.parametrize("driver", DRIVERS, ids=_name)
compared = pytest.mark.parametrize("driver", OTHERS, ids=_name)
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
each_comparable = pytest.mark.parametrize(
    "scenario", [s for s in SCENARIOS if not (s.error or s.in_any_order)], ids=lambda s: s.name
)


async def _outcome(scenario: Scenario, driver: Driver) -> tuple[Any, Distribution | None]:
    """The model after the exchange, and what came out of it unless an error had to."""
    model, vs = driver.set_up(list(scenario.script), scenario.settings)
    if scenario.error:
        with pytest.raises(scenario.error):
            await driver.run(vs)
        return model, None
    return model, await driver.run(vs)


@everywhere
@each_scenario
async def test_each_driver_gives_the_scripted_outcome(scenario: Scenario, driver: Driver) -> None:
    model, distribution = await _outcome(scenario, driver)
    if distribution is None:
        return
    in_order = sorted if scenario.in_any_order else list
    assert in_order(distribution.texts) == in_order(scenario.texts)
    assert scenario.repairs in " ".join(distribution[0].repairs)
    assert scenario.notes in " ".join(distribution.trace.notes)
    assert tuple(c.text for c in distribution if REPEATED in c.repairs) == scenario.repeated
    if scenario.stated:
        assert tuple(c.stated for c in distribution) == pytest.approx(scenario.stated)
    reasons = [dropped.reason for dropped in distribution.trace.dropped]
    assert bool(reasons) == bool(scenario.dropped)
    assert scenario.dropped in " ".join(reasons)
    for call, turn in zip(model.calls, scenario.turns, strict=False):
        assert turn in str(call[-1].content)


@everywhere
@each_scenario
async def test_every_scripted_call_is_made_and_counted(scenario: Scenario, driver: Driver) -> None:
    model, distribution = await _outcome(scenario, driver)
    assert len(model.calls) == len(scenario.script)
    if distribution is not None:
        assert distribution.trace.calls == len(scenario.script)


@compared
@each_comparable
async def test_all_drivers_give_the_same_distribution(scenario: Scenario, driver: Driver) -> None:
    assert (await _outcome(scenario, driver))[1] == (await _outcome(scenario, FIRST))[1]


@compared
@each_scenario
async def test_all_drivers_send_the_same_messages(scenario: Scenario, driver: Driver) -> None:
    model, _ = await _outcome(scenario, driver)
    first, _ = await _outcome(scenario, FIRST)
    assert _contents(model) == _contents(first)


@everywhere
async def test_token_usage_is_summed_over_calls(driver: Driver) -> None:
    scenario = next(s for s in SCENARIOS if s.name == "what is missing is asked for once")
    _, distribution = await _outcome(scenario, driver)
    assert distribution
    trace = distribution.trace
    assert (trace.input_tokens, trace.output_tokens) == (2 * INPUT_TOKENS, 2 * OUTPUT_TOKENS)


@everywhere
async def test_the_trace_names_what_was_asked(driver: Driver) -> None:
    script = ["<response><text>a</text><probability>0.05</probability>"]
    _, vs = driver.set_up(script, {"k": 1, "max_probability": 0.1})
    trace = (await driver.run(vs)).trace
    asked = (trace.k, trace.method, trace.definition, trace.max_probability, trace.model)
    assert asked == (1, "standard", "explicit", 0.1, "scripted")


def _contents(model: Any) -> list[list[Any]]:
    return [[message.content for message in call] for call in model.calls]
