"""The model around a model: what it asks, what it answers, and what it tells."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ImageBlock,
    MessageRole,
    TextBlock,
)
from llama_index.core.settings import Settings
from llama_index.llms.openai import OpenAI
from pydantic import BaseModel, PrivateAttr, ValidationError

from llamaindex_vs import (
    SimulatedLLM,
    VerbalizedSampler,
    VerbalizedSamplingEvent,
    VerbalizedSamplingLLM,
    VerbalizedSamplingOutputParser,
    VerbalizedSamplingParserError,
)
from tests.every import for_every
from tests.li.libraries import listening
from tests.li.models import INPUT_TOKENS, OUTPUT_TOKENS, ScriptedLLM
from tests.scenarios import QUESTION, ModelDownError, xml
from vs_core import PromptError, PromptSettings, VerbalizedDistribution, instruction

AB = xml("a", "b")
LIKELY = (
    "<response><text>one two  three</text><probability>0.9</probability></response>"
    "<response><text>never</text><probability>0.0</probability></response>"
)
SKEWED = (
    "<response><text>rare</text><probability>0.1</probability></response>"
    "<response><text>usual</text><probability>0.4</probability></response>"
)
INSTRUCTION = instruction(PromptSettings(k=2))
ASKED = [
    ChatMessage(role=MessageRole.SYSTEM, content=INSTRUCTION),
    ChatMessage(role=MessageRole.USER, content=QUESTION),
]


class Joke(BaseModel):
    """A joke."""

    setup: str


def around(*script: Any, **settings: Any) -> tuple[ScriptedLLM, VerbalizedSamplingLLM]:
    inner = ScriptedLLM(script=list(script))
    return inner, VerbalizedSamplingLLM(llm=inner, **{"k": 2, **settings})


def user(text: str = QUESTION) -> list[ChatMessage]:
    return [ChatMessage(role=MessageRole.USER, content=text)]


def distribution_of(response: Any) -> VerbalizedDistribution[Any]:
    return VerbalizedDistribution.model_validate(response.raw["verbalized_sampling"])


# --- every way to call it; each gives the text and the whole response ------------------------


async def by_chat(llm: Any, **kwargs: Any) -> tuple[str, Any]:
    response = llm.chat(user(), **kwargs)
    return response.message.content, response


async def by_achat(llm: Any, **kwargs: Any) -> tuple[str, Any]:
    response = await llm.achat(user(), **kwargs)
    return response.message.content, response


async def by_stream_chat(llm: Any, **kwargs: Any) -> tuple[str, Any]:
    items = list(llm.stream_chat(user(), **kwargs))
    return "".join(item.delta for item in items), items[-1]


async def by_astream_chat(llm: Any, **kwargs: Any) -> tuple[str, Any]:
    items = [item async for item in await llm.astream_chat(user(), **kwargs)]
    return "".join(item.delta for item in items), items[-1]


async def by_complete(llm: Any, **kwargs: Any) -> tuple[str, Any]:
    response = llm.complete(QUESTION, **kwargs)
    return response.text, response


async def by_acomplete(llm: Any, **kwargs: Any) -> tuple[str, Any]:
    response = await llm.acomplete(QUESTION, **kwargs)
    return response.text, response


async def by_stream_complete(llm: Any, **kwargs: Any) -> tuple[str, Any]:
    items = list(llm.stream_complete(QUESTION, **kwargs))
    return "".join(item.delta for item in items), items[-1]


async def by_astream_complete(llm: Any, **kwargs: Any) -> tuple[str, Any]:
    items = [item async for item in await llm.astream_complete(QUESTION, **kwargs)]
    return "".join(item.delta for item in items), items[-1]


CHATTING = [by_chat, by_achat, by_stream_chat, by_astream_chat]
COMPLETING = [by_complete, by_acomplete, by_stream_complete, by_astream_complete]
every_way = for_every("call", [*CHATTING, *COMPLETING])


@every_way
async def test_the_answer_is_a_candidate(call: Any) -> None:
    _, llm = around(LIKELY)
    text, _ = await call(llm)
    assert text == "one two  three"


@every_way
async def test_the_whole_response_has_the_whole_text(call: Any) -> None:
    _, llm = around(LIKELY)
    _, response = await call(llm)
    assert str(response).removeprefix("assistant: ") == "one two  three"


@every_way
async def test_the_distribution_is_in_raw(call: Any) -> None:
    _, response = await call(around(LIKELY)[1])
    sampler = VerbalizedSampler(llm=ScriptedLLM(script=[LIKELY]), k=2)
    assert distribution_of(response) == sampler.run(QUESTION)


@every_way
async def test_raw_is_plain_json(call: Any) -> None:
    _, response = await call(around(LIKELY)[1])
    assert json.loads(json.dumps(response.raw)) == response.raw


@every_way
async def test_raw_sums_up_the_usage_of_all_calls(call: Any) -> None:
    _, response = await call(around(xml("a"), xml("b"))[1])
    assert response.raw["usage"] == {
        "prompt_tokens": 2 * INPUT_TOKENS,
        "completion_tokens": 2 * OUTPUT_TOKENS,
        "total_tokens": 2 * (INPUT_TOKENS + OUTPUT_TOKENS),
    }


@every_way
async def test_the_name_of_the_wrapped_model_is_told(call: Any) -> None:
    _, response = await call(around(AB)[1])
    assert response.raw["model"] == "scripted"


@every_way
async def test_the_model_is_asked_for_a_distribution(call: Any) -> None:
    inner, llm = around(AB)
    await call(llm)
    assert inner.calls == [ASKED]


@every_way
async def test_parameters_reach_the_model(call: Any) -> None:
    inner, llm = around(AB)
    await call(llm, temperature=0.3)
    assert inner.kwargs == [{"temperature": 0.3}]


@every_way
async def test_an_unreadable_reply_raises_with_the_reply(call: Any) -> None:
    _, llm = around("I cannot.", "I really cannot.")
    with pytest.raises(VerbalizedSamplingParserError) as caught:
        await call(llm)
    assert caught.value.reply == "I really cannot."


@every_way
async def test_an_unreadable_reply_can_be_the_answer(call: Any) -> None:
    _, llm = around("I cannot.", on_failure="whole_reply", max_reasks=0)
    assert (await call(llm))[0] == "I cannot."


@every_way
async def test_the_models_own_error_comes_through(call: Any) -> None:
    with pytest.raises(ModelDownError):
        await call(around(ModelDownError())[1])


@every_way
async def test_each_draw_goes_out_as_an_event(call: Any) -> None:
    with listening() as events:
        _, response = await call(around(AB)[1])
    told = events.of(VerbalizedSamplingEvent)
    assert [(event.component, event.query, event.distribution) for event in told] == [
        ("VerbalizedSamplingLLM", QUESTION, distribution_of(response))
    ]


@for_every("call", CHATTING)
async def test_the_message_has_nothing_that_would_be_sent_back(call: Any) -> None:
    _, response = await call(around(LIKELY)[1])
    plain = ChatMessage(role=MessageRole.ASSISTANT, content="one two  three")
    assert response.message == plain


def test_a_model_that_reports_no_usage_leaves_none() -> None:
    class Silent(ScriptedLLM):
        def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
            return ChatResponse(message=super().chat(messages).message)

    response = VerbalizedSamplingLLM(llm=Silent(script=[AB]), k=2).chat(user())
    assert "usage" not in (response.raw or {"usage": "lost"})


# --- the draw ---------------------------------------------------------------------------------


def answers(n: int, **settings: Any) -> Counter[str]:
    llm = around(*[SKEWED] * n, **settings)[1]
    return Counter(llm.complete(QUESTION).text for _ in range(n))


def test_each_call_draws_afresh() -> None:
    assert set(answers(150)) == {"rare", "usual"}


def test_best_takes_the_most_probable() -> None:
    assert set(answers(30, select="best")) == {"usual"}


def test_a_seed_fixes_the_draw() -> None:
    assert len(answers(30, seed=3)) == 1


def test_different_seeds_draw_differently() -> None:
    assert len({next(iter(answers(1, seed=seed))) for seed in range(40)}) == 2


def test_a_low_draw_temperature_sharpens() -> None:
    assert set(answers(50, draw_temperature=0.01)) == {"usual"}


def test_uniform_gives_each_the_same_chance() -> None:
    assert 100 < answers(400, uniform=True)["rare"] < 300


def test_a_typed_candidate_is_answered_as_json() -> None:
    reply = '{"responses": [{"response": {"setup": "Why?"}, "probability": 0.3}]}'
    _, llm = around(reply, k=1, value_schema=Joke)
    assert json.loads(llm.complete(QUESTION).text) == {"setup": "Why?"}


def test_braces_come_through() -> None:
    _, llm = around(xml("{a} {{b}} %s"), k=1)
    assert llm.complete("What is {x}?").text == "{a} {{b}} %s"


# --- settings ---------------------------------------------------------------------------------


@for_every(
    "wrong",
    [{"select": "worst"}, {"draw_temperature": 0.0}, {"k": 0}, {"num_workers": 0}, {"x": 1}],
)
def test_a_wrong_setting_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        around(AB, **wrong)


@pytest.mark.parametrize("llm", [None, "gpt-4o", {"model": "gpt-4o"}])
def test_what_is_no_model_is_refused(llm: Any) -> None:
    with pytest.raises(ValidationError, match=r"pass the LlamaIndex model to wrap\. Settings\.llm"):
        VerbalizedSamplingLLM(llm=llm)


def test_a_model_must_be_given_whatever_the_settings_say(monkeypatch: Any) -> None:
    monkeypatch.setattr(Settings, "_llm", ScriptedLLM(script=[]))
    with pytest.raises(ValidationError, match=r"llm\n  Field required"):
        VerbalizedSamplingLLM.model_validate({})


def test_a_model_that_cannot_shape_replies_is_refused_at_construction() -> None:
    with pytest.raises(ValidationError, match="SimulatedLLM does not"):
        VerbalizedSamplingLLM(llm=SimulatedLLM(), structured_output="function_calling")


def test_a_model_that_already_verbalizes_is_refused() -> None:
    parser = VerbalizedSamplingOutputParser(select="sample")
    with pytest.raises(ValidationError, match="within each candidate"):
        VerbalizedSamplingLLM(llm=ScriptedLLM(script=[], output_parser=parser))


def test_around_another_it_asks_once() -> None:
    inner, llm = around(AB, k=3)
    VerbalizedSamplingLLM(llm=llm, k=2).complete(QUESTION)
    assert inner.calls == [ASKED]


def test_in_a_component_it_is_unwrapped() -> None:
    inner, llm = around(AB, k=3)
    assert VerbalizedSampler(llm=llm, k=2).run(QUESTION).texts == ["a", "b"]
    assert inner.calls == [ASKED]


def test_an_empty_prompt_is_refused_before_any_call() -> None:
    inner, llm = around(AB)
    with pytest.raises(PromptError):
        llm.complete(" ")
    assert inner.calls == []


def test_its_name() -> None:
    assert VerbalizedSamplingLLM.class_name() == "VerbalizedSamplingLLM"


@pytest.mark.parametrize("show", [repr, str, lambda llm: llm.to_json()])
def test_keys_are_not_shown(show: Any) -> None:
    llm = VerbalizedSamplingLLM(llm=OpenAI(model="gpt-4o-mini", api_key="sk-secret"))
    assert "sk-secret" not in show(llm)


def test_the_settings_survive_a_dump() -> None:
    inner, llm = around(AB, seed=3)
    assert VerbalizedSamplingLLM.from_dict(llm.to_dict(), llm=inner).to_dict() == llm.to_dict()


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, copy.copy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_a_copy_answers_as_well(copied: Any) -> None:
    llm = copied(VerbalizedSamplingLLM(llm=SimulatedLLM(seed=1), k=3))
    assert len(distribution_of(llm.complete("Roll a die."))) == 3


def test_a_model_that_cannot_be_pickled_is_not_lost_silently() -> None:
    class Local(ScriptedLLM):
        """Pickle finds no class inside a function."""

    with pytest.raises((AttributeError, pickle.PicklingError), match="Local"):
        pickle.dumps(VerbalizedSamplingLLM(llm=Local(script=[])))


# --- what is sent, and when -------------------------------------------------------------------


def test_roles_and_blocks_are_kept() -> None:
    picture = ImageBlock(url="https://example.org/cup.png")
    conversation = [
        ChatMessage(role=MessageRole.SYSTEM, content="Be brief."),
        ChatMessage(role=MessageRole.USER, content="Hello"),
        ChatMessage(role=MessageRole.ASSISTANT, content="Hi"),
        ChatMessage(role=MessageRole.USER, blocks=[TextBlock(text="What is it?"), picture]),
    ]
    inner, llm = around(AB)
    llm.chat(conversation)
    system = ChatMessage(role=MessageRole.SYSTEM, content=f"Be brief.\n\n{INSTRUCTION}")
    assert inner.calls == [[system, *conversation[1:]]]


def test_the_messages_given_stay_as_they_are() -> None:
    conversation = [ChatMessage(role=MessageRole.SYSTEM, content="Be brief."), *user()]
    before = copy.deepcopy(conversation)
    around(AB)[1].chat(conversation)
    assert conversation == before


def test_the_stream_comes_word_by_word() -> None:
    items = list(around(LIKELY)[1].stream_chat(user()))
    assert [(item.delta, item.message.content) for item in items] == [
        ("one ", "one "),
        ("two  ", "one two  "),
        ("three", "one two  three"),
    ]


def test_only_the_last_item_has_raw() -> None:
    items = list(around(LIKELY)[1].stream_chat(user()))
    assert [item.raw is None for item in items] == [True, True, False]


class MeetingLLM(ScriptedLLM):
    """Answers only when as many calls are under way as there are replies, and never blocks."""

    _all_there: Any = PrivateAttr(default_factory=asyncio.Event)

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        raise AssertionError("this would block")

    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        response: ChatResponse = await super().achat(messages, **kwargs)
        if len(self.calls) == len(self.script):
            self._all_there.set()
        await asyncio.wait_for(self._all_there.wait(), timeout=20)
        return response


@for_every("call", [by_achat, by_astream_chat, by_acomplete, by_astream_complete])
async def test_async_calls_do_not_wait_for_each_other(call: Any) -> None:
    llm = VerbalizedSamplingLLM(llm=MeetingLLM(script=[AB] * 3), k=2)
    assert len(await asyncio.gather(*[call(llm) for _ in range(3)])) == 3
