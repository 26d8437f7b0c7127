"""The sampler as a citizen of LlamaIndex."""

from __future__ import annotations

import asyncio
import copy
import pickle
import threading
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import pytest
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseAsyncGen,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    ImageBlock,
    LLMMetadata,
    MessageRole,
    TextBlock,
    ThinkingBlock,
)
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from llama_index.core.llms.custom import CustomLLM
from llama_index.core.output_parsers.base import OutputParserException
from llama_index.core.schema import QueryBundle
from llama_index.core.settings import Settings
from pydantic import PrivateAttr, ValidationError

from llamaindex_vs import SimulatedLLM, VerbalizedSampler, VerbalizedSamplingParserError
from tests.every import for_every
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, ModelDownError, xml
from vs_core import NoCandidatesError, PromptError, PromptSettings, instruction

AB = xml("a", "b")
INSTRUCTION = instruction(PromptSettings(k=2))
PIXEL = "data:image/png;base64,iVBORw0KGgo="


class CompletingLLM(CustomLLM):
    """A model that only completes a text."""

    reply: str

    _prompts: list[str] = PrivateAttr(default_factory=list)

    @property
    def prompts(self) -> list[str]:
        return self._prompts

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="completing", is_chat_model=False)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self._prompts.append(prompt)
        return CompletionResponse(text=self.reply)

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        def responses() -> CompletionResponseGen:
            for end in range(1, len(self.reply) + 1):
                yield CompletionResponse(text=self.reply[:end], delta=self.reply[end - 1])

        self._prompts.append(prompt)
        return responses()


class CrowdedLLM(SimulatedLLM):
    """Counts how many of its calls run at a time; each waits until as many as expected do."""

    expected: int

    _running: int = PrivateAttr(default=0)
    _most: int = PrivateAttr(default=0)
    _changed: Any = PrivateAttr(default_factory=threading.Condition)

    @property
    def most(self) -> int:
        return self._most

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        with self._changed:
            self._running += 1
            self._most = max(self._most, self._running)
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._most >= self.expected, timeout=10)
            # A moment in which one too many would show itself.
            self._changed.wait(0.02)
            self._running -= 1
        return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=AB))

    @llm_chat_callback()
    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        self._running += 1
        self._most = max(self._most, self._running)
        await asyncio.sleep(0.02)
        self._running -= 1
        return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=AB))


def scripted(*script: Any, **settings: Any) -> tuple[ScriptedLLM, VerbalizedSampler]:
    model = ScriptedLLM(script=list(script), system_prompt=settings.pop("system_prompt", None))
    return model, VerbalizedSampler(llm=model, **{"k": 2, **settings})


@pytest.fixture(autouse=True)
def settings_llm(monkeypatch: pytest.MonkeyPatch) -> ScriptedLLM:
    """A model in `Settings` for each test, gone afterwards."""
    model = ScriptedLLM(script=[AB] * 4)
    monkeypatch.setattr(Settings, "_llm", model)
    return model


# --- what reaches the model ---------------------------------------------------------------


def test_the_instruction_is_a_system_message_of_its_own() -> None:
    model, vs = scripted(AB)
    vs.run(QUESTION)
    assert model.calls[0] == [
        ChatMessage(role=MessageRole.SYSTEM, content=INSTRUCTION),
        ChatMessage(role=MessageRole.USER, content=QUESTION),
    ]


def test_an_existing_system_message_is_kept_in_front() -> None:
    model, vs = scripted(AB)
    vs.run([ChatMessage(role="system", content="You are a barista."), ChatMessage(QUESTION)])
    assert [m.content for m in model.calls[0]] == [f"You are a barista.\n\n{INSTRUCTION}", QUESTION]


def test_a_developer_message_is_a_system_message() -> None:
    model, vs = scripted(AB)
    vs.run([ChatMessage(role="developer", content="You are a barista."), ChatMessage(QUESTION)])
    assert [m.role for m in model.calls[0]] == [MessageRole.DEVELOPER, MessageRole.USER]


def test_the_models_own_system_prompt_is_respected() -> None:
    model, vs = scripted(AB, system_prompt="You are a barista.")
    vs.run(QUESTION)
    assert [m.content for m in model.calls[0]] == [f"You are a barista.\n\n{INSTRUCTION}", QUESTION]


@for_every(
    "prompt",
    [
        QUESTION,
        QueryBundle(QUESTION),
        ChatMessage(QUESTION),
        [ChatMessage(QUESTION)],
        (ChatMessage(QUESTION),),
    ],
    ids=lambda prompt: type(prompt).__name__,
)
def test_a_prompt_may_be_anything_that_asks(prompt: Any) -> None:
    model, vs = scripted(AB)
    vs.run(prompt)
    assert model.calls[0][1:] == [ChatMessage(QUESTION)]


@for_every(
    "text",
    [
        "What does {this} and {{that}} mean in $name?",
        "Explain <response><text>tags</text></response> & entities &amp; such.",
        '{"responses": [{"text": "a"}]}',
        "  leading and trailing white space\n",
    ],
)
def test_user_text_reaches_the_model_unchanged(text: str) -> None:
    model, vs = scripted(AB)
    vs.run(text)
    assert model.calls[0][-1].content == text


def test_images_reach_the_model_unchanged() -> None:
    message = ChatMessage(blocks=[TextBlock(text="Describe this."), ImageBlock(url=PIXEL)])
    model, vs = scripted(AB)
    vs.run([message])
    assert model.calls[0][-1] == message


def test_images_stay_beside_an_instruction_in_the_user_message() -> None:
    image = ImageBlock(url=PIXEL)
    model, vs = scripted(AB, placement="user")
    vs.run(ChatMessage(blocks=[TextBlock(text="Describe this."), image]))
    [message] = model.calls[0]
    assert message.blocks[1:] == [TextBlock(text="Describe this."), image]
    assert INSTRUCTION in str(message.content)


def test_the_users_own_messages_are_not_changed() -> None:
    messages = [ChatMessage(role="system", content="You are a barista."), ChatMessage(QUESTION)]
    before = copy.deepcopy(messages)
    scripted(AB)[1].run(messages)
    assert messages == before


async def test_further_arguments_reach_the_model_in_every_way() -> None:
    model, vs = scripted(AB, AB, AB, AB)
    vs.run(QUESTION, stop=["END"])
    await vs.arun(QUESTION, stop=["END"])
    list(vs.stream(QUESTION, stop=["END"]))
    assert [chunk async for chunk in vs.astream(QUESTION, stop=["END"])]
    assert model.kwargs == [{"stop": ["END"]}] * 4


# --- inputs that cannot be sent -------------------------------------------------------------

NO_PROMPTS = [
    "",
    "  \n",
    [],
    None,
    {"question": QUESTION},
    [QUESTION],
    42,
    QueryBundle(""),
    ChatMessage(""),
    ChatMessage(),
]


@for_every("wrong", NO_PROMPTS, ids=repr)
def test_what_asks_nothing_is_refused_before_any_call(wrong: Any) -> None:
    model, vs = scripted(AB)
    with pytest.raises(PromptError, match="the prompt is"):
        vs.run(wrong)
    assert model.calls == []


@for_every("wrong", NO_PROMPTS, ids=repr)
async def test_what_asks_nothing_is_refused_when_streaming_too(wrong: Any) -> None:
    model, vs = scripted(AB)
    with pytest.raises(PromptError, match="the prompt is"):
        await anext(vs.astream(wrong))
    assert model.calls == []


@for_every(
    ("wrong", "allowed"),
    [
        ({"k": 0}, "greater than or equal to 1"),
        ({"max_probability": 1.5}, "less than or equal to 1"),
        ({"method": "standrad"}, "'standard'"),
        ({"layout": "yaml"}, "'xml'"),
        ({"max_topups": -1}, "greater than or equal to 0"),
        ({"num_workers": 0}, "greater than or equal to 1"),
        ({"on_failure": "ignore"}, "'raise', 'whole_reply' or 'nothing'"),
        ({"instructions": " "}, "instructions is blank"),
        ({"temperatur": 0.5}, "not permitted"),
        ({"llm": "gpt"}, "instance of LLM"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_bad_setting_is_refused_at_construction(wrong: dict[str, Any], allowed: str) -> None:
    with pytest.raises(ValidationError, match=allowed):
        VerbalizedSampler(**{"llm": SimulatedLLM(), **wrong})


# --- failure ----------------------------------------------------------------------------------


def test_an_unreadable_reply_is_an_output_parser_exception_with_the_reply() -> None:
    _, vs = scripted("No.", "Never.")
    with pytest.raises(OutputParserException) as failure:
        vs.run(QUESTION)
    assert isinstance(failure.value, VerbalizedSamplingParserError)
    assert failure.value.reply == "Never."


def test_the_same_error_is_one_of_the_core() -> None:
    _, vs = scripted("No.", "Never.")
    with pytest.raises(NoCandidatesError) as failure:
        vs.run(QUESTION)
    assert failure.value.reply == "Never."


def test_the_error_says_the_same_after_two_pickles() -> None:
    error = VerbalizedSamplingParserError("nothing", reply="No.")
    again = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(error))))
    assert type(again) is VerbalizedSamplingParserError
    assert (str(again), again.reply) == (str(error), "No.")


def test_the_error_of_a_failed_second_attempt_is_its_cause() -> None:
    _, vs = scripted("No.", ModelDownError("overloaded"))
    with pytest.raises(VerbalizedSamplingParserError) as failure:
        vs.run(QUESTION)
    assert isinstance(failure.value.__cause__, ModelDownError)


async def test_one_failing_query_leaves_the_others() -> None:
    model = ScriptedLLM(script=[], responder=lambda m: "No." if m[-1].content == "bad" else AB)
    vs = VerbalizedSampler(llm=model, k=2, max_reasks=0)
    good, bad = await asyncio.gather(vs.arun("good"), vs.arun("bad"), return_exceptions=True)
    assert not isinstance(good, BaseException)
    assert good.texts == ["a", "b"]
    assert isinstance(bad, VerbalizedSamplingParserError)


# --- any model --------------------------------------------------------------------------------


async def test_a_model_that_only_completes_works_in_every_way() -> None:
    model = CompletingLLM(reply=AB)
    vs = VerbalizedSampler(llm=model, k=2)
    assert vs.run(QUESTION).texts == ["a", "b"]
    assert (await vs.arun(QUESTION)).texts == ["a", "b"]
    assert [chunk.texts for chunk in vs.stream(QUESTION)] == [["a"], ["b"], []]
    assert [chunk.texts async for chunk in vs.astream(QUESTION)] == [["a"], ["b"], []]
    assert all(INSTRUCTION in prompt and QUESTION in prompt for prompt in model.prompts)


def test_a_reply_without_content_is_asked_for_again() -> None:
    empty = ChatMessage(role=MessageRole.ASSISTANT, blocks=[])
    assert empty.content is None
    model, vs = scripted(empty, AB)
    assert vs.run(QUESTION).texts == ["a", "b"]
    assert len(model.calls) == 2


def test_replies_without_content_end_in_an_error() -> None:
    empty = ChatMessage(role=MessageRole.ASSISTANT, blocks=[])
    with pytest.raises(VerbalizedSamplingParserError):
        scripted(empty, empty)[1].run(QUESTION)


def test_reasoning_blocks_are_not_read() -> None:
    blocks = [ThinkingBlock(content=xml("draft")), TextBlock(text=AB)]
    _, vs = scripted(ChatMessage(role=MessageRole.ASSISTANT, blocks=blocks))
    assert vs.run(QUESTION).texts == ["a", "b"]


def test_no_model_means_the_one_in_settings(settings_llm: ScriptedLLM) -> None:
    assert VerbalizedSampler(k=2).run(QUESTION).texts == ["a", "b"]
    assert len(settings_llm.calls) == 1


async def test_the_model_in_settings_is_looked_up_at_each_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vs, texts = VerbalizedSampler(k=1), ["one", "two", "three", "four"]
    models = iter([ScriptedLLM(script=[xml(text)]) for text in texts])

    def change() -> None:
        monkeypatch.setattr(Settings, "_llm", next(models))

    change()
    found = [vs.run(QUESTION)]
    change()
    found.append(await vs.arun(QUESTION))
    change()
    found.append(next(vs.stream(QUESTION)))
    change()
    found.append(await anext(vs.astream(QUESTION)))
    assert [distribution.texts for distribution in found] == [[text] for text in texts]


# --- calls that do not depend on each other ------------------------------------------------------

SPREAD = [
    {"method": "direct", "k": 7},
    {"k": 14, "per_call": 2, "split": "parallel"},
]
by_spread = pytest.mark.parametrize("settings", SPREAD, ids=["direct", "parallel"])


@by_spread
def test_as_many_calls_run_at_a_time_as_there_are_workers(settings: dict[str, Any]) -> None:
    model = CrowdedLLM(expected=3)
    VerbalizedSampler(llm=model, num_workers=3, **settings).run(QUESTION)
    assert model.most == 3


@by_spread
async def test_as_many_async_calls_run_at_a_time_as_there_are_workers(
    settings: dict[str, Any],
) -> None:
    model = CrowdedLLM(expected=3)
    await VerbalizedSampler(llm=model, num_workers=3, **settings).arun(QUESTION)
    assert model.most == 3


# --- streaming --------------------------------------------------------------------------------


def test_each_candidate_is_streamed_when_it_is_finished() -> None:
    _, vs = scripted(AB)
    assert [chunk.texts for chunk in vs.stream(QUESTION)] == [["a"], ["b"], []]


def test_a_candidate_arrives_before_the_model_has_gone_on() -> None:
    model, vs = scripted(AB)
    stream = vs.stream(QUESTION)
    assert next(stream).texts == ["a"]
    assert model.closed == 0
    stream.close()


def test_a_stream_left_early_closes_the_models_stream() -> None:
    model, vs = scripted(AB)
    stream = vs.stream(QUESTION)
    next(stream)
    stream.close()
    assert model.closed == 1


async def test_an_async_stream_left_early_closes_the_models_stream() -> None:
    model, vs = scripted(AB)
    stream = vs.astream(QUESTION)
    await anext(stream)
    await stream.aclose()
    # LlamaIndex leaves its own inner generators to the event loop, which closes them soon.
    for _ in range(200):
        if model.closed:
            break
        await asyncio.sleep(0.01)
    assert model.closed == 1


class KeepingLLM(ScriptedLLM):
    """Keeps the streams that it gives away, so that only an explicit close ends them."""

    _given: list[Any] = PrivateAttr(default_factory=list)

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        self._given.append(self._responses(messages, kwargs))
        return self._given[-1]  # type: ignore[no-any-return]

    async def astream_chat(
        self, messages: Sequence[ChatMessage], **kwargs: Any
    ) -> ChatResponseAsyncGen:
        async def responses() -> ChatResponseAsyncGen:
            with closing(self._responses(messages, kwargs)) as given:
                for response in given:
                    yield response

        self._given.append(responses())
        return self._given[-1]  # type: ignore[no-any-return]


async def test_a_models_stream_is_closed_at_once_and_not_only_forgotten() -> None:
    model = KeepingLLM(script=[AB, AB])
    vs = VerbalizedSampler(llm=model, k=2)
    stream, astream = vs.stream(QUESTION), vs.astream(QUESTION)
    next(stream)
    stream.close()
    assert model.closed == 1
    await anext(astream)
    await astream.aclose()
    assert model.closed == 2


def test_nothing_is_asked_before_the_stream_is_read() -> None:
    model, vs = scripted(AB)
    vs.stream(QUESTION)
    assert model.calls == []
