"""Several answers from one retrieval, over a real index."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from llama_index.core import PromptTemplate, Settings
from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.base.response.schema import (
    PydanticResponse,
)
from llama_index.core.callbacks import CallbackManager, CBEventType, LlamaDebugHandler
from llama_index.core.instrumentation.events.synthesis import (
    SynthesizeEndEvent,
    SynthesizeStartEvent,
)
from llama_index.core.prompts import ChatPromptTemplate
from llama_index.core.schema import NodeWithScore, TextNode
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.span_handlers import SimpleSpanHandler
from pydantic import BaseModel, ValidationError

from llamaindex_vs import (
    SimulatedLLM,
    VerbalizedSampler,
    VerbalizedSamplingEvent,
    VerbalizedSamplingLLM,
    VerbalizedSamplingParserError,
    VerbalizedSamplingSynthesizer,
)
from tests.every import for_every
from tests.li.models import ScriptedLLM
from tests.li.synthesis import (
    LIKELY,
    LONG,
    QA,
    REFINE,
    TEXTS,
    Ask,
    by_aquery,
    by_astream,
    by_query,
    by_stream,
    distribution_of,
    engine_over,
    events,
    index_of,
    scripted,
    small_helper,
)
from tests.scenarios import QUESTION, ModelDownError, xml
from vs_core import PromptError, PromptSettings, UnsuitableModelError, instruction

AB = xml("a", "b")
INSTRUCTION = instruction(PromptSettings(k=2))
TYPED = (
    '<response><text>{"setup": "Decaf?"}</text><probability>0.9</probability></response>'
    '<response><text>{"setup": "never"}</text><probability>0.0</probability></response>'
)

every_way = pytest.mark.parametrize("ask", [by_query, by_aquery, by_stream, by_astream])
at_once = pytest.mark.parametrize("ask", [by_query, by_aquery])
streaming = pytest.mark.parametrize("ask", [by_stream, by_astream])


class Joke(BaseModel):
    """A joke."""

    setup: str


# --- the response -------------------------------------------------------------------------


@every_way
async def test_the_response_is_the_drawn_answer(ask: Ask) -> None:
    _, synthesizer = scripted(LIKELY)
    assert (await ask(engine_over(synthesizer), QUESTION)).response == "one two  three"


@every_way
async def test_the_text_of_the_response_is_a_plain_string(ask: Ask) -> None:
    _, synthesizer = scripted(LIKELY)
    assert type((await ask(engine_over(synthesizer), QUESTION)).response) is str


@every_way
async def test_the_distribution_is_in_the_metadata(ask: Ask) -> None:
    _, synthesizer = scripted(LIKELY)
    sampled = VerbalizedSampler(llm=ScriptedLLM(script=[LIKELY]), k=2).run(QUESTION)
    assert distribution_of(await ask(engine_over(synthesizer), QUESTION)) == sampled


@every_way
async def test_the_metadata_of_the_nodes_stay_beside_it(ask: Ask) -> None:
    _, synthesizer = scripted(AB)
    metadata = (await ask(engine_over(synthesizer), QUESTION)).metadata
    assert metadata is not None
    assert (metadata["n0"], metadata["n1"]) == ({"number": 0}, {"number": 1})


@every_way
async def test_the_metadata_are_json(ask: Ask) -> None:
    _, synthesizer = scripted(AB)
    metadata = (await ask(engine_over(synthesizer), QUESTION)).metadata
    assert json.loads(json.dumps(metadata)) == metadata


@every_way
async def test_all_answers_share_the_source_nodes(ask: Ask) -> None:
    _, synthesizer = scripted(AB)
    sources = (await ask(engine_over(synthesizer), QUESTION)).source_nodes
    assert {source.text for source in sources} == set(TEXTS)


@every_way
async def test_nothing_retrieved_is_an_empty_response_without_a_call(ask: Ask) -> None:
    model, synthesizer = scripted()
    engine = index_of().as_query_engine(llm=model, response_synthesizer=synthesizer)
    response = await ask(engine, QUESTION)
    assert (response.response, response.source_nodes, model.calls) == ("Empty Response", [], [])


async def test_an_answer_survives_copying_and_pickling() -> None:
    _, synthesizer = scripted(LIKELY)
    answer = synthesizer.get_response(QUESTION, TEXTS)
    assert copy.deepcopy(answer) == pickle.loads(pickle.dumps(answer)) == answer


async def test_additional_source_nodes_are_named_too() -> None:
    _, synthesizer = scripted(AB, AB)
    nodes, more = ([NodeWithScore(node=TextNode(text=text))] for text in TEXTS)
    for response in (
        synthesizer.synthesize(QUESTION, nodes, more),
        await synthesizer.asynthesize(QUESTION, nodes, more),
    ):
        assert [source.text for source in response.source_nodes] == list(TEXTS)


# --- what is asked ------------------------------------------------------------------------


@every_way
async def test_the_instruction_joins_the_framework_s_question(ask: Ask) -> None:
    model, synthesizer = scripted(AB)
    await ask(engine_over(synthesizer), QUESTION)
    [[system, user]] = model.calls
    assert (system.content or "").startswith("You are an expert Q&A system")
    assert (system.content or "").endswith(f"\n\n{INSTRUCTION}")
    assert f"Query: {QUESTION}\n" in (user.content or "")
    assert all(text in (user.content or "") for text in TEXTS)


@every_way
async def test_braces_in_query_and_context_survive(ask: Ask) -> None:
    model, synthesizer = scripted(AB)
    text, query = "f{query_str} {{x}} {context_str}", "What is {context_str} in {0} {{ y }}?"
    await ask(engine_over(synthesizer, text), query)
    user = model.calls[0][-1].content or ""
    assert text in user
    assert f"Query: {query}\n" in user


async def test_a_model_for_completion_gets_the_framework_s_text_prompt() -> None:
    model = ScriptedLLM(script=[AB], is_chat_model=False)
    engine = engine_over(VerbalizedSamplingSynthesizer(model, k=2))
    await by_query(engine)
    assert model.calls[0][0].content == INSTRUCTION
    assert (model.calls[0][1].content or "").startswith("Context information is below.")


async def test_the_system_prompt_of_the_model_goes_first() -> None:
    model = ScriptedLLM(script=[AB], system_prompt="Be brief.")
    VerbalizedSamplingSynthesizer(model, k=2).get_response(QUESTION, TEXTS)
    assert (model.calls[0][0].content or "").startswith("Be brief.")


async def test_templates_can_be_given_with_variables_of_their_own() -> None:
    template = PromptTemplate("{tone}: {query_str} {context_str}")
    model, synthesizer = scripted(AB, text_qa_template=template)
    synthesizer.get_response("q", ["c"], tone="Dry {query_str}")
    assert model.calls[0][-1].content == "Dry {query_str}: q c"


async def test_an_answer_can_be_given_to_refine() -> None:
    model, synthesizer = scripted(AB, AB, refine_template=REFINE)
    synthesizer.get_response("q", ["c"], prev_response="x {query_str}")
    await synthesizer.aget_response("q", ["c"], prev_response="x {query_str}")
    expected = "MORE c QUERY q SO FAR x {query_str}"
    assert [call[-1].content for call in model.calls] == [expected, expected]


async def test_the_model_of_the_settings_is_resolved_at_each_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Settings, "_llm", None)
    monkeypatch.setattr(Settings, "_prompt_helper", None)
    monkeypatch.setattr("llama_index.core.settings.resolve_llm", _no_default)
    synthesizer = VerbalizedSamplingSynthesizer(k=2, select="best")
    monkeypatch.setattr(Settings, "_llm", ScriptedLLM(script=[xml("first", "b")]))
    assert synthesizer.get_response(QUESTION, TEXTS) == "first"
    monkeypatch.setattr(Settings, "_llm", ScriptedLLM(script=[xml("second", "b")]))
    assert synthesizer.get_response(QUESTION, TEXTS) == "second"


def _no_default(llm: Any) -> Any:
    raise AssertionError(f"the model was resolved too early ({llm!r})")


async def test_a_model_that_samples_by_itself_is_unwrapped() -> None:
    model = ScriptedLLM(script=[AB, AB])
    synthesizer = VerbalizedSamplingSynthesizer(VerbalizedSamplingLLM(llm=model, k=2), k=2)
    engine = engine_over(synthesizer)
    await by_query(engine)
    await by_aquery(engine)
    assert [str(call).count("Give 2 different responses.") for call in model.calls] == [1, 1]


# --- the draw -----------------------------------------------------------------------------


@every_way
async def test_best_takes_the_most_probable(ask: Ask) -> None:
    reply = xml("a", probability="0.1") + xml("b", probability="0.3")
    _, synthesizer = scripted(reply, select="best")
    assert (await ask(engine_over(synthesizer), QUESTION)).response == "b"


async def test_without_a_seed_answers_vary() -> None:
    _, synthesizer = scripted(*[AB] * 40)
    engine = engine_over(synthesizer)
    assert {(await by_query(engine)).response for _ in range(40)} == {"a", "b"}


@every_way
async def test_a_seed_fixes_the_draw(ask: Ask) -> None:
    _, synthesizer = scripted(*[AB] * 20, seed=3)
    engine = engine_over(synthesizer)
    assert len({(await ask(engine, QUESTION)).response for _ in range(20)}) == 1


async def test_uniform_gives_improbable_answers_the_same_chance() -> None:
    _, synthesizer = scripted(*[LIKELY] * 40, uniform=True)
    drawn = {synthesizer.get_response(QUESTION, TEXTS) for _ in range(40)}
    assert drawn == {"one two  three", "never"}


async def test_a_low_temperature_sharpens_the_draw() -> None:
    reply = xml("a", probability="0.3") + xml("b", probability="0.6")
    _, synthesizer = scripted(*[reply] * 40, draw_temperature=0.01)
    assert {synthesizer.get_response(QUESTION, TEXTS) for _ in range(40)} == {"b"}


# --- typed answers ------------------------------------------------------------------------


@at_once
async def test_a_pydantic_schema_gives_a_pydantic_response(ask: Ask) -> None:
    _, synthesizer = scripted(TYPED, value_schema=Joke)
    response = await ask(engine_over(synthesizer), QUESTION)
    assert isinstance(response, PydanticResponse)
    assert response.response == Joke(setup="Decaf?")
    assert distribution_of(response).values[0] == {"setup": "Decaf?"}


@at_once
async def test_any_other_schema_gives_json(ask: Ask) -> None:
    reply = xml("[1, 2]", "[1, 2]")
    _, synthesizer = scripted(reply, value_schema=list[int], max_topups=0)
    assert (await ask(engine_over(synthesizer), QUESTION)).response == "[1, 2]"


@streaming
async def test_a_typed_answer_is_streamed_as_json(ask: Ask) -> None:
    _, synthesizer = scripted(TYPED, value_schema=Joke)
    response = await ask(engine_over(synthesizer), QUESTION)
    assert Joke.model_validate_json(str(response)) == Joke(setup="Decaf?")


# --- prompts ------------------------------------------------------------------------------


def test_its_prompts_are_the_framework_s_and_the_instructions() -> None:
    _, synthesizer = scripted(instructions="Be {brief}.")
    prompts = synthesizer.get_prompts()
    assert set(prompts) == {"text_qa_template", "refine_template", "instructions"}
    assert prompts["instructions"].get_template() == "Be {brief}."


async def test_prompts_can_be_replaced_through_the_query_engine() -> None:
    model, synthesizer = scripted("so far 1", "so far 2", AB, prompt_helper=small_helper())
    engine = engine_over(synthesizer, *LONG)
    engine.update_prompts(
        {
            "response_synthesizer:text_qa_template": QA,
            "response_synthesizer:refine_template": REFINE,
            "response_synthesizer:instructions": PromptTemplate("Be {brief}."),
        }
    )
    engine.query(QUESTION)
    assert (model.calls[0][-1].content or "").startswith("CONTEXT")
    assert (model.calls[1][-1].content or "").startswith("MORE")
    assert (model.calls[2][0].content or "").startswith("Be {brief}.\n\n")


async def test_prompts_not_named_stay() -> None:
    model, synthesizer = scripted(AB, text_qa_template=QA, instructions="Be brief.")
    synthesizer.update_prompts({"refine_template": REFINE})
    synthesizer.get_response("q", ["c"])
    assert (model.calls[0][0].content or "").startswith("Be brief.")
    assert model.calls[0][1].content == "CONTEXT c QUERY q"


async def test_a_chat_template_keeps_its_messages() -> None:
    template = ChatPromptTemplate(
        [
            ChatMessage(role="system", content="S"),
            ChatMessage(role="user", content="{context_str} {query_str}"),
            ChatMessage(role="assistant", content="Let me see."),
            ChatMessage(role="user", content="Well?"),
        ]
    )
    model, synthesizer = scripted(AB, text_qa_template=template)
    synthesizer.get_response("q", ["c"])
    assert [message.content for message in model.calls[0][1:]] == ["c q", "Let me see.", "Well?"]


# --- events, spans, callbacks -------------------------------------------------------------


@every_way
async def test_the_event_has_the_query_and_the_distribution(ask: Ask) -> None:
    _, synthesizer = scripted(AB)
    with events(VerbalizedSamplingEvent) as sent:
        response = await ask(engine_over(synthesizer), QUESTION)
    [event] = sent
    assert (event.component, event.query) == ("VerbalizedSamplingSynthesizer", QUESTION)
    assert event.distribution == distribution_of(response)


@at_once
async def test_the_framework_s_events_enclose_it(ask: Ask) -> None:
    _, synthesizer = scripted(AB)
    with events(SynthesizeStartEvent, VerbalizedSamplingEvent, SynthesizeEndEvent) as sent:
        await ask(engine_over(synthesizer), QUESTION)
    kinds = [SynthesizeStartEvent, VerbalizedSamplingEvent, SynthesizeEndEvent]
    assert [type(event) for event in sent] == kinds
    assert distribution_of(sent[-1].response) == sent[1].distribution


@for_every(
    ("ask", "method"),
    [
        (by_query, "get_response"),
        (by_aquery, "aget_response"),
        (by_stream, "get_response"),
        (by_astream, "aget_response"),
    ],
)
async def test_the_model_is_asked_within_a_span(ask: Ask, method: str) -> None:
    _, synthesizer = scripted(AB)
    spans = SimpleSpanHandler()
    get_dispatcher().span_handlers.append(spans)
    try:
        with events(VerbalizedSamplingEvent) as sent:
            await ask(engine_over(synthesizer), QUESTION)
    finally:
        get_dispatcher().span_handlers.remove(spans)
    [event] = sent
    assert event.span_id.startswith(f"VerbalizedSamplingSynthesizer.{method}-")
    assert event.span_id in [span.id_ for span in spans.completed_spans]
    assert not spans.open_spans


@at_once
async def test_callbacks_are_told_of_the_synthesis(ask: Ask) -> None:
    handler = LlamaDebugHandler(print_trace_on_end=False)
    _, synthesizer = scripted(AB, callback_manager=CallbackManager([handler]))
    response = await ask(engine_over(synthesizer), QUESTION)
    [(_, end)] = handler.get_event_pairs(CBEventType.SYNTHESIZE)
    assert end.payload is not None
    assert end.payload["response"] == response


# --- bad input ----------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "  "])
async def test_an_empty_query_is_refused_before_any_call(query: str) -> None:
    model, synthesizer = scripted(AB, streaming=True)
    with pytest.raises(PromptError, match="the query is empty"):
        synthesizer.get_response(query, TEXTS)
    with pytest.raises(PromptError, match="the query is empty"):
        await synthesizer.aget_response(query, TEXTS)
    assert model.calls == []


@every_way
async def test_an_unreadable_reply_is_an_error_that_has_it(ask: Ask) -> None:
    _, synthesizer = scripted("", "I cannot say.")
    with pytest.raises(VerbalizedSamplingParserError) as caught:
        await ask(engine_over(synthesizer), QUESTION)
    assert caught.value.reply == "I cannot say."


@every_way
async def test_an_unreadable_reply_can_be_the_answer(ask: Ask) -> None:
    _, synthesizer = scripted("", "I cannot say.", on_failure="whole_reply")
    assert str(await ask(engine_over(synthesizer), QUESTION)) == "I cannot say."


@every_way
async def test_what_the_model_raises_passes(ask: Ask) -> None:
    _, synthesizer = scripted(ModelDownError("down"))
    with pytest.raises(ModelDownError, match="down"):
        await ask(engine_over(synthesizer), QUESTION)


@pytest.mark.parametrize("text", ["", "   \n"])
async def test_a_blank_context_is_passed_on_as_it_is(text: str) -> None:
    model, synthesizer = scripted(AB, text_qa_template=QA)
    synthesizer.get_response("q", [text])
    assert (model.calls[0][-1].content or "").split() == ["CONTEXT", "QUERY", "q"]


@for_every(
    "settings",
    [{"k": 0}, {"select": "worst"}, {"draw_temperature": 0}, {"colour": "red"}],
)
def test_bad_settings_are_refused_at_construction(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(settings))):
        scripted(**settings)


def test_a_structured_model_is_refused_with_what_to_do() -> None:
    model = ScriptedLLM(script=[]).as_structured_llm(Joke)
    with pytest.raises(ValidationError, match="value_schema=Joke"):
        VerbalizedSamplingSynthesizer(model)


async def test_a_structured_model_in_the_settings_is_refused_when_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Settings, "_llm", ScriptedLLM(script=[]).as_structured_llm(Joke))
    synthesizer = VerbalizedSamplingSynthesizer(streaming=True)
    with pytest.raises(UnsuitableModelError, match="value_schema=Joke"):
        synthesizer.get_response(QUESTION, TEXTS)


# --- out of the box -----------------------------------------------------------------------


@every_way
async def test_the_simulated_model_answers_variously(ask: Ask) -> None:
    engine = engine_over(VerbalizedSamplingSynthesizer(SimulatedLLM(seed=1), k=5))
    answers = {(await ask(engine, QUESTION)).response for _ in range(12)}
    assert len(answers) > 3
