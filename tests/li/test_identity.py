"""What a dump tells about the model that is asked, and LlamaIndex's cache that goes by it."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, ClassVar
from unittest import mock

import pytest
from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.extractors import SummaryExtractor, TitleExtractor
from llama_index.core.ingestion import IngestionCache, IngestionPipeline
from llama_index.core.ingestion.pipeline import get_transformation_hash
from llama_index.core.llms import LLMMetadata
from llama_index.core.llms.llm import LLM
from llama_index.core.schema import TextNode
from llama_index.llms.openai import OpenAI
from llama_index.llms.openai_like import OpenAILike  # type: ignore[import-untyped]
from pydantic import BaseModel, Field, PrivateAttr, SecretStr, ValidationError

from llamaindex_vs import (
    SimulatedLLM,
    VerbalizedSampler,
    VerbalizedSamplingLLM,
    VerbalizedSamplingPostprocessor,
)
from tests.every import for_every
from tests.li.models import ScriptedLLM

COMPONENTS: list[Any] = [VerbalizedSampler, VerbalizedSamplingLLM, VerbalizedSamplingPostprocessor]

every_component = pytest.mark.parametrize("component", COMPONENTS)


def openai(**settings: Any) -> OpenAILike:
    defaults = {"model": "m", "api_key": "sk-secret", "api_base": "http://one.example/v1"}
    return OpenAILike(**{**defaults, **settings})


def nodes() -> list[TextNode]:
    return [TextNode(text="a note", id_="1")]


def cache_key(llm: LLM, extractor: Any = SummaryExtractor, **settings: Any) -> str:
    """Under what LlamaIndex keeps what an extractor made with the model."""
    wrapped = VerbalizedSamplingLLM(llm=llm, **settings)
    return get_transformation_hash(nodes(), extractor(llm=wrapped))


class Rich(ScriptedLLM):
    """A model with what models have in their fields."""

    script: list[Any] = Field(default_factory=list)
    made_by: Any = None
    options: dict[str, Any] = Field(default_factory=dict)
    password: SecretStr | None = None

    _client: Any = PrivateAttr(default_factory=object)


# --- what is told ---------------------------------------------------------------------------------


def test_a_module_that_moves_does_not_make_another_model_of_its_own() -> None:
    models = [SimulatedLLM(), VerbalizedSamplingLLM(llm=SimulatedLLM())]
    assert [VerbalizedSampler(llm=llm).to_dict()["llm"]["class"] for llm in models] == [
        "llamaindex_vs.simulated.SimulatedLLM",
        "llamaindex_vs.llm.VerbalizedSamplingLLM",
    ]


@every_component
def test_the_class_the_name_and_the_sampling_settings_are_told(component: Any) -> None:
    told = component(llm=openai(temperature=0.3, max_tokens=9)).to_dict()["llm"]
    assert len(told.pop("digest")) == 64
    assert told == {
        "class": "llama_index.llms.openai_like.base.OpenAILike",
        "model_name": "m",
        "temperature": 0.3,
        "max_tokens": 9,
    }


@every_component
def test_nothing_else_is_told(component: Any) -> None:
    told = openai(
        system_prompt="private words",
        default_headers={"Authorization": "Bearer hidden"},
        additional_kwargs={"user": "somebody"},
        api_base="http://me:pass@one.example/v1?api-key=hidden",
    )
    held = component(llm=told)
    shown = f"{held.to_dict()}{held.to_json()}{held.model_dump_json()}{held!r}"
    hidden = ("sk-secret", "private", "Bearer", "hidden", "somebody", "pass@", "one.example")
    assert [word for word in hidden if word in shown] == []


@pytest.mark.parametrize("component", [VerbalizedSampler, VerbalizedSamplingPostprocessor])
def test_the_model_of_the_settings_is_none_of_its_own(component: Any) -> None:
    assert component().to_dict()["llm"] is None


def test_a_name_that_the_integration_does_not_know_is_told_all_the_same() -> None:
    llm = OpenAI(model="a-model-of-ours", api_key="sk-secret")
    with pytest.raises(ValueError, match="Unknown model"):
        llm.metadata.model_name  # noqa: B018  # what stands in the way
    assert VerbalizedSamplingLLM(llm=llm).to_dict()["llm"]["model_name"] == "a-model-of-ours"


# --- the way back ---------------------------------------------------------------------------------


@every_component
def test_a_component_comes_back_from_its_dump_with_the_model(component: Any) -> None:
    held = component(llm=openai())
    for again in (
        component.from_dict(held.to_dict(), llm=openai()),
        component.from_json(held.to_json(), llm=openai()),
    ):
        assert again.to_dict() == held.to_dict()


@every_component
def test_without_the_model_it_does_not_come_back_with_another(component: Any) -> None:
    with pytest.raises(ValidationError, match=r"from_dict\(dump, llm=\.\.\.\)"):
        component.from_dict(component(llm=openai()).to_dict())


# --- apart, and alike -----------------------------------------------------------------------------


def answering(text: str) -> Callable[..., str]:
    return lambda *_: text


def answer(text: str, *_: Any) -> str:
    return text


class Answer:
    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, *_: Any) -> str:
        return self.text

    def method(self, *_: Any) -> str:
        return self.text


APART: dict[str, Callable[[int], LLM]] = {
    "name": lambda v: openai(model=f"m{v}"),
    "temperature": lambda v: openai(temperature=0.1 * v),
    "system prompt": lambda v: openai(system_prompt=f"Be {v}."),
    "base URL": lambda v: openai(api_base=f"http://host{v}.example/v1"),
    "extra argument": lambda v: openai(additional_kwargs={"stop": [f"{v}"]}),
    "nested extra argument": lambda v: openai(additional_kwargs={"body": {"n": {"x": v}}}),
    "seed": lambda v: SimulatedLLM(seed=v),
    "field left out of the dump": lambda v: ScriptedLLM(script=[f"{v}"]),
    "closure": lambda v: Rich(made_by=answering(f"{v}")),
    "partial": lambda v: Rich(made_by=functools.partial(answer, f"{v}")),
    "callable object": lambda v: Rich(made_by=Answer(f"{v}")),
    "decorated function": lambda v: Rich(made_by=functools.lru_cache(answering(f"{v}"))),
    "bound method": lambda v: Rich(made_by=Answer(f"{v}").method),
    "lambda": lambda v: Rich(made_by=[lambda *_: "1", lambda *_: "2"][v - 1]),
    "class": lambda v: [Rich, ScriptedLLM][v - 1](script=[]),
    "model in the model": lambda v: Rich(made_by=openai(model=f"m{v}")),
    "set": lambda v: Rich(options={"stop": {f"{v}", "end"}}),
    "token that is no key": lambda v: Rich(options={"eos_token": f"<{v}>"}),
    "number and text": lambda v: Rich(options={"n": ["1", 1][v - 1]}),
}
ALIKE: dict[str, Callable[[int], LLM]] = {
    "key": lambda v: openai(api_key=f"sk-{v}"),
    "headers": lambda v: openai(default_headers={"X-Any": f"{v}"}),
    "key among the arguments": lambda v: openai(additional_kwargs={"extra_headers": {"k": f"{v}"}}),
    "nested key": lambda v: Rich(options={"azure": [{"adToken": f"{v}"}]}),
    "key in the base URL": lambda v: openai(api_base=f"http://u:{v}@h.example/v1?key={v}&v=2"),
    "secret": lambda v: Rich(options={"login": SecretStr(f"{v}")}, password=SecretStr(f"{v}")),
    "client": lambda _: Rich(made_by=object()),
    "lock": lambda _: Rich(options={"locks": [threading.Lock()]}),
    "mock": lambda _: Rich(made_by=mock.MagicMock(name="client")),
    "callable made anew": lambda _: Rich(made_by=answering("same")),
    "closed-over key": lambda v: Rich(made_by=keyed(f"{v}")),
    "order": lambda v: Rich(options=dict([("a", 1), ("b", 2)][:: 3 - 2 * v])),
}


def keyed(api_key: str) -> Callable[..., str]:
    return lambda *_: api_key


@for_every("difference", APART)
def test_models_that_answer_differently_are_kept_apart(difference: str) -> None:
    assert cache_key(APART[difference](1)) != cache_key(APART[difference](2))


@for_every("difference", [*APART, *ALIKE])
def test_a_model_made_twice_is_the_same(difference: str) -> None:
    make = {**APART, **ALIKE}[difference]
    assert cache_key(make(1)) == cache_key(make(1))


@for_every("difference", ALIKE)
def test_a_model_with_another_key_is_the_same(difference: str) -> None:
    assert cache_key(ALIKE[difference](1)) == cache_key(ALIKE[difference](2))


@for_every(
    "settings",
    [{"k": 3}, {"max_probability": 0.1}, {"layout": "json"}, {"select": "best"}, {"seed": 1}],
)
def test_the_settings_of_verbalized_sampling_count_too(settings: Any) -> None:
    assert cache_key(openai()) != cache_key(openai(), **settings)


def test_a_model_that_has_been_used_is_the_same() -> None:
    llm = Rich(script=["1. (0.5) a"])
    before = cache_key(llm, k=1)
    VerbalizedSamplingLLM(llm=llm, k=1).complete("?")
    assert llm.calls
    assert cache_key(llm, k=1) == before


def test_a_circle_comes_to_an_end() -> None:
    options: dict[str, Any] = {"depth": 1}
    options["self"] = [options]
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    options["deep"] = deep
    assert cache_key(Rich(options=options)) == cache_key(Rich(options=options))


class Chat(BaseModel):
    """A model of another framework."""

    temperature: float

    def invoke(self) -> None: ...


@pytest.mark.parametrize(
    "make", [lambda v: Chat(temperature=v / 10), lambda v: openai(temperature=v / 10)]
)
def test_a_model_in_a_private_attribute_counts(make: Any) -> None:
    def holding(value: int) -> Rich:
        llm = Rich()
        llm._client = make(value)
        return llm

    assert cache_key(holding(1)) == cache_key(holding(1)) != cache_key(holding(2))


def test_a_model_whose_own_dump_fails_is_told_all_the_same() -> None:
    class Undumpable(Rich):
        def to_dict(self, **kwargs: Any) -> dict[str, Any]:
            raise TypeError("no dump")

        @property
        def metadata(self) -> LLMMetadata:
            raise RuntimeError("no network")

    assert cache_key(Undumpable(piece=1)) == cache_key(Undumpable(piece=1))
    assert cache_key(Undumpable(piece=1)) != cache_key(Undumpable(piece=2))


_IN_ANOTHER_PROCESS = """
import os
from llama_index.core.ingestion.pipeline import get_transformation_hash
from llama_index.core.extractors import SummaryExtractor
from llama_index.core.schema import TextNode
from llama_index.llms.openai_like import OpenAILike
from llamaindex_vs import VerbalizedSamplingLLM
stop = {str(n) for n in range(50)}
llm = OpenAILike(
    model="m", api_key=os.environ["PYTHONHASHSEED"], additional_kwargs={"stop": stop},
    messages_to_prompt=lambda messages: "x" if "one" in {"one", "two", "three"} else "y",
)
extractor = SummaryExtractor(llm=VerbalizedSamplingLLM(llm=llm))
print(get_transformation_hash([TextNode(text="a note", id_="1")], extractor))
"""


def test_the_same_model_in_another_process_is_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = subprocess.run(
        [sys.executable, "-c", _IN_ANOTHER_PROCESS],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    # What hashes begin with here is another number already; the model's key is to differ, too.
    monkeypatch.setenv("PYTHONHASHSEED", "2")
    exec(_IN_ANOTHER_PROCESS, {"__name__": "__main__"})  # noqa: S102  # the same text, here
    assert capsys.readouterr().out == there
    assert len(there.strip()) == 64


# --- the cache of an ingestion pipeline -----------------------------------------------------------


class Named(ScriptedLLM):
    """Answers with its name."""

    script: list[Any] = Field(default_factory=list)
    named: str

    def _next(self, messages: Any, kwargs: Any) -> ChatMessage:
        return ChatMessage(role="assistant", content=f"1. (0.5) {self.named}")


@for_every("extractor", [SummaryExtractor, TitleExtractor])
@for_every("awaited", [False, True])
async def test_after_a_change_of_the_model_the_new_one_is_asked(
    extractor: Any, awaited: bool
) -> None:
    cache = IngestionCache()
    for name in ("big", "small"):
        llm = VerbalizedSamplingLLM(llm=Named(named=name), k=1)
        transformation = extractor(llm=llm, show_progress=False)
        pipeline = IngestionPipeline(transformations=[transformation], cache=cache)
        made = await pipeline.arun(nodes=nodes()) if awaited else pipeline.run(nodes=nodes())
        assert set(made[0].metadata.values()) == {name}


class Counted(ScriptedLLM):
    """Answers each call with its number, over all instances."""

    script: list[Any] = Field(default_factory=list)
    made: ClassVar[list[str]] = []

    def _next(self, messages: Any, kwargs: Any) -> ChatMessage:
        self.made.append(f"number {len(self.made)}")
        return ChatMessage(role="assistant", content=f"1. (0.5) {self.made[-1]}")


def test_the_same_model_is_not_asked_again() -> None:
    cache = IngestionCache()
    found = []
    for _ in range(2):
        llm = VerbalizedSamplingLLM(llm=Counted(), k=1)
        extractor = SummaryExtractor(llm=llm, show_progress=False)
        pipeline = IngestionPipeline(transformations=[extractor], cache=cache)
        found.append(pipeline.run(nodes=nodes())[0].metadata["section_summary"])
    assert found == ["number 0", "number 0"]


def test_the_dump_is_json() -> None:
    held = VerbalizedSamplingLLM(llm=Rich(made_by=object(), options={"x": {1, 2}}))
    assert json.loads(held.to_json())["llm"]["model_name"] == "scripted"
