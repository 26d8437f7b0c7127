"""Nodes with images, and what newer versions of LlamaIndex's synthesizers take besides."""

from __future__ import annotations

import base64
import inspect
import io
from collections.abc import Sequence
from typing import Any

import pytest
from llama_index.core import Settings, get_response_synthesizer
from llama_index.core.base.llms.types import ChatMessage, ImageBlock, TextBlock
from llama_index.core.prompts import RichPromptTemplate
from llama_index.core.response_synthesizers import BaseSynthesizer
from llama_index.core.schema import ImageNode, MediaResource, Node, NodeWithScore, TextNode
from PIL import Image
from pydantic import BaseModel, ValidationError

from llamaindex_vs import (
    VerbalizedSamplingEvent,
    VerbalizedSamplingLLM,
    VerbalizedSamplingQueryTransform,
    VerbalizedSamplingSynthesizer,
)
from llamaindex_vs.answering import core_version
from tests.every import for_every
from tests.li.models import ScriptedLLM
from tests.li.synthesis import LIKELY, distribution_of, events, read
from tests.scenarios import QUESTION, xml
from vs_core import MissingExtraError, PromptSettings, UnsuitableModelError, instruction

AB = xml("a", "b")
INSTRUCTION = instruction(PromptSettings(k=2))
KNOWN = inspect.signature(BaseSynthesizer.__init__).parameters

with_multimodal = pytest.mark.skipif(
    "multimodal" not in KNOWN, reason="llama-index-core before 0.14.22 takes no images"
)
with_empty_response = pytest.mark.skipif(
    "empty_response" not in KNOWN, reason="llama-index-core before 0.14.13 has one response only"
)


def png(colour: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (2, 2), colour).save(data, "PNG")
    return data.getvalue()


RED, BLUE = png("red"), png("blue")
PICTURE = ImageNode(image=base64.b64encode(RED).decode(), image_mimetype="image/png")
BOTH = Node(
    text_resource=MediaResource(text="A {blue} square."),
    image_resource=MediaResource(data=base64.b64encode(BLUE), mimetype="image/png"),
    metadata={"page": 7},
)
NODES = [NodeWithScore(node=node) for node in (PICTURE, BOTH, TextNode(text="Only words."))]


def room(context_window: int = 20_000) -> Any:
    # Older versions have nothing to import.
    from llama_index.core.indices.prompt_helper import ChatPromptHelper  # noqa: PLC0415

    return ChatPromptHelper(context_window=context_window, num_output=50)


def seeing(*script: Any, **settings: Any) -> tuple[ScriptedLLM, VerbalizedSamplingSynthesizer]:
    model = ScriptedLLM(script=list(script))
    defaults = {"k": 2, "multimodal": True, "chat_prompt_helper": room()}
    return model, VerbalizedSamplingSynthesizer(model, **{**defaults, **settings})


async def answered(
    synthesizer: VerbalizedSamplingSynthesizer,
    way: str,
    nodes: Sequence[NodeWithScore] = NODES,
    query: str = QUESTION,
) -> Any:
    synthesizer._streaming = "stream" in way
    if way in {"awaited", "astreamed"}:
        return await read(await synthesizer.asynthesize(query, list(nodes)))
    return await read(synthesizer.synthesize(query, list(nodes)))


every_way = pytest.mark.parametrize("way", ["at once", "streamed", "awaited", "astreamed"])


def images(message: ChatMessage) -> list[bytes]:
    blocks = [block for block in message.blocks if isinstance(block, ImageBlock)]
    return [block.resolve_image().read() for block in blocks]


def text(message: ChatMessage) -> str:
    return "".join(block.text for block in message.blocks if isinstance(block, TextBlock))


# --- images ---------------------------------------------------------------------------------------


@with_multimodal
@every_way
async def test_the_images_are_sent_with_the_text(way: str) -> None:
    model, synthesizer = seeing(LIKELY)
    response = await answered(synthesizer, way, query="What is {shown}?")
    [[system, user]] = model.calls
    assert text(system).endswith(INSTRUCTION)
    assert images(user) == [RED, BLUE]
    for words in ("page: 7", "A {blue} square.", "Only words.", "What is {shown}?"):
        assert words in text(user)
    assert response.response == "one two  three"
    assert len(distribution_of(response)) == 2
    assert response.source_nodes == NODES


@with_multimodal
@every_way
async def test_it_sends_what_the_framework_s_own_synthesizer_does(way: str) -> None:
    theirs = ScriptedLLM(script=["plain"])
    settings: Any = {"llm": theirs, "multimodal": True, "chat_prompt_helper": room()}
    get_response_synthesizer(**settings).synthesize(QUESTION, list(NODES))
    model, synthesizer = seeing(AB)
    await answered(synthesizer, way)
    assert model.calls[0][-1] == theirs.calls[0][-1]


async def test_without_multimodal_only_the_text_is_sent() -> None:
    model = ScriptedLLM(script=[AB])
    await answered(VerbalizedSamplingSynthesizer(model, k=2), "at once")
    assert images(model.calls[0][-1]) == []
    assert "Only words." in text(model.calls[0][-1])


@with_multimodal
@every_way
async def test_only_the_last_call_of_a_long_context_is_verbalized_with_images_too(way: str) -> None:
    model, synthesizer = seeing("so far 1", "so far 2", AB, chat_prompt_helper=room(3000))
    long = [NodeWithScore(node=ImageNode(image=PICTURE.image, image_mimetype="image/png"))] * 3
    response = await answered(synthesizer, way, long)
    assert response.response in {"a", "b"}
    assert [images(call[-1]) for call in model.calls] == [[RED]] * 3
    assert ["so far" in text(call[-1]) for call in model.calls] == [False, True, True]
    assert [INSTRUCTION in text(call[0]) for call in model.calls] == [False, False, True]


@with_multimodal
@every_way
async def test_nodes_without_content_are_asked_about_all_the_same(way: str) -> None:
    model, synthesizer = seeing(AB)
    assert str(await answered(synthesizer, way, [NodeWithScore(node=Node())])) in {"a", "b"}
    assert QUESTION in text(model.calls[0][-1])


@with_multimodal
async def test_an_answer_can_be_given_to_refine_with_images() -> None:
    model, synthesizer = seeing(AB)
    blocks = PICTURE.get_content_blocks()
    synthesizer.get_response_from_messages(
        "q", [ChatMessage(blocks=blocks)], prev_response="so {x}"
    )
    assert "so {x}" in text(model.calls[0][-1])
    assert images(model.calls[0][-1]) == [RED]


@with_multimodal
@every_way
async def test_the_event_is_sent_within_the_span(way: str) -> None:
    _, synthesizer = seeing(AB)
    with events(VerbalizedSamplingEvent) as sent:
        await answered(synthesizer, way)
    [event] = sent
    method = "aget" if way in {"awaited", "astreamed"} else "get"
    expected = f"VerbalizedSamplingSynthesizer.{method}_response_from_messages-"
    assert event.span_id.startswith(expected)
    assert event.query == QUESTION


@with_multimodal
async def test_the_templates_for_messages_can_be_given_and_replaced() -> None:
    def template(word: str) -> RichPromptTemplate:
        return RichPromptTemplate(
            '{% chat role="user" %}' + word + " {{ query_str }}"
            "{% for m in context_messages %}{% for b in m.blocks %}"
            "{% if b.block_type == 'image' %}{{ b.inline_url() | image }}{% endif %}"
            "{% endfor %}{% endfor %}{% endchat %}"
        )

    model, synthesizer = seeing(AB, AB, chat_content_qa_template=template("Given"))
    await answered(synthesizer, "at once")
    assert set(synthesizer.get_prompts()) == {
        "text_qa_template",
        "refine_template",
        "chat_content_qa_template",
        "chat_content_refine_template",
        "instructions",
    }
    synthesizer.update_prompts({"chat_content_qa_template": template("Replaced")})
    await answered(synthesizer, "at once")
    assert [text(call[-1]) for call in model.calls] == [f"Given {QUESTION}", f"Replaced {QUESTION}"]


@with_multimodal
async def test_the_model_of_the_settings_can_see_too(monkeypatch: pytest.MonkeyPatch) -> None:
    model = ScriptedLLM(script=[AB])
    helper = room()
    synthesizer = VerbalizedSamplingSynthesizer(k=2, multimodal=True, chat_prompt_helper=helper)
    monkeypatch.setattr(Settings, "_llm", model)
    await answered(synthesizer, "at once")
    assert images(model.calls[0][-1]) == [RED, BLUE]


@with_multimodal
async def test_a_model_for_completion_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    model = ScriptedLLM(script=[], is_chat_model=False)
    for llm in (model, VerbalizedSamplingLLM(llm=model)):
        with pytest.raises(UnsuitableModelError, match="ScriptedLLM has is_chat_model=False"):
            VerbalizedSamplingSynthesizer(llm, multimodal=True)
    synthesizer = VerbalizedSamplingSynthesizer(multimodal=True)
    monkeypatch.setattr(Settings, "_llm", model)
    with pytest.raises(UnsuitableModelError, match="needs a chat model"):
        await answered(synthesizer, "awaited")


# --- nothing retrieved ----------------------------------------------------------------------------


@with_empty_response
@every_way
async def test_the_response_to_nothing_retrieved_can_be_given(way: str) -> None:
    model = ScriptedLLM(script=[])
    synthesizer = VerbalizedSamplingSynthesizer(model, empty_response="Nothing {found}.")
    assert (await answered(synthesizer, way, [])).response == "Nothing {found}."
    assert model.calls == []


# --- older versions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "since"),
    [
        ({"multimodal": True}, "0.14.22"),
        ({"empty_response": "none"}, "0.14.13"),
        ({"chat_prompt_helper": object()}, "0.14.22"),
        ({"chat_content_refine_template": object()}, "0.14.22"),
    ],
)
def test_what_the_installed_version_does_not_have_is_refused_with_the_one_that_has(
    settings: dict[str, Any], since: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Older:
        def __init__(self, llm: Any = None, streaming: bool = False) -> None: ...

    class Mine(VerbalizedSamplingSynthesizer): ...

    monkeypatch.setattr(core_version, "BaseSynthesizer", Older)
    with pytest.raises(MissingExtraError, match=f"^Mine can take {next(iter(settings))}") as caught:
        Mine(ScriptedLLM(script=[]), **settings)
    assert f"pip install 'llama-index-core>={since},<0.15'" in str(caught.value)


# --- the names in errors --------------------------------------------------------------------------


class MySynthesizer(VerbalizedSamplingSynthesizer): ...


class MyTransform(VerbalizedSamplingQueryTransform): ...


class Joke(BaseModel):
    setup: str


@for_every(
    "component",
    [
        VerbalizedSamplingSynthesizer,
        MySynthesizer,
        VerbalizedSamplingQueryTransform,
        MyTransform,
    ],
)
@for_every(
    "settings",
    [{"k": 0}, {"select": "worst"}, {"layout": "{braces}"}, {"llm": Ellipsis}, {"max_topups": -1}],
)
def test_errors_name_the_class_that_was_written(component: Any, settings: dict[str, Any]) -> None:
    if "llm" in settings:
        settings = {"llm": ScriptedLLM(script=[]).as_structured_llm(Joke)}
    with pytest.raises(ValidationError) as caught:
        component(**settings)
    assert caught.value.title == component.__name__
    assert str(caught.value).startswith(f"1 validation error for {component.__name__}\n")
    assert "VerbalizedSampler\n" not in str(caught.value)
    [detail] = caught.value.errors()
    assert detail["type"] != "custom"
    assert detail["loc"] == (() if "llm" in settings else (next(iter(settings)),))


def test_an_unknown_argument_is_named_with_the_class() -> None:
    with pytest.raises(ValidationError, match="for MySynthesizer\ncolour\n"):
        MySynthesizer(ScriptedLLM(script=[]), colour="red")  # type: ignore[call-arg]
