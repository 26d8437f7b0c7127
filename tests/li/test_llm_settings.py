"""What LlamaIndex sets on a model, tells its callbacks, and traces, with a model around it."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from llama_index.core.base.llms.types import (
    ChatMessage,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
)
from llama_index.core.callbacks import CallbackManager, TokenCountingHandler
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.llms.custom import CustomLLM
from llama_index.core.output_parsers import PydanticOutputParser
from llama_index.core.prompts import ChatPromptTemplate, PromptTemplate
from llama_index.core.settings import Settings
from llama_index.core.types import PydanticProgramMode
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.span_handlers import SimpleSpanHandler
from pydantic import BaseModel, PrivateAttr, ValidationError

from llamaindex_vs import VerbalizedSampler, VerbalizedSamplingLLM
from tests.every import for_every
from tests.li.models import INPUT_TOKENS, OUTPUT_TOKENS, ScriptedLLM
from tests.scenarios import QUESTION, xml
from vs_core import PromptSettings, instruction

AB = xml("a", "b")
INSTRUCTION = instruction(PromptSettings(k=2))
ABOUT = PromptTemplate("Tell me about {topic}.")
CHAT = ChatPromptTemplate([ChatMessage(role="user", content="Tell me about {topic}.")])


class City(BaseModel):
    """A city."""

    name: str


class CompletionLLM(CustomLLM):
    """A model for completion only; it gives one reply and keeps its prompts."""

    reply: str

    _prompts: list[str] = PrivateAttr(default_factory=list)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="completion")

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self._prompts.append(prompt)
        return CompletionResponse(text=self.reply)

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        def items() -> CompletionResponseGen:
            yield self.complete(prompt, formatted=formatted, **kwargs)

        return items()


def around(*script: Any, **settings: Any) -> tuple[ScriptedLLM, VerbalizedSamplingLLM]:
    inner = ScriptedLLM(script=list(script), **settings)
    return inner, VerbalizedSamplingLLM(llm=inner, k=2)


# --- predictions ------------------------------------------------------------------------------


async def by_predict(llm: Any, prompt: Any = ABOUT, **variables: Any) -> str:
    return str(llm.predict(prompt, **variables))


async def by_apredict(llm: Any, prompt: Any = ABOUT, **variables: Any) -> str:
    return str(await llm.apredict(prompt, **variables))


async def by_stream(llm: Any, prompt: Any = ABOUT, **variables: Any) -> str:
    return "".join(llm.stream(prompt, **variables))


async def by_astream(llm: Any, prompt: Any = ABOUT, **variables: Any) -> str:
    return "".join([word async for word in await llm.astream(prompt, **variables)])


Predict = Callable[..., Awaitable[str]]
every_way = pytest.mark.parametrize("predict", [by_predict, by_apredict, by_stream, by_astream])
both_ways = pytest.mark.parametrize("predict", [by_predict, by_apredict])


@every_way
async def test_a_prediction_is_a_draw(predict: Predict) -> None:
    assert await predict(around(AB)[1], topic="coffee") in {"a", "b"}


@every_way
async def test_the_system_prompt_is_said_once(predict: Predict) -> None:
    inner, llm = around(AB, system_prompt="Be brief.")
    await predict(llm, topic="coffee")
    assert [(m.role.value, m.content) for m in inner.calls[0]] == [
        ("system", f"Be brief.\n\n{INSTRUCTION}"),
        ("user", "Tell me about coffee."),
    ]


@every_way
async def test_a_system_prompt_set_later_is_said(predict: Predict) -> None:
    inner, llm = around(AB)
    inner.system_prompt = "Be brief."
    await predict(llm, topic="coffee")
    assert str(inner.calls[0][0].content).startswith("Be brief.")


def test_a_chat_is_sent_without_the_system_prompt_as_with_the_wrapped_model() -> None:
    inner, llm = around(AB, system_prompt="Be brief.")
    llm.complete(QUESTION)
    assert inner.calls[0][0].content == INSTRUCTION


@both_ways
async def test_the_wrapped_models_output_parser_reads_the_candidate(predict: Predict) -> None:
    parser: Any = PydanticOutputParser(City)
    inner, llm = around(xml('{"name": "Oslo"}', '{"name": "Oslo"}'), output_parser=parser)
    assert await predict(llm, topic="coffee") == "name='Oslo'"
    assert "JSON schema" in str(inner.calls[0][-1].content)


@pytest.mark.parametrize("predict", [by_stream, by_astream])
async def test_there_is_no_stream_through_an_output_parser(predict: Predict) -> None:
    parser: Any = PydanticOutputParser(City)
    with pytest.raises(NotImplementedError, match="Output parser"):
        await predict(around(AB, output_parser=parser)[1], topic="coffee")


@every_way
async def test_braces_in_variables_survive(predict: Predict) -> None:
    inner, llm = around(AB)
    await predict(llm, topic="{curly} {{braces}}")
    assert inner.calls[0][-1].content == "Tell me about {curly} {{braces}}."


# --- a model for completion only --------------------------------------------------------------


def tagged(messages: Sequence[ChatMessage]) -> str:
    return "".join(f"<{m.role.value}>{m.content}</{m.role.value}>" for m in messages)


def completing() -> tuple[CompletionLLM, VerbalizedSamplingLLM]:
    inner = CompletionLLM(reply=AB, messages_to_prompt=tagged, system_prompt="Be brief.")
    return inner, VerbalizedSamplingLLM(llm=inner, k=2)


@every_way
@for_every("prompt", [ABOUT, CHAT], ids=["string", "chat"])
async def test_its_template_is_applied_once(predict: Predict, prompt: Any) -> None:
    inner, llm = completing()
    assert await predict(llm, prompt, topic="coffee") in {"a", "b"}
    system = f"<system>Be brief.\n\n{INSTRUCTION}</system>"
    assert inner._prompts == [f"{system}<user>Tell me about coffee.</user>"]


def test_it_completes_a_prompt() -> None:
    inner, llm = completing()
    assert llm.complete(QUESTION).text in {"a", "b"}
    assert inner._prompts == [f"<system>{INSTRUCTION}</system><user>{QUESTION}</user>"]


def test_it_takes_messages() -> None:
    assert completing()[1].metadata.is_chat_model


# --- settings ---------------------------------------------------------------------------------


def test_the_metadata_are_the_wrapped_models() -> None:
    inner, llm = around()
    excluded = {"context_window"}
    assert llm.metadata.model_dump(exclude=excluded) == inner.metadata.model_dump(exclude=excluded)


def test_the_metadata_leave_room_for_the_instruction() -> None:
    inner, llm = around()
    asked = len(Settings.tokenizer(INSTRUCTION))
    assert asked <= inner.metadata.context_window - llm.metadata.context_window < asked + 20


def test_what_is_set_on_it_is_set_on_the_wrapped_model() -> None:
    inner, llm = around()
    llm.pydantic_program_mode = PydanticProgramMode.LLM
    assert inner.pydantic_program_mode == PydanticProgramMode.LLM


def test_what_is_set_on_the_wrapped_model_is_seen_on_it() -> None:
    inner, llm = around()
    inner.callback_manager = CallbackManager()
    assert llm.callback_manager is inner.callback_manager


@pytest.mark.parametrize(
    "setting",
    [{"system_prompt": "Be brief."}, {"callback_manager": CallbackManager()}],
    ids=["system_prompt", "callback_manager"],
)
def test_what_is_the_wrapped_models_is_not_taken(setting: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="is the wrapped model's: set it there"):
        VerbalizedSamplingLLM(llm=ScriptedLLM(script=[]), **setting)


def test_it_can_be_a_field_of_a_component() -> None:
    class Component(BaseModel):
        llm: VerbalizedSamplingLLM

    llm = around()[1]
    assert Component(llm=llm).llm is llm


def test_a_deep_copy_has_a_wrapped_model_of_its_own() -> None:
    llm = VerbalizedSamplingLLM(llm=CompletionLLM(reply=AB))
    copied = copy.deepcopy(llm)
    copied.system_prompt = "Be brief."
    assert llm.system_prompt is None


# --- callbacks --------------------------------------------------------------------------------


async def by_chat(llm: Any) -> None:
    llm.chat([ChatMessage(content=QUESTION)])


async def by_achat(llm: Any) -> None:
    await llm.achat([ChatMessage(content=QUESTION)])


async def by_stream_chat(llm: Any) -> None:
    list(llm.stream_chat([ChatMessage(content=QUESTION)]))


async def by_astream_chat(llm: Any) -> None:
    assert [item async for item in await llm.astream_chat([ChatMessage(content=QUESTION)])]


async def by_complete(llm: Any) -> None:
    llm.complete(QUESTION)


async def by_stream_complete(llm: Any) -> None:
    list(llm.stream_complete(QUESTION))


CALLS = [by_chat, by_achat, by_stream_chat, by_astream_chat, by_complete, by_stream_complete]
PREDICTIONS = [by_predict, by_apredict, by_stream, by_astream]


@for_every("call", [*CALLS, *PREDICTIONS])
async def test_tokens_are_counted_once_for_each_call_of_the_model(call: Any) -> None:
    counter = TokenCountingHandler()
    manager = CallbackManager([counter])
    await call(around(xml("a"), xml("b"), callback_manager=manager)[1])
    assert [count.total_token_count for count in counter.llm_token_counts] == [
        INPUT_TOKENS + OUTPUT_TOKENS,
        INPUT_TOKENS + OUTPUT_TOKENS,
    ]


def test_so_they_are_where_the_model_reports_none_and_tokens_are_estimated() -> None:
    counts = []
    for kind in (VerbalizedSampler, VerbalizedSamplingLLM):
        counter = TokenCountingHandler()
        inner = CompletionLLM(reply=AB, callback_manager=CallbackManager([counter]))
        model = kind(llm=inner, k=2)
        model.run(QUESTION) if isinstance(model, VerbalizedSampler) else model.complete(QUESTION)
        counts.append(counter.total_llm_token_count)
    assert counts[0] == counts[1] > 0


def test_a_handler_in_the_settings_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = TokenCountingHandler()
    monkeypatch.setattr(Settings, "_callback_manager", CallbackManager([counter]))
    monkeypatch.setattr(Settings, "_llm", around(AB)[1])
    Settings.llm.complete(QUESTION)
    assert counter.total_llm_token_count == INPUT_TOKENS + OUTPUT_TOKENS


# --- spans ------------------------------------------------------------------------------------


@for_every(
    ("call", "name"),
    [
        (by_chat, "chat"),
        (by_achat, "achat"),
        (by_stream_chat, "stream_chat"),
        (by_astream_chat, "astream_chat"),
        (by_complete, "complete"),
        (by_stream_complete, "stream_complete"),
    ],
)
async def test_the_models_call_is_nested_in_ours(call: Any, name: str) -> None:
    handler, dispatcher = SimpleSpanHandler(), get_dispatcher()
    dispatcher.add_span_handler(handler)
    try:
        await call(around(AB)[1])
    finally:
        dispatcher.span_handlers.remove(handler)
    inner, outer = handler.completed_spans
    assert outer.id_.startswith(f"VerbalizedSamplingLLM.{name}-")
    assert inner.id_.startswith("ScriptedLLM.")
    assert inner.parent_id == outer.id_
