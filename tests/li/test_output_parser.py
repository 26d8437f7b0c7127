"""The parser alone, on a model, and in a program."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import pytest
from llama_index.core.base.llms.types import (
    ChatMessage,
    CompletionResponse,
    CompletionResponseGen,
    ImageBlock,
    LLMMetadata,
    MessageRole,
    TextBlock,
)
from llama_index.core.llms.custom import CustomLLM
from llama_index.core.output_parsers.base import OutputParserException
from llama_index.core.program import LLMTextCompletionProgram
from llama_index.core.prompts import ChatPromptTemplate, PromptTemplate
from pydantic import BaseModel, PrivateAttr, ValidationError

from llamaindex_vs import (
    VerbalizedSampler,
    VerbalizedSamplingOutputParser,
    VerbalizedSamplingParserError,
)
from tests.every import for_every
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, xml
from vs_core import NoCandidatesError, PromptSettings, VerbalizedDistribution, instruction

AB = xml("a", "b")
SKEWED = '{"rare": 0.1, "usual": 0.4}'
INSTRUCTION = instruction(PromptSettings())
STRING = PromptTemplate("Tell me about {topic}.")
CHAT = ChatPromptTemplate(
    [
        ChatMessage(role="system", content="Be brief."),
        ChatMessage(role="user", content="Tell me about {topic}."),
    ]
)
PLACED = [("system", f"Be brief.\n\n{INSTRUCTION}"), ("user", "Tell me about {curly}.")]
IN_FRONT = [("user", f"{INSTRUCTION}\n\nTell me about {{curly}}.")]


class Joke(BaseModel):
    """A joke."""

    setup: str


def said(messages: list[ChatMessage]) -> list[tuple[str, str | None]]:
    return [(message.role.value, message.content) for message in messages]


# --- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [AB, '{"a": 0.1, "b": 0.1}', "1. (0.1) a\n2. (0.1) b"])
def test_a_reply_in_any_layout_gives_the_distribution(reply: str) -> None:
    found = VerbalizedSamplingOutputParser().parse(reply)
    assert isinstance(found, VerbalizedDistribution)
    assert [(c.text, c.stated) for c in found] == [("a", 0.1), ("b", 0.1)]


def test_it_reads_as_the_sampler_does() -> None:
    sampler = VerbalizedSampler(llm=ScriptedLLM(script=[AB]), k=2, method="cot")
    found = VerbalizedSamplingOutputParser(k=2, method="cot").parse(AB)
    assert isinstance(found, VerbalizedDistribution)
    told = {"model", "input_tokens", "output_tokens"}
    assert found.model_dump(exclude={"trace": told}) == sampler.run(QUESTION).model_dump(
        exclude={"trace": told}
    )


def test_texts_are_left_as_they_are() -> None:
    found = VerbalizedSamplingOutputParser(select="best").parse(xml("{a} {{b}} %s"))
    assert found == "{a} {{b}} %s"


def test_values_follow_the_schema() -> None:
    parser = VerbalizedSamplingOutputParser(value_schema=Joke)
    found = parser.parse('{"responses": [{"response": {"setup": "Why?"}, "probability": 0.3}]}')
    assert isinstance(found, VerbalizedDistribution)
    assert found.values == [Joke(setup="Why?")]


def test_a_direct_reply_is_one_candidate() -> None:
    assert VerbalizedSamplingOutputParser(method="direct", select="best").parse(" 1. a ") == "1. a"


def draws(n: int, **settings: Any) -> Counter[Any]:
    parser = VerbalizedSamplingOutputParser(**settings)
    return Counter(parser.parse(SKEWED) for _ in range(n))


def test_best_gives_the_most_probable_text() -> None:
    assert set(draws(30, select="best")) == {"usual"}


def test_sample_draws_afresh_each_time() -> None:
    assert set(draws(150, select="sample")) == {"rare", "usual"}


def test_a_seed_fixes_each_draw() -> None:
    assert len(draws(30, select="sample", seed=3)) == 1


@pytest.mark.parametrize("select", [None, "best", "sample"])
def test_an_unreadable_reply_raises_with_the_reply(select: Any) -> None:
    with pytest.raises(VerbalizedSamplingParserError) as caught:
        VerbalizedSamplingOutputParser(select=select).parse("I cannot help with that.")
    assert caught.value.reply == "I cannot help with that."


@pytest.mark.parametrize("kind", [OutputParserException, NoCandidatesError])
def test_the_error_is_llamaindexs_and_ours(kind: type[Exception]) -> None:
    with pytest.raises(kind):
        VerbalizedSamplingOutputParser().parse("")


# --- asking -----------------------------------------------------------------------------------


def test_the_instruction_stands_in_front_of_a_prompt() -> None:
    formatted = VerbalizedSamplingOutputParser().format("What is {x}?")
    assert formatted == f"{INSTRUCTION}\n\nWhat is {{x}}?"


def test_the_instruction_follows_the_settings() -> None:
    settings: dict[str, Any] = {"k": 3, "layout": "json", "max_probability": 0.1}
    formatted = VerbalizedSamplingOutputParser(**settings).format("Hello")
    assert formatted == f"{instruction(PromptSettings(**settings))}\n\nHello"


def conversation() -> list[ChatMessage]:
    picture = ImageBlock(url="https://example.org/cup.png")
    return [
        ChatMessage(role=MessageRole.USER, content="Hello"),
        ChatMessage(role=MessageRole.ASSISTANT, content="Hi"),
        ChatMessage(role=MessageRole.USER, blocks=[TextBlock(text="What is it?"), picture]),
    ]


def test_in_messages_it_is_the_system_message() -> None:
    formatted = VerbalizedSamplingOutputParser().format_messages(conversation())
    system = ChatMessage(role=MessageRole.SYSTEM, content=INSTRUCTION)
    assert formatted == [system, *conversation()]


def test_in_messages_it_can_go_to_the_last_question() -> None:
    formatted = VerbalizedSamplingOutputParser(placement="user").format_messages(conversation())
    assert formatted[:2] == conversation()[:2]
    assert str(formatted[2].content).startswith(INSTRUCTION)
    assert formatted[2].blocks[-1] == conversation()[2].blocks[-1]


@pytest.mark.parametrize("placement", ["system", "user"])
def test_the_messages_given_stay_as_they_are(placement: Any) -> None:
    given = [ChatMessage(role=MessageRole.SYSTEM, content="Be brief."), *conversation()]
    before = copy.deepcopy(given)
    VerbalizedSamplingOutputParser(placement=placement).format_messages(given)
    assert given == before


@for_every(
    "wrong",
    [{"k": 0}, {"select": "worst"}, {"structured_output": "function_calling"}, {"llm": None}],
    ids=str,
)
def test_a_wrong_setting_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        VerbalizedSamplingOutputParser(**wrong)


def test_it_shows_its_settings() -> None:
    assert "k=3" in repr(VerbalizedSamplingOutputParser(k=3))


# --- on a model -------------------------------------------------------------------------------


class CompletionLLM(CustomLLM):
    """A model for completion only; it gives one reply and keeps its prompts."""

    reply: str

    _prompts: list[str] = PrivateAttr(default_factory=list)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="completion")

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self._prompts.append(prompt)
        return CompletionResponse(text=self.reply)

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        raise AssertionError("nothing here asks for a stream")


async def by_predict(llm: Any, prompt: Any) -> str:
    return str(llm.predict(prompt, topic="{curly}"))


async def by_apredict(llm: Any, prompt: Any) -> str:
    return str(await llm.apredict(prompt, topic="{curly}"))


both_ways = pytest.mark.parametrize("predict", [by_predict, by_apredict])


@both_ways
async def test_on_a_model_it_makes_predictions_draws(predict: Any) -> None:
    parser = VerbalizedSamplingOutputParser(select="sample")
    llm = ScriptedLLM(script=[AB] * 40, output_parser=parser)
    assert {await predict(llm, STRING) for _ in range(40)} == {"a", "b"}


@both_ways
async def test_on_a_model_the_instruction_goes_to_its_place(predict: Any) -> None:
    parser = VerbalizedSamplingOutputParser(select="best")
    llm = ScriptedLLM(script=[AB], output_parser=parser)
    await predict(llm, CHAT)
    assert said(llm.calls[0]) == PLACED


@both_ways
async def test_on_a_model_for_completion_it_stands_in_front(predict: Any) -> None:
    parser = VerbalizedSamplingOutputParser(select="best")
    llm = CompletionLLM(reply=xml("{a}"), output_parser=parser)
    assert await predict(llm, STRING) == "{a}"
    assert llm._prompts == [IN_FRONT[0][1]]


@both_ways
async def test_on_a_model_an_unreadable_reply_raises(predict: Any) -> None:
    parser = VerbalizedSamplingOutputParser(select="best")
    with pytest.raises(VerbalizedSamplingParserError):
        await predict(ScriptedLLM(script=["I cannot."], output_parser=parser), STRING)


def test_a_template_is_not_altered_by_a_prediction() -> None:
    parser = VerbalizedSamplingOutputParser(select="best")
    llm = ScriptedLLM(script=[AB, AB], output_parser=parser)
    for _ in range(2):
        llm.predict(CHAT, topic="{curly}")
    assert said(llm.calls[1]) == PLACED


# --- in a program -----------------------------------------------------------------------------


def program(llm: Any, prompt: Any, **settings: Any) -> Any:
    return LLMTextCompletionProgram.from_defaults(
        output_parser=VerbalizedSamplingOutputParser(**settings),
        output_cls=VerbalizedDistribution,
        prompt=prompt.model_copy(),
        llm=llm,
    )


async def by_call(running: Any) -> Any:
    return running(topic="{curly}")


async def by_acall(running: Any) -> Any:
    return await running.acall(topic="{curly}")


both_calls = pytest.mark.parametrize("call", [by_call, by_acall])


@both_calls
@for_every(("prompt", "sent"), [(STRING, IN_FRONT), (CHAT, PLACED)], ids=["string", "chat"])
async def test_a_program_gives_the_distribution(call: Any, prompt: Any, sent: Any) -> None:
    llm = ScriptedLLM(script=[xml("{a}", "b")])
    assert (await call(program(llm, prompt))).texts == ["{a}", "b"]
    assert said(llm.calls[0]) == sent


@both_calls
async def test_a_program_over_a_model_for_completion_gives_it_too(call: Any) -> None:
    assert (await call(program(CompletionLLM(reply=AB), STRING))).texts == ["a", "b"]


@both_calls
async def test_a_program_says_when_nothing_can_be_read(call: Any) -> None:
    with pytest.raises(VerbalizedSamplingParserError):
        await call(program(ScriptedLLM(script=["I cannot."]), STRING))
