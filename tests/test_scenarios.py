"""Every driver, in both frameworks, runs the shared table of exchanges alike.

Each exchange is run once for each driver; what is wrong with it is told with the driver's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.drivers import (
    LANGCHAIN,
    LANGCHAIN_BATCHES,
    LLAMAINDEX,
    Distribution,
    Exchange,
    run_langchain,
    run_llamaindex,
)
from tests.lc.models import INPUT_TOKENS, OUTPUT_TOKENS
from tests.scenarios import QUESTION, SCENARIOS, Scenario

REPEATED = "repeats an earlier response"


async def _by_every_driver(script: Any, settings: dict[str, Any]) -> list[Exchange]:
    """The exchange by each driver, the one that the others are compared with first."""
    return [
        *[
            await run_langchain(QUESTION, script, settings, how)
            for how in [*LANGCHAIN, *LANGCHAIN_BATCHES]
        ],
        *[await run_llamaindex(QUESTION, script, settings, how) for how in LLAMAINDEX],
    ]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_each_driver_runs_it_as_scripted_and_like_the_others(scenario: Scenario) -> None:
    first, *others = await _by_every_driver(scenario.script, scenario.settings)
    exchanges = [first, *others]
    faults = [f"{e.driver}: {fault}" for e in exchanges for fault in _faults(scenario, e)]
    faults += [f"{e.driver}: {fault}" for e in others for fault in _differences(scenario, e, first)]
    assert faults == []


def _faults(scenario: Scenario, exchange: Exchange) -> Iterator[str]:
    """What is not as the scenario says."""
    yield from _unlike("calls", len(exchange.sent), len(scenario.script))
    if isinstance(exchange.outcome, Exception):
        if not (scenario.error and isinstance(exchange.outcome, scenario.error)):
            yield f"raised {exchange.outcome!r}"
    elif scenario.error:
        yield f"raised no {scenario.error.__name__}"
    else:
        yield from _faults_of(exchange.outcome, scenario)
        for call, turn in zip(exchange.sent, scenario.turns, strict=False):
            _, last = call[-1]
            yield from _lacking("the last message", last, turn)


def _faults_of(distribution: Distribution, scenario: Scenario) -> Iterator[str]:
    in_order = sorted if scenario.in_any_order else list
    yield from _unlike("texts", in_order(distribution.texts), in_order(scenario.texts))
    repeated = tuple(c.text for c in distribution if REPEATED in c.repairs)
    yield from _unlike("repeated", repeated, scenario.repeated)
    if scenario.stated:
        stated = tuple(c.stated for c in distribution)
        yield from _unlike("stated", stated, pytest.approx(scenario.stated))
    trace = distribution.trace
    yield from _unlike("calls in the trace", trace.calls, len(scenario.script))
    reasons = [dropped.reason for dropped in trace.dropped]
    yield from _unlike("whether any are dropped", bool(reasons), bool(scenario.dropped))
    yield from _lacking("reasons", " ".join(reasons), scenario.dropped)
    repairs = next((candidate.repairs for candidate in distribution), ())
    yield from _lacking("repairs", " ".join(repairs), scenario.repairs)
    yield from _lacking("notes", " ".join(trace.notes), scenario.notes)


def _differences(scenario: Scenario, exchange: Exchange, other: Exchange) -> Iterator[str]:
    """What is not as another driver has it."""
    yield from _unlike(f"sent, by {other.driver}", exchange.sent, other.sent)
    if scenario.in_any_order:
        yield from _unlike(f"outcome, by {other.driver}", exchange.unordered, other.unordered)
    else:
        yield from _unlike(f"outcome, by {other.driver}", exchange.comparable, other.comparable)


def _unlike(what: str, found: Any, expected: Any) -> Iterator[str]:
    if found != expected:
        yield f"{what}: {found!r} instead of {expected!r}"


def _lacking(what: str, found: str, part: str) -> Iterator[str]:
    if part not in found:
        yield f"{what}: {found!r} without {part!r}"


async def test_token_usage_is_summed_over_calls() -> None:
    scenario = next(s for s in SCENARIOS if s.name == "what is missing is asked for once")
    found = {
        e.driver: (e.outcome.trace.input_tokens, e.outcome.trace.output_tokens)
        for e in await _by_every_driver(scenario.script, scenario.settings)
        if not isinstance(e.outcome, Exception)
    }
    assert found == dict.fromkeys(found, (2 * INPUT_TOKENS, 2 * OUTPUT_TOKENS))
    assert len(found) == 10


async def test_the_trace_names_what_was_asked() -> None:
    script = ["<response><text>a</text><probability>0.05</probability>"]
    exchanges = await _by_every_driver(script, {"k": 1, "max_probability": 0.1})
    traces = {e.driver: e.outcome.trace for e in exchanges if not isinstance(e.outcome, Exception)}
    found = {
        driver: (trace.k, trace.method, trace.definition, trace.max_probability, trace.model)
        for driver, trace in traces.items()
    }
    assert found == dict.fromkeys(found, (1, "standard", "explicit", 0.1, "scripted"))
    assert len(found) == 10
