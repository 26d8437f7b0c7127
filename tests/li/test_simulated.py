"""The simulated model as a LlamaIndex model, and the effect it exists to show."""

from __future__ import annotations

import math
import pickle
from collections import Counter
from typing import Any, get_args

import pytest
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.prompts import PromptTemplate
from pydantic import ValidationError

from llamaindex_vs import SimulatedLLM, VerbalizedSampler
from tests.every import for_every
from tests.scenarios import QUESTION
from vs_core import Definition, Layout, Method, VerbalizedDistribution
from vs_core.adapters import Placement
from vs_core.simulation import AnswerSpace, find_space

ASKED = 100
CONVERSATION = [ChatMessage(QUESTION)]


def entropy(answers: list[str]) -> float:
    counts = Counter(answers)
    return -sum(n / len(answers) * math.log(n / len(answers)) for n in counts.values())


def test_asking_directly_collapses() -> None:
    direct = VerbalizedSampler(llm=SimulatedLLM(seed=1), method="direct", k=ASKED, num_workers=1)
    assert entropy(direct.run(QUESTION).texts) < 0.3 * find_space(QUESTION).entropy()


def test_drawing_from_verbalized_distributions_spreads() -> None:
    vs = VerbalizedSampler(llm=SimulatedLLM(seed=1))
    distributions = [vs.run(QUESTION) for _ in range(ASKED)]
    answers = [d.sample(seed=seed).text for seed, d in enumerate(distributions)]
    assert entropy(answers) > 0.75 * find_space(QUESTION).entropy()


@for_every("layout", get_args(Layout))
@for_every("method", sorted({*get_args(Method)} - {"direct"}))
@for_every("placement", get_args(Placement))
def test_it_answers_every_prompt_of_this_package(layout: Any, method: Any, placement: Any) -> None:
    vs = VerbalizedSampler(
        llm=SimulatedLLM(seed=1), layout=layout, method=method, placement=placement, k=4
    )
    distribution = vs.run(QUESTION)
    assert set(distribution.texts) <= set(find_space(QUESTION).answers)
    assert len(distribution) == 4


@for_every("definition", get_args(Definition))
def test_every_definition_of_the_number_is_read(definition: Any) -> None:
    vs = VerbalizedSampler(llm=SimulatedLLM(seed=1), definition=definition)
    assert all(candidate.stated is not None for candidate in vs.run(QUESTION))


def test_a_tail_is_obeyed() -> None:
    vs = VerbalizedSampler(llm=SimulatedLLM(seed=1), max_probability=0.05)
    assert all((candidate.stated or 0) < 0.05 for candidate in vs.run(QUESTION))


async def test_every_way_of_asking_gives_the_same_reply() -> None:
    whole = SimulatedLLM(seed=4).chat(CONVERSATION).message.content
    found = [
        (await SimulatedLLM(seed=4).achat(CONVERSATION)).message.content,
        SimulatedLLM(seed=4).complete(QUESTION).text,
        (await SimulatedLLM(seed=4).acomplete(QUESTION)).text,
        SimulatedLLM(seed=4).predict(PromptTemplate(QUESTION)),
        await SimulatedLLM(seed=4).apredict(PromptTemplate(QUESTION)),
    ]
    assert found == [whole] * 5


async def test_every_stream_adds_up_to_the_same_reply() -> None:
    whole = SimulatedLLM(seed=4).complete(QUESTION).text
    chats = list(SimulatedLLM(seed=4).stream_chat(CONVERSATION))
    achats = [r async for r in await SimulatedLLM(seed=4).astream_chat(CONVERSATION)]
    completions = list(SimulatedLLM(seed=4).stream_complete(QUESTION))
    acompletions = [r async for r in await SimulatedLLM(seed=4).astream_complete(QUESTION)]
    for chunks in (chats, achats, completions, acompletions):
        assert len(chunks) > 5
        assert "".join(chunk.delta or "" for chunk in chunks) == whole
    assert chats[-1].message.content == achats[-1].message.content == whole
    assert completions[-1].text == acompletions[-1].text == whole


def test_streamed_usage_is_the_same() -> None:
    whole = VerbalizedSampler(llm=SimulatedLLM(seed=4)).run(QUESTION)
    chunks = VerbalizedSampler(llm=SimulatedLLM(seed=4)).stream(QUESTION)
    assert whole.trace.input_tokens
    assert sum(chunks, VerbalizedDistribution()).trace == whole.trace


async def test_every_reply_is_marked_as_simulated() -> None:
    last = list(SimulatedLLM(seed=4).stream_chat(CONVERSATION))[-1]
    for reply in (SimulatedLLM(seed=4).chat(CONVERSATION), last):
        assert reply.raw
        assert reply.raw["simulated"] is True


def test_a_tools_result_is_no_obstacle() -> None:
    messages = [*CONVERSATION, ChatMessage(role=MessageRole.TOOL, content="42")]
    assert SimulatedLLM(seed=4).chat(messages).message.content


@pytest.mark.parametrize("wrong", [{"alpha": -1}, {"beta": 0}, {"noise": -0.1}], ids=str)
def test_a_bad_setting_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        SimulatedLLM(**wrong)


def test_a_world_of_its_own_survives_json_and_pickles() -> None:
    world = AnswerSpace.ranked("numbered", [f"answer {n}" for n in range(50)])
    model = SimulatedLLM(seed=1, space=world)
    assert model.complete("Tell me a joke").text in world.answers
    assert SimulatedLLM.from_json(model.to_json()).space == world
    assert pickle.loads(pickle.dumps(model)).space == world


def test_typed_values_come_from_the_form_in_the_prompt() -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    distribution = VerbalizedSampler(llm=SimulatedLLM(seed=1), value_schema=schema).run("Invent")
    assert len({value["city"] for value in distribution.values}) == 5


def test_settings_survive_json_and_pickles() -> None:
    model = SimulatedLLM(seed=4, noise=0.0)
    for twin in (SimulatedLLM.from_json(model.to_json()), pickle.loads(pickle.dumps(model))):
        assert (twin.seed, twin.noise) == (4, 0.0)
        assert (
            twin.complete(QUESTION).text == SimulatedLLM(seed=4, noise=0.0).complete(QUESTION).text
        )
