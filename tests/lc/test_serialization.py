"""LangChain's dumps and loads, pickles, JSON; and no key in any of them."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import cloudpickle  # type: ignore[import-untyped]  # it has no stubs
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.language_models import FakeListChatModel
from langchain_core.load import dumpd, dumps, loads
from langchain_core.load.serializable import Serializable
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, HumanMessagePromptTemplate, PromptTemplate
from langchain_core.runnables import RunnableBinding, RunnableSequence
from langchain_core.runnables.retry import RunnableRetry
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel, SecretStr
from typing_extensions import TypedDict

import langchain_vs
from langchain_vs import (
    BestCandidate,
    DiverseCandidates,
    FilterCandidates,
    MapCandidates,
    ReweightCandidates,
    SampleCandidate,
    SampleCandidates,
    SimulatedChatModel,
    VerbalizedSamplingOutputParser,
    VerbalizedSamplingPrompt,
    VerbalizedSamplingRunnable,
)
from tests.core.distributions import stating
from tests.every import for_every
from tests.scenarios import QUESTION, xml
from tests.wire.clients import PATIENCE
from tests.wire.server import Fault, WireServer
from vs_core import Candidate, VerbalizedDistribution

pytestmark = pytest.mark.filterwarnings(
    # `loads` has been called beta since it exists; it is the documented way.
    "ignore:The function `loads` is in beta"
)

KEY = "sk-a-very-secret-key"
D = stating(a=0.5, b=0.3, c=0.05)
SIMULATED = SimulatedChatModel(seed=7, noise=0.0)
OURS: list[Any] = [
    kind
    for kind in vars(langchain_vs).values()
    if isinstance(kind, type) and issubclass(kind, Serializable) and kind.is_lc_serializable()
]
THEIRS: list[Any] = [
    *(ChatOpenAI, ChatPromptTemplate, HumanMessagePromptTemplate, PromptTemplate),
    *(RunnableBinding, RunnableRetry, RunnableSequence, StrOutputParser),
]
JUDGE = ChatPromptTemplate.from_template("Rate: {joke}") | SIMULATED | StrOutputParser()
SETTINGS_ONLY: list[Any] = [
    VerbalizedSamplingPrompt(k=3, layout="json", max_probability=0.2, placement="user"),
    VerbalizedSamplingOutputParser(method="cot", definition="percentage"),
    BestCandidate(),
    SampleCandidate(seed=0, temperature=0.5, name="draw"),
    SampleCandidates(n=2, replace=True, seed=3, uniform=True),
    FilterCandidates(tail=0.1, at_least=0, top_k=3, top_p=0.9, min_p=0.01),
]
WITH_A_MODEL: list[Any] = [
    SIMULATED,
    VerbalizedSamplingRunnable(llm=SIMULATED, k=3, max_topups=0, max_probability=0.1),
    VerbalizedSamplingRunnable(llm=SIMULATED.bind(stop=["</never>"]), k=2),
    VerbalizedSamplingRunnable(llm=SIMULATED) | SampleCandidate(seed=1),
    MapCandidates(runnable=SIMULATED | StrOutputParser(), on_error="drop"),
    ReweightCandidates(scorer=JUDGE, mode="replace", on_error="keep"),
]


def loaded(text: str, **settings: Any) -> Any:
    return loads(
        text, allowed_objects=[*OURS, *THEIRS], valid_namespaces=["langchain_vs"], **settings
    )


def by_type(thing: Any) -> str:
    return type(thing).__name__


# --- dumps and loads ------------------------------------------------------------------------


@for_every("kind", OURS, ids=lambda kind: kind.__name__)
def test_every_class_is_found_under_its_id(kind: Any) -> None:
    package, name = kind.lc_id()
    assert getattr(sys.modules[package], name) is kind


@for_every("thing", SETTINGS_ONLY, ids=by_type)
def test_settings_come_back_equal(thing: Any) -> None:
    assert loaded(dumps(thing)) == thing


@for_every("thing", [*SETTINGS_ONLY, *WITH_A_MODEL], ids=by_type)
def test_what_comes_back_is_written_the_same(thing: Any) -> None:
    again = loaded(dumps(thing))
    assert type(again) is type(thing)
    assert dumpd(again) == dumpd(thing)


def test_a_runnable_that_comes_back_gives_the_same_answers() -> None:
    chain = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=7)) | SampleCandidate(seed=1)
    text = dumps(chain)
    assert loaded(text).invoke(QUESTION) == chain.invoke(QUESTION)


def test_our_classes_are_loaded_only_where_they_are_named() -> None:
    with pytest.raises(ValueError, match="not allowed"):
        loads(dumps(BestCandidate()), allowed_objects="core", valid_namespaces=["langchain_vs"])


class Joke(BaseModel):
    setup: str


UNSERIALIZABLE: list[tuple[Any, str, str]] = [
    (FilterCandidates(predicate=lambda c: c.text != "b"), "predicate", "<lambda>"),
    (MapCandidates(runnable=str.upper), "runnable", "RunnableLambda"),
    (ReweightCandidates(scorer=len), "scorer", "RunnableLambda"),
    (
        DiverseCandidates(n=2, embeddings=DeterministicFakeEmbedding(size=2)),
        "embeddings",
        "DeterministicFakeEmbedding",
    ),
    (
        VerbalizedSamplingRunnable(llm=FakeListChatModel(responses=["a"])),
        "llm",
        "FakeListChatModel",
    ),
]


@for_every(("thing", "setting", "kind"), UNSERIALIZABLE)
def test_what_cannot_serialize_is_written_as_not_implemented(
    thing: Any, setting: str, kind: str
) -> None:
    entry = json.loads(dumps(thing))["kwargs"][setting]
    assert (entry["type"], entry["id"][-1]) == ("not_implemented", kind)


@for_every("thing", [thing for thing, *_ in UNSERIALIZABLE], ids=by_type)
def test_what_cannot_serialize_is_refused_when_loaded(thing: Any) -> None:
    with pytest.raises(NotImplementedError, match="doesn't implement serialization"):
        loaded(dumps(thing))


def test_a_model_with_retries_is_written_without_its_exception_types() -> None:
    written = dumpd(VerbalizedSamplingRunnable(llm=SIMULATED.with_retry()))
    retries = written["kwargs"]["llm"]["kwargs"]
    assert retries["bound"]["id"] == ["langchain_vs", "SimulatedChatModel"]
    assert retries["retry_exception_types"][0]["type"] == "not_implemented"


# --- keys -----------------------------------------------------------------------------------


def with_a_key(**settings: Any) -> ChatOpenAI:
    return ChatOpenAI(model="test", api_key=SecretStr(KEY), max_retries=0, **settings)


@pytest.fixture(scope="module")
def keyed() -> list[Any]:
    """Everything that can hold a model with a key."""
    llm = with_a_key()
    vs = VerbalizedSamplingRunnable(llm=llm)
    embeddings = OpenAIEmbeddings(openai_api_key=SecretStr(KEY), check_embedding_ctx_length=False)
    return [
        vs,
        VerbalizedSamplingRunnable(llm=llm.bind(stop=["x"])),
        VerbalizedSamplingRunnable(llm=llm.with_retry()),
        VerbalizedSamplingRunnable(llm=llm.with_fallbacks([llm])),
        vs | SampleCandidate(),
        MapCandidates(runnable=llm | StrOutputParser()),
        ReweightCandidates(scorer=llm | (lambda message: message.content)),
        DiverseCandidates(n=2, embeddings=embeddings),
    ]


@pytest.mark.parametrize("show", [dumps, repr, str], ids=["dumps", "repr", "str"])
def test_no_key_is_shown(keyed: list[Any], show: Any) -> None:
    assert all(KEY not in show(thing) for thing in keyed)


def test_no_key_is_in_the_json_of_settings(keyed: list[Any]) -> None:
    assert KEY not in keyed[0].model_dump_json()


def test_a_key_is_written_as_a_secret_by_name() -> None:
    written = dumpd(VerbalizedSamplingRunnable(llm=with_a_key()))["kwargs"]["llm"]["kwargs"]
    assert written["openai_api_key"] == {"lc": 1, "type": "secret", "id": ["OPENAI_API_KEY"]}


def test_a_key_is_put_back_from_the_secrets() -> None:
    text = dumps(VerbalizedSamplingRunnable(llm=with_a_key(), k=3))
    again = loaded(text, secrets_map={"OPENAI_API_KEY": KEY})
    assert (again.k, again.llm.openai_api_key) == (3, SecretStr(KEY))


@pytest.mark.parametrize("first", [xml("a", "b"), xml("a")], ids=["enough", "topped up in vain"])
def test_no_key_travels_with_a_distribution(server: WireServer, first: str) -> None:
    server.add(first, Fault(401))
    llm = with_a_key(base_url=server.url, timeout=PATIENCE)
    found = VerbalizedSamplingRunnable(llm=llm, k=2).invoke(QUESTION)
    assert KEY not in found.model_dump_json() + repr(found) + found.trace.model_dump_json()


@pytest.mark.parametrize("kind", [MapCandidates, ReweightCandidates])
def test_no_key_travels_with_what_was_dropped(server: WireServer, kind: Any) -> None:
    server.add(Fault(401), Fault(401), Fault(401))
    llm = with_a_key(base_url=server.url, timeout=PATIENCE)
    setting = "runnable" if kind is MapCandidates else "scorer"
    found = kind(**{setting: llm}, on_error="drop").invoke(D)
    assert len(found.trace.dropped) == 3
    assert KEY not in found.model_dump_json()


# --- pickles --------------------------------------------------------------------------------

PICKLED: list[Any] = [
    *SETTINGS_ONLY,
    *WITH_A_MODEL,
    FilterCandidates(predicate=lambda c: c.text != "b"),
    MapCandidates(runnable=lambda text: text + "!"),
    ReweightCandidates(scorer=lambda text: 1 if text == "a" else 0),
    DiverseCandidates(n=2, embeddings=DeterministicFakeEmbedding(size=2)),
]


@for_every("thing", PICKLED, ids=by_type)
def test_everything_survives_cloudpickle(thing: Any) -> None:
    again = cloudpickle.loads(cloudpickle.dumps(thing))
    assert type(again) is type(thing)
    assert again.get_input_jsonschema() == thing.get_input_jsonschema()


@for_every("step", PICKLED[-4:], ids=by_type)
def test_a_pickled_step_does_the_same(step: Any) -> None:
    assert cloudpickle.loads(cloudpickle.dumps(step)).invoke(D) == step.invoke(D)


def test_a_pickled_chain_answers_the_same() -> None:
    chain = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=7)) | SampleCandidate(seed=1)
    again = cloudpickle.loads(cloudpickle.dumps(chain))
    assert again.invoke(QUESTION) == chain.invoke(QUESTION)


def test_a_pickled_step_and_distribution_work_in_another_process() -> None:
    step = FilterCandidates(predicate=lambda c: c.text != "b")
    code = (
        "import pickle, sys; step, found = pickle.load(sys.stdin.buffer);"
        "print(step.invoke(found).texts)"
    )
    there = subprocess.run(
        [sys.executable, "-c", code],
        input=cloudpickle.dumps((step, D)),
        capture_output=True,
        check=True,
    )
    assert there.stdout.decode().strip() == "['a', 'c']"


# --- distributions --------------------------------------------------------------------------


class Mood(Enum):
    DRY = "dry"
    WARM = "warm"


@dataclass
class Place:
    name: str
    people: int


class Pun(TypedDict):
    text: str
    groan: float


TYPED: list[tuple[Any, Any]] = [
    (str, "Decaf? I'm out."),
    (int, 7),
    (float, 0.1),
    (bool, True),
    (Joke, Joke(setup="Why?")),
    (Place, Place(name="Ohio", people=12_000_000)),
    (Pun, Pun(text="brewed", groan=0.7)),
    (Mood, Mood.DRY),
    (date, date(2025, 10, 1)),
    (Decimal, Decimal("0.10")),
    (list[Joke], [Joke(setup="Why?"), Joke(setup="Who?")]),
    (dict[str, int], {"puns": 3}),
    (Joke | None, None),
]
each_value = pytest.mark.parametrize("value", [value for _, value in TYPED], ids=by_type)


def of_value(value: Any) -> VerbalizedDistribution[Any]:
    return VerbalizedDistribution.of(
        [Candidate[Any](value=value, stated=0.3), Candidate[Any](value=value, stated=0.1)]
    )


def test_a_json_schema_survives_dumps_and_a_pickle() -> None:
    schema = {"type": "object", "properties": {"lc": {"type": "integer"}}, "required": ["lc"]}
    vs = VerbalizedSamplingRunnable(llm=SIMULATED, k=2, value_schema=schema)
    assert loaded(dumps(vs)).value_schema == schema
    assert pickle.loads(pickle.dumps(vs)).value_schema == schema


@for_every(("kind", "value"), TYPED)
def test_typed_values_come_back_from_json(kind: Any, value: Any) -> None:
    found = of_value(value)
    again = VerbalizedDistribution[kind].model_validate_json(found.model_dump_json())
    assert (again.values, again.probabilities) == (found.values, found.probabilities)


@each_value
def test_typed_values_are_shown_as_json_records(value: Any) -> None:
    assert len(json.loads(json.dumps(of_value(value).to_records()))) == 2


@each_value
def test_typed_values_survive_a_pickle(value: Any) -> None:
    found = of_value(value)
    assert pickle.loads(pickle.dumps(found)) == found


def test_a_distribution_from_a_step_survives_a_pickle() -> None:
    found = ReweightCandidates(scorer=len).invoke(D)
    assert pickle.loads(pickle.dumps(found)) == found


def test_a_distribution_from_a_step_comes_back_from_json() -> None:
    found = ReweightCandidates(scorer=lambda text: 1 if text == "a" else 3).invoke(D)
    again = VerbalizedDistribution[str].model_validate_json(found.model_dump_json())
    assert (again.probabilities, again.trace) == (found.probabilities, found.trace)
