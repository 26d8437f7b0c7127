"""What can be said of the Ray engine without a Ray."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from pydantic import ValidationError

from tests.every import for_every
from vs_core import CallFailedError, MissingExtraError
from vs_core.adapters.generation import Generation, PlannedCall
from vs_core.generation import CallRecord, GenerationSettings, RayEngine


@for_every(
    ("settings", "said"),
    [
        ({"num_actors": 0}, "greater than or equal to 1"),
        ({"concurrency": 0}, "greater than or equal to 1"),
        ({"num_cpus": -1}, "greater than or equal to 0"),
        ({"patience": 0}, "greater than 0"),
        ({"address": "ray://10.0.0.1:10001"}, "ray job submit"),
        (
            {"runtime_env": {"env_vars": {"OPENAI_API_KEY": "sk-1"}}},
            "env_vars.OPENAI_API_KEY would",
        ),
    ],
)
def test_bad_settings_are_refused_at_once(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        RayEngine("shop.models:calls", **settings)


async def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"integrations\[ray\]"):
        await RayEngine("shop.models:calls").__aenter__()


def test_a_closed_engine_has_no_place_for_a_call() -> None:
    engine = RayEngine("shop.models:calls", num_actors=4, concurrency=8)
    assert (engine.capacity, engine.processes) == (0, {})


def test_an_error_of_another_process_is_recorded_by_the_kind_that_it_was_there() -> None:
    call = Generation("Name one.", GenerationSettings(n=1)).next_step()
    assert isinstance(call, PlannedCall)
    error = CallFailedError("no connection", kind="openai.APIConnectionError")
    assert CallRecord.of(call, error=error).error == "openai.APIConnectionError: no connection"
