"""What users give by another door, and the usual slips."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import JsonOutputParser, StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_openai import ChatOpenAI
from pydantic import ValidationError

from langchain_vs import (
    ChatVerbalizedSampling,
    FilterCandidates,
    MapCandidates,
    ReweightCandidates,
    SampleCandidate,
    SampleCandidates,
    SimulatedChatModel,
    VerbalizedSamplingOutputParser,
    VerbalizedSamplingRunnable,
    compare,
)
from tests.every import for_every
from tests.scenarios import QUESTION, xml
from vs_core import PromptError, parse_reply

AB = parse_reply('{"a": 0.5, "b": 0.5}')


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "test")


@pytest.mark.parametrize("component", [VerbalizedSamplingRunnable, ChatVerbalizedSampling])
class TestTheModel:
    """What `llm` may be, in each component that asks."""

    def test_may_be_given_without_its_name(self, component: Any) -> None:
        model = SimulatedChatModel(seed=1)
        assert component(model, k=2) == component(llm=model, k=2)

    @pytest.mark.usefixtures("key")
    def test_may_be_named(self, component: Any) -> None:
        made = component("openai:gpt-4o-mini", k=2).llm
        assert isinstance(made, ChatOpenAI)
        assert made.model_name == "gpt-4o-mini"

    def test_may_be_a_function(self, component: Any) -> None:
        def model(messages: Any) -> str:
            return xml(f"an answer to {messages[-1].content}")

        answer = component(model, k=1).invoke(QUESTION)
        text = answer.texts[0] if component is VerbalizedSamplingRunnable else answer.content
        assert text == f"an answer to {QUESTION}"

    @pytest.mark.parametrize("llm", [3, {"a": 1}, ChatOpenAI, None])
    def test_is_refused_if_it_cannot_be_asked(self, component: Any, llm: Any) -> None:
        with pytest.raises(ValidationError, match="pass a chat model"):
            component(llm)

    def test_takes_one_setting_without_a_name(self, component: Any) -> None:
        with pytest.raises(TypeError, match="takes 1 settings without a name, and 2 were given"):
            component(SimulatedChatModel(), 5)

    def test_is_not_given_twice(self, component: Any) -> None:
        with pytest.raises(TypeError, match="llm"):
            component(SimulatedChatModel(), llm=SimulatedChatModel())


def test_a_comparison_takes_a_function() -> None:
    found = compare(lambda _: "1. (0.5) heads", "Flip a coin.", ["direct"], n=2)
    assert found.complete


GIVING: list[Runnable[Any, Any]] = [
    VerbalizedSamplingRunnable(llm=SimulatedChatModel()),
    VerbalizedSamplingOutputParser(),
    FilterCandidates(top_k=1),
    MapCandidates(runnable=RunnableLambda(str.upper)),
    ReweightCandidates(scorer=RunnableLambda(len)),
]
UNFIT: dict[str, Any] = {
    "reads a reply": StrOutputParser(),
    "reads a reply: leave it out": JsonOutputParser(),
    "leave it out": VerbalizedSamplingOutputParser(),
    "takes a prompt": FakeListChatModel(responses=[]),
    "takes values for its variables": ChatPromptTemplate.from_template("{answer}"),
}


@for_every("advice", UNFIT)
@for_every("giving", GIVING, ids=lambda step: type(step).__name__)
def test_what_takes_no_distribution_is_refused_where_it_is_put_together(
    giving: Runnable[Any, Any], advice: str
) -> None:
    with pytest.raises(TypeError, match=rf"{advice}.*SampleCandidate\(\)"):
        giving | UNFIT[advice]
    with pytest.raises(TypeError, match=advice):
        giving.pipe(UNFIT[advice])


def test_what_takes_an_answer_fits_behind_a_draw() -> None:
    chain = VerbalizedSamplingRunnable(SimulatedChatModel(seed=1), k=2) | SampleCandidate()
    assert isinstance((chain | StrOutputParser()).invoke("Roll a die"), str)
    assert chain.pipe(str.upper).invoke("Roll a die")


def test_a_distribution_is_no_prompt() -> None:
    vs = VerbalizedSamplingRunnable(SimulatedChatModel(seed=1), k=2)
    with pytest.raises(PromptError, match=r"pick a candidate first.*SampleCandidate\(\)"):
        (vs | vs).invoke("Roll a die")


@pytest.mark.parametrize("n", [2.5, "2", None])
def test_a_number_of_draws_is_a_whole_number(n: Any) -> None:
    with pytest.raises(ValueError, match=r"n=.*must be a whole number"):
        AB.sample_many(n)
    with pytest.raises(ValueError, match="must be a whole number"):
        AB.top_k(n)


def test_a_step_refuses_half_a_draw() -> None:
    with pytest.raises(ValidationError, match="integer"):
        SampleCandidates(n=2.5)
