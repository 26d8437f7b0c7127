"""`generate` of both frameworks, sync and async, with the simulated model."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import aclosing, closing
from pathlib import Path
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.globals import set_llm_cache
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableLambda
from llama_index.core import Settings
from pydantic import BaseModel, ConfigDict, Field, computed_field, field_validator

import langchain_vs
import llamaindex_vs
from langchain_vs import SimulatedChatModel
from llamaindex_vs import SimulatedLLM
from tests.every import for_every
from vs_core.generation import GenerationPrompt, GenerationResult, ImportedFactory
from vs_core.simulation import AnswerSpace

STATE = "Name a US state"


class Persona(BaseModel):
    name: str
    age: int


async def _lc_sync(*given: Any, **options: Any) -> GenerationResult:
    return langchain_vs.generate(SimulatedChatModel(seed=1), *given, **options).result()


async def _lc_async(*given: Any, **options: Any) -> GenerationResult:
    return await langchain_vs.agenerate(SimulatedChatModel(seed=1), *given, **options)


async def _li_sync(*given: Any, **options: Any) -> GenerationResult:
    return llamaindex_vs.generate(SimulatedLLM(seed=1), *given, **options).result()


async def _li_async(*given: Any, **options: Any) -> GenerationResult:
    return await llamaindex_vs.agenerate(SimulatedLLM(seed=1), *given, **options)


DRIVERS = [_lc_sync, _lc_async, _li_sync, _li_async]
SCENARIOS: dict[str, tuple[Any, dict[str, Any]]] = {
    "one prompt": (STATE, {"n": 30}),
    "several": ([STATE, {"prompt": "Roll a die.", "n": 6}], {"n": 12, "k": 5}),
    "exhausted": ("Flip a coin.", {"n": 9}),
    "a tail": (STATE, {"n": 20, "max_probability": 0.02, "enforce_bound": True}),
    "a plain list": (STATE, {"n": 20, "method": "sequence"}),
    "one by one": ("Roll a die.", {"n": 4, "method": "direct"}),
    "thinking first": (STATE, {"n": 12, "method": "cot", "layout": "lines"}),
    "typed": ("Invent a user.", {"n": 15, "value_schema": Persona, "layout": "json"}),
    "by JSON schema": ("Invent a user.", {"n": 8, "value_schema": Persona.model_json_schema()}),
    "until little is new": (STATE, {"n": 99, "until_unseen": 0.5}),
    "a budget": (STATE, {"n": 99, "max_calls": 3}),
    "repeats kept": ("Flip a coin.", {"n": 9, "distinct": False}),
    "by meaning": (STATE, {"n": 10, "embeddings": lambda texts: [[len(t), 1.0] for t in texts]}),
}


@for_every("name", SCENARIOS)
async def test_both_frameworks_give_the_same_sync_and_async(name: str) -> None:
    prompts, options = SCENARIOS[name]
    outcomes = [await drive(prompts, max_concurrency=1, **options) for drive in DRIVERS]
    first = outcomes[0]
    assert first.records
    for other in outcomes[1:]:
        assert [(r.prompt, r.value, r.stated, r.round) for r in other.records] == [
            (r.prompt, r.value, r.stated, r.round) for r in first.records
        ]
        assert [(r.value, r.resemblance) for r in other.refused] == [
            (r.value, r.resemblance) for r in first.refused
        ]
        assert other.report.ended_by == first.report.ended_by
        assert other.report.simulated


Begin = Callable[..., Any]
BLOCKING: list[Begin] = [
    lambda *given, **options: langchain_vs.generate(SimulatedChatModel(seed=1), *given, **options),
    lambda *given, **options: llamaindex_vs.generate(SimulatedLLM(seed=1), *given, **options),
]
AWAITED: list[Begin] = [
    lambda *given, **options: langchain_vs.agenerate(SimulatedChatModel(seed=1), *given, **options),
    lambda *given, **options: llamaindex_vs.agenerate(SimulatedLLM(seed=1), *given, **options),
]


@for_every("begin", BLOCKING)
def test_records_come_as_they_are_accepted_and_an_early_end_pays_for_no_more(begin: Begin) -> None:
    run = begin(STATE, n=40, k=5, max_concurrency=1)
    with closing(iter(run)) as records:
        for record in records:
            assert record.round == 0
            break
    assert run.report.figures.calls == 1
    assert not any(thread.name == "generate" for thread in threading.enumerate())


@for_every("begin", AWAITED)
async def test_an_awaited_run_ends_early_in_the_same_way(begin: Begin) -> None:
    run = begin(STATE, n=40, k=5, max_concurrency=1)
    async with aclosing(aiter(run)) as records:
        async for record in records:
            assert record.round == 0
            break
    assert run.report.figures.calls == 1


@for_every("begin", BLOCKING)
async def test_a_blocking_run_works_inside_a_running_event_loop(begin: Begin) -> None:
    assert len(begin(STATE, n=12).result().records) == 12


@for_every("begin", BLOCKING + AWAITED)
def test_a_bad_setting_is_refused_when_it_is_called(begin: Begin) -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"n": 0}, "greater than or equal to 1"),
        ({"max_concurrency": 0}, "max_concurrency=0"),
        ({"engine": "threads"}, "choose 'asyncio' or 'ray'"),
        ({"embeddings": 3}, "embeds nothing"),
        ({"engine": "ray"}, "ImportedFactory"),
        ({"near_duplicate": 2}, "less than or equal to 1"),
    ]
    for options, message in refused:
        with pytest.raises((ValueError, TypeError), match=message):
            begin(STATE, **options)


def test_answers_of_langchains_cache_are_not_taken_for_new_ones() -> None:
    set_llm_cache(InMemoryCache())
    try:
        model = SimulatedChatModel(seed=1, cache=True)
        found = langchain_vs.generate(model, STATE, n=20, k=5, digest=0).result()
    finally:
        set_llm_cache(None)
    assert len(found.records) == 20
    assert found.report.figures.same < 20


async def test_each_call_is_a_run_of_its_own_for_callbacks() -> None:
    class Counting(BaseCallbackHandler):
        runs = 0

        def on_chat_model_start(self, *_: Any, **__: Any) -> None:
            self.runs += 1

    for awaited in (False, True):
        counting = Counting()
        given: Any = (SimulatedChatModel(seed=1), STATE)
        options: Any = {"n": 20, "k": 5, "config": {"callbacks": [counting]}}
        if awaited:
            found = await langchain_vs.agenerate(*given, **options)
        else:
            found = langchain_vs.generate(*given, **options).result()
        assert counting.runs == found.report.figures.calls > 3


def test_bound_models_functions_and_factories_are_asked_too() -> None:
    model = SimulatedChatModel(seed=1)
    factory = ImportedFactory(function="langchain_vs:SimulatedChatModel", options={"seed": 1})
    for llm in (model.bind(stop=["#"]), model.with_retry(), RunnableLambda(model.invoke), factory):
        assert len(langchain_vs.generate(llm, STATE, n=12).result().records) == 12
    factory = ImportedFactory(function="llamaindex_vs:SimulatedLLM", options={"seed": 1})
    found = llamaindex_vs.generate(factory, STATE, n=12, model="states").result()
    assert {record.model for record in found.records} == {"simulated"}
    assert found.report.model == "states"


def test_the_model_of_the_settings_is_asked_when_none_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Settings, "_llm", SimulatedLLM(seed=1))
    assert len(llamaindex_vs.generate(None, STATE, n=5).result().records) == 5


def test_a_world_of_known_size_is_exhausted_and_the_unseen_share_says_so() -> None:
    world = AnswerSpace.ranked("words", [f"word {number}" for number in range(120)])
    model = SimulatedChatModel(seed=1, space=world)
    found = langchain_vs.generate(model, "Say a word.", n=1000, k=20).result()
    assert 115 <= len(found.records) <= 120
    assert found.report.ended_by == {"nothing new": 1}
    assert found.report.unseen is not None
    assert found.report.unseen < 0.1


def test_typed_values_of_a_journal_have_their_type_again(tmp_path: Path) -> None:
    def made() -> GenerationResult:
        return langchain_vs.generate(
            SimulatedChatModel(seed=1),
            "Invent a user.",
            n=8,
            value_schema=Persona,
            journal=tmp_path / "personas",
        ).result()

    first, again = made(), made()
    assert all(isinstance(value, Persona) for value in again.values)
    assert again.records == first.records


async def test_a_run_that_is_cancelled_leaves_its_journal_to_the_next(tmp_path: Path) -> None:
    def begun() -> Any:
        return langchain_vs.agenerate(
            SimulatedChatModel(seed=1), STATE, n=40, k=5, journal=tmp_path, max_concurrency=2
        )

    async def some(run: Any) -> None:
        async with aclosing(aiter(run)) as records:
            async for record in records:
                if record.round == 2:
                    raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await some(begun())
    found = await begun()
    assert len(found.records) == 40
    assert not (tmp_path / "journal.lock").exists()


def test_an_interruption_of_a_blocking_run_is_one_and_leaves_the_folder_free(
    tmp_path: Path,
) -> None:
    code = (
        "import os, signal, sys, threading, time\n"
        "from langchain_core.messages import AIMessage\n"
        "from langchain_vs import generate\n"
        "def slow(messages):\n"
        "    time.sleep(60)\n"
        "def quick(messages):\n"
        "    return AIMessage('1. (0.5) A\\n2. (0.5) B')\n"
        "threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n"
        "try:\n"
        "    generate(slow, 'Q', n=2, journal=sys.argv[1], model='m').result()\n"
        "except KeyboardInterrupt:\n"
        "    print(generate(quick, 'Q', n=2, journal=sys.argv[1], model='m').result().values)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=40,
    )
    assert (ended.stdout, ended.stderr) == ("['A', 'B']\n", "")


@for_every("begin", BLOCKING)
def test_a_run_can_be_taken_once(begin: Begin) -> None:
    run = begin(STATE, n=12)
    assert len(list(run)) == 12
    with pytest.raises(RuntimeError, match="taken already"):
        run.result()


@for_every("begin", AWAITED)
async def test_an_awaited_run_can_be_taken_once(begin: Begin) -> None:
    run = begin(STATE, n=12)
    await run
    with pytest.raises(RuntimeError, match="taken already"):
        await run


@for_every("begin", AWAITED)
async def test_a_folder_is_free_again_after_an_iteration_that_was_left(
    begin: Begin, tmp_path: Path
) -> None:
    folder = tmp_path / str(id(begin))
    async for _ in begin(STATE, n=40, k=5, journal=folder):
        break
    assert len((await begin(STATE, n=40, k=5, journal=folder)).records) == 40


@for_every("begin", BLOCKING)
def test_one_prompt_may_be_a_mapping_or_a_prompt_of_its_own(begin: Begin) -> None:
    for prompt in ({"prompt": STATE, "n": 2}, GenerationPrompt(prompt=STATE, settings={"n": 2})):
        assert [one.n for one in begin(prompt).result().report.prompts] == [2]
    with pytest.raises(TypeError, match="prompts is a NoneType"):
        begin(None)
    with pytest.raises(ValueError, match="comes twice, with different settings"):
        begin([{"prompt": STATE, "n": 2}, {"prompt": STATE, "n": 3}]).result()


class Aliased(BaseModel):
    model_config = ConfigDict(extra="forbid")

    full_name: str = Field(alias="fullName")
    age: int

    @field_validator("age")
    @classmethod
    def _one_year_later(cls, age: int) -> int:
        return age + 1

    @computed_field
    def born(self) -> int:
        return 2026 - self.age


def test_values_have_their_type_whatever_its_names_validators_and_computed_fields(
    tmp_path: Path,
) -> None:
    def replying(_: Any) -> AIMessage:
        return AIMessage('[{"text": {"fullName": "Ada", "age": 35}, "probability": 0.5}]')

    def made() -> list[Any]:
        return (
            langchain_vs.generate(
                replying, "Invent a user.", n=1, value_schema=Aliased, journal=tmp_path
            )
            .result()
            .values
        )

    [fresh] = made()
    [recalled] = made()
    assert (type(fresh), fresh.full_name, fresh.age) == (Aliased, "Ada", 36)
    assert (type(recalled), recalled.full_name) == (Aliased, "Ada")


def test_a_model_that_tries_to_end_the_program_fails_the_call() -> None:
    with pytest.raises(RuntimeError, match="SystemExit"):
        langchain_vs.generate(lambda _: sys.exit(3), ["Q", "R", "S", "T"], n=1).result()
