"""The simulated model as a LangChain chat model, and the effect it exists to show."""

from __future__ import annotations

import math
import pickle
import warnings
from collections import Counter
from typing import Any

import pytest
from langchain_core._api.beta_decorator import LangChainBetaWarning
from langchain_core.load import dumps, loads
from langchain_core.messages import ToolMessage
from pydantic import ValidationError

from langchain_vs import SampleCandidate, SimulatedChatModel, VerbalizedSamplingRunnable
from tests.every import for_every
from tests.scenarios import QUESTION
from vs_core.simulation import AnswerSpace, find_space

ASKED = 100


def entropy(answers: list[str]) -> float:
    counts = Counter(answers)
    return -sum(n / len(answers) * math.log(n / len(answers)) for n in counts.values())


def test_asking_directly_collapses() -> None:
    direct = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=1), method="direct", k=ASKED)
    answers = direct.invoke(QUESTION).texts
    assert entropy(answers) < 0.3 * find_space(QUESTION).entropy()


def test_drawing_from_verbalized_distributions_spreads() -> None:
    vs = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=1))
    distributions = [vs.invoke(QUESTION) for _ in range(ASKED)]
    answers = [d.sample(seed=seed).text for seed, d in enumerate(distributions)]
    assert entropy(answers) > 0.75 * find_space(QUESTION).entropy()


@for_every("layout", ["xml", "json", "lines"])
@for_every("method", ["standard", "cot", "multi", "sequence"])
@for_every("placement", ["system", "user"])
def test_it_answers_every_prompt_of_this_package(layout: Any, method: Any, placement: Any) -> None:
    vs = VerbalizedSamplingRunnable(
        llm=SimulatedChatModel(seed=1), layout=layout, method=method, placement=placement, k=4
    )
    distribution = vs.invoke(QUESTION)
    assert set(distribution.texts) <= set(find_space(QUESTION).answers)
    assert len(distribution) == 4


@for_every(
    "definition",
    ["explicit", "implicit", "relative", "percentage", "confidence", "perplexity", "nll"],
)
def test_every_definition_of_the_number_is_read(definition: Any) -> None:
    vs = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=1), definition=definition)
    assert all(candidate.stated is not None for candidate in vs.invoke(QUESTION))


def test_cot_keeps_the_reasoning_on_the_candidates() -> None:
    vs = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=1), method="cot")
    assert all(candidate.reasoning for candidate in vs.invoke(QUESTION))


def test_a_tail_is_obeyed() -> None:
    vs = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=1), max_probability=0.05)
    assert all((candidate.stated or 0) < 0.05 for candidate in vs.invoke(QUESTION))


def test_a_seed_repeats_the_reply() -> None:
    one, other = SimulatedChatModel(seed=4), SimulatedChatModel(seed=4)
    assert one.invoke(QUESTION).content == other.invoke(QUESTION).content


async def test_async_and_streamed_replies_are_the_same() -> None:
    whole = SimulatedChatModel(seed=4).invoke(QUESTION)
    model = SimulatedChatModel(seed=4)
    assert (await model.ainvoke(QUESTION)).content == whole.content
    chunks = SimulatedChatModel(seed=4).stream(QUESTION)
    assert "".join(str(chunk.content) for chunk in chunks) == whole.content
    streamed = [chunk async for chunk in SimulatedChatModel(seed=4).astream(QUESTION)]
    assert "".join(str(chunk.content) for chunk in streamed) == whole.content


def test_streamed_usage_is_the_same() -> None:
    whole = SimulatedChatModel(seed=4).invoke(QUESTION)
    total = None
    for chunk in SimulatedChatModel(seed=4).stream(QUESTION):
        total = chunk if total is None else total + chunk
    assert total is not None
    assert total.usage_metadata == whole.usage_metadata


def test_every_reply_is_marked_as_simulated() -> None:
    assert SimulatedChatModel(seed=4).invoke(QUESTION).response_metadata["simulated"] is True


def test_stop_ends_the_reply() -> None:
    reply = str(SimulatedChatModel(seed=4).invoke(QUESTION).content)
    word = reply.split()[2]
    stopped = SimulatedChatModel(seed=4).invoke(QUESTION, stop=[word]).content
    assert stopped == reply[: reply.index(word)]


def test_a_tool_message_is_no_obstacle() -> None:
    messages: list[Any] = [("user", QUESTION), ToolMessage(content="42", tool_call_id="1")]
    assert SimulatedChatModel(seed=4).invoke(messages).content


@pytest.mark.parametrize("wrong", [{"alpha": -1}, {"beta": 0}, {"noise": -0.1}], ids=str)
def test_a_bad_setting_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        SimulatedChatModel(**wrong)


def test_a_world_of_its_own_survives_dumps_and_pickles() -> None:
    world = AnswerSpace.ranked("numbered", [f"answer {n}" for n in range(50)])
    model = SimulatedChatModel(seed=1, space=world)
    assert model.invoke("Tell me a joke").content in world.answers
    with warnings.catch_warnings():
        # It is given once in a process.
        warnings.simplefilter("ignore", LangChainBetaWarning)
        again = loads(
            dumps(model), allowed_objects=[SimulatedChatModel], valid_namespaces=["langchain_vs"]
        )
    assert again.space == pickle.loads(pickle.dumps(model)).space == world
    other = SimulatedChatModel(seed=1, space=AnswerSpace.ranked("numbered", "ab"))
    assert model._identifying_params != other._identifying_params


def test_a_drawn_chain_is_repeatable_under_seeds() -> None:
    def run() -> str:
        vs = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=2))
        return str((vs | SampleCandidate(seed=2)).invoke(QUESTION))

    assert run() == run()
