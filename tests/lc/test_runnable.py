"""The runnable as a citizen of LangChain."""

from __future__ import annotations

import asyncio
import pickle
from collections import Counter
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.exceptions import OutputParserException
from langchain_core.language_models import FakeListChatModel, FakeListLLM
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import (
    ConfigurableField,
    RunnableConfig,
    RunnableLambda,
    RunnablePassthrough,
)
from langchain_core.tracers.context import collect_runs
from pydantic import ValidationError

from langchain_vs import (
    BestCandidate,
    SampleCandidate,
    SimulatedChatModel,
    VerbalizedSamplingParserError,
    VerbalizedSamplingRunnable,
)
from tests.every import for_every
from tests.lc.models import ScriptedChatModel
from tests.scenarios import QUESTION, ModelDownError, xml
from vs_core import (
    NoCandidatesError,
    PromptError,
    PromptSettings,
    VerbalizedDistribution,
    instruction,
)

AB = xml("a", "b")
INSTRUCTION = instruction(PromptSettings(k=2))


def scripted(*script: Any, **settings: Any) -> tuple[ScriptedChatModel, VerbalizedSamplingRunnable]:
    model = ScriptedChatModel(script=list(script))
    return model, VerbalizedSamplingRunnable(llm=model, **{"k": 2, **settings})


def answering(reply: Callable[[Any], Any]) -> Any:
    """A model made of a function from messages to a reply."""
    return RunnableLambda(reply)


# --- what reaches the model ---------------------------------------------------------------


def test_the_instruction_is_a_system_message_of_its_own() -> None:
    model, vs = scripted(AB)
    vs.invoke(QUESTION)
    assert model.calls[0] == [SystemMessage(content=INSTRUCTION), HumanMessage(content=QUESTION)]


def test_an_existing_system_message_is_kept_in_front() -> None:
    model, vs = scripted(AB)
    vs.invoke([("system", "You are a barista."), ("user", QUESTION)])
    assert [m.content for m in model.calls[0]] == [f"You are a barista.\n\n{INSTRUCTION}", QUESTION]


def test_the_instruction_can_go_into_the_user_message() -> None:
    model, vs = scripted(AB, placement="user")
    vs.invoke(QUESTION)
    assert [m.content for m in model.calls[0]] == [f"{INSTRUCTION}\n\n{QUESTION}"]


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
    vs.invoke(text)
    assert model.calls[0][-1].content == text


def test_user_text_behind_the_instruction_is_unchanged_too() -> None:
    model, vs = scripted(AB, placement="user")
    vs.invoke("  a {question}\n")
    assert model.calls[0][-1].content == f"{INSTRUCTION}\n\n  a {{question}}\n"


def test_images_reach_the_model_unchanged() -> None:
    blocks: list[str | dict[str, Any]] = [
        {"type": "text", "text": "Describe this."},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
    ]
    model, vs = scripted(AB)
    vs.invoke([HumanMessage(content=blocks)])
    assert model.calls[0][-1].content == blocks


def test_the_users_own_messages_are_not_changed() -> None:
    system = SystemMessage(content="You are a barista.")
    scripted(AB)[1].invoke([system, HumanMessage(content=QUESTION)])
    assert system.content == "You are a barista."


def test_bound_arguments_reach_the_model() -> None:
    model, vs = scripted(AB)
    vs.bind(stop=["END"]).invoke(QUESTION)
    assert model.settings[0]["stop"] == ["END"]


# --- inputs that cannot be sent -------------------------------------------------------------


@for_every("empty", ["", "  \n", [], [HumanMessage(content="")], None])
def test_an_empty_prompt_is_refused_before_any_call(empty: Any) -> None:
    model, vs = scripted(AB)
    with pytest.raises(PromptError, match="the prompt is"):
        vs.invoke(empty)
    assert model.calls == []


def test_a_dict_is_refused_with_the_way_out() -> None:
    _, vs = scripted(AB)
    with pytest.raises(PromptError, match=r"itemgetter\('topic'\)"):
        vs.invoke({"topic": "coffee"})  # type: ignore[arg-type]


def test_the_way_out_of_a_dict_works() -> None:
    _, vs = scripted(AB)
    chain: Any = itemgetter("topic") | RunnablePassthrough() | vs
    assert chain.invoke({"topic": "coffee"}).texts == ["a", "b"]


@for_every(
    ("wrong", "allowed"),
    [
        ({"k": 0}, "greater than or equal to 1"),
        ({"max_probability": 1.5}, "less than or equal to 1"),
        ({"method": "standrad"}, "'standard'"),
        ({"layout": "yaml"}, "'xml'"),
        ({"max_topups": -1}, "greater than or equal to 0"),
        ({"on_failure": "ignore"}, "'raise', 'whole_reply' or 'nothing'"),
        ({"temperatur": 0.5}, "not permitted"),
        ({"llm": 5}, "pass a chat model"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_bad_setting_is_refused_at_construction(wrong: dict[str, Any], allowed: str) -> None:
    with pytest.raises(ValidationError, match=allowed):
        VerbalizedSamplingRunnable(**{"llm": SimulatedChatModel(), **wrong})


# --- failure ----------------------------------------------------------------------------------


def test_an_unreadable_reply_is_an_output_parser_exception_with_the_reply() -> None:
    _, vs = scripted("No.", "Never.")
    with pytest.raises(OutputParserException) as failure:
        vs.invoke(QUESTION)
    assert failure.value.llm_output == "Never."


def test_the_same_error_is_one_of_the_core() -> None:
    _, vs = scripted("No.", "Never.")
    with pytest.raises(NoCandidatesError) as failure:
        vs.invoke(QUESTION)
    assert failure.value.reply == "Never."


def test_the_error_says_the_same_after_two_pickles() -> None:
    error = VerbalizedSamplingParserError("nothing", reply="No.")
    again = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(error))))
    assert (str(again), again.llm_output) == (str(error), "No.")


def test_one_failing_input_of_a_batch_leaves_the_others() -> None:
    llm = answering(lambda messages: "No." if "bad" in messages[-1].content else AB)
    vs = VerbalizedSamplingRunnable(llm=llm, k=2, max_reasks=0)
    good, bad = vs.batch(["good", "bad"], return_exceptions=True)
    assert good.texts == ["a", "b"]
    assert isinstance(bad, VerbalizedSamplingParserError)


def test_what_was_finished_outlives_a_stream_that_breaks() -> None:
    model = FakeListChatModel(responses=[AB], error_on_chunk_number=len(xml("a")) + 5)
    vs = VerbalizedSamplingRunnable(llm=model, k=2)
    found = sum(vs.stream(QUESTION), VerbalizedDistribution())
    assert found.texts == ["a"]
    assert "FakeListChatModelError" in found.trace.notes[0]


def test_a_model_that_returns_no_message_is_named() -> None:
    vs = VerbalizedSamplingRunnable(llm=answering(lambda _: 42))
    with pytest.raises(TypeError, match="the model returned int"):
        vs.invoke(QUESTION)


# --- any model --------------------------------------------------------------------------------


def test_a_plain_language_model_works() -> None:
    vs = VerbalizedSamplingRunnable(llm=FakeListLLM(responses=[AB]), k=2)
    assert vs.invoke(QUESTION).texts == ["a", "b"]


def test_a_model_with_bound_arguments_works() -> None:
    model = ScriptedChatModel(script=[AB])
    VerbalizedSamplingRunnable(llm=model.bind(stop=["END"]), k=2).invoke(QUESTION)
    assert model.settings[0]["stop"] == ["END"]


def test_a_model_with_retries_works() -> None:
    model = ScriptedChatModel(script=[ModelDownError("once"), AB])
    retrying = model.with_retry(
        retry_if_exception_type=(ModelDownError,), wait_exponential_jitter=False
    )
    assert VerbalizedSamplingRunnable(llm=retrying, k=2).invoke(QUESTION).texts == ["a", "b"]


def test_a_model_with_fallbacks_works() -> None:
    model = ScriptedChatModel(script=[ModelDownError("always")])
    rescued = model.with_fallbacks([ScriptedChatModel(script=[AB])])
    assert VerbalizedSamplingRunnable(llm=rescued, k=2).invoke(QUESTION).texts == ["a", "b"]


def test_content_blocks_are_read_and_reasoning_is_not() -> None:
    blocks: list[str | dict[str, Any]] = [
        {"type": "reasoning", "reasoning": xml("draft")},
        {"type": "text", "text": AB},
    ]
    llm = answering(lambda _: AIMessage(content=blocks))
    assert VerbalizedSamplingRunnable(llm=llm, k=2).invoke(QUESTION).texts == ["a", "b"]


def test_a_tool_call_is_read_by_its_arguments() -> None:
    call = {
        "name": "give_responses",
        "args": {"responses": [{"text": "a", "probability": 0.2}]},
        "id": "1",
    }
    llm = answering(lambda _: AIMessage(content="", tool_calls=[call]))
    assert VerbalizedSamplingRunnable(llm=llm, k=1).invoke(QUESTION).texts == ["a"]


def test_a_reply_cut_by_its_length_limit_is_marked() -> None:
    cut = AIMessage(content=AB, response_metadata={"finish_reason": "length"})
    vs = VerbalizedSamplingRunnable(llm=answering(lambda _: cut), k=2)
    assert vs.invoke(QUESTION).trace.truncated


# --- streaming --------------------------------------------------------------------------------


def test_each_candidate_is_streamed_when_it_is_finished() -> None:
    _, vs = scripted(AB)
    assert [chunk.texts for chunk in vs.stream(QUESTION)] == [["a"], ["b"], []]


def test_a_candidate_arrives_before_the_model_has_gone_on() -> None:
    model, vs = scripted(AB)
    first = next(vs.stream(QUESTION))
    assert first.texts == ["a"]
    assert model.closed <= 1


def test_a_stream_left_early_closes_the_models_stream() -> None:
    model, vs = scripted(AB)
    stream = vs.stream(QUESTION)
    next(stream)
    stream.close()  # type: ignore[attr-defined]  # the Runnable interface says Iterator
    assert model.closed == 1


async def test_an_async_stream_left_early_closes_the_models_stream() -> None:
    model, vs = scripted(AB)
    stream = vs.astream(QUESTION)
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]  # as above
    # LangChain leaves its own innermost generator to the event loop, which closes it in a while.
    for _ in range(200):
        if model.closed:
            break
        await asyncio.sleep(0.01)
    assert model.closed == 1


def test_a_chain_streams_through_to_the_draw() -> None:
    _, vs = scripted(AB)
    prompt = ChatPromptTemplate.from_template("Tell me a joke about {topic}")
    chain = prompt | vs | SampleCandidate()
    assert list(chain.stream({"topic": "coffee"})) in (["a"], ["b"])


# --- composition ------------------------------------------------------------------------------


def test_it_drops_into_a_chain() -> None:
    model, vs = scripted(AB)
    prompt = ChatPromptTemplate.from_template("Tell me a joke about {topic}")
    assert (prompt | vs | BestCandidate()).invoke({"topic": "coffee"}) == "a"
    assert model.calls[0][-1].content == "Tell me a joke about coffee"


def test_an_unseeded_draw_is_fresh_on_each_call() -> None:
    vs = VerbalizedSamplingRunnable(llm=answering(lambda _: AB), k=2)
    chain = vs | SampleCandidate()
    assert len(Counter(chain.invoke(QUESTION) for _ in range(100))) == 2


def test_fields_are_configurable() -> None:
    model, vs = scripted(xml("a"), max_topups=0)
    configurable = vs.configurable_fields(k=ConfigurableField(id="k"))
    distribution = configurable.invoke(QUESTION, {"configurable": {"k": 9}})
    assert distribution.trace.k == 9
    assert "Give 9 different responses." in str(model.calls[0][0].content)


def test_fields_of_the_inner_model_are_configurable() -> None:
    inner = SimulatedChatModel(seed=1).configurable_fields(seed=ConfigurableField(id="seed"))
    vs = VerbalizedSamplingRunnable(llm=inner)
    assert "seed" in {spec.id for spec in vs.config_specs}
    texts = [vs.invoke(QUESTION, {"configurable": {"seed": seed}}).texts for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_every_input_of_a_batch_is_answered_in_order() -> None:
    llm = answering(lambda messages: xml(f"about {messages[-1].content}"))
    vs = VerbalizedSamplingRunnable(llm=llm, k=1)
    topics: list[Any] = [f"topic {number}" for number in range(20)]
    assert [d.texts for d in vs.batch(topics)] == [[f"about {topic}"] for topic in topics]


async def test_every_input_of_an_abatch_is_answered_in_order() -> None:
    llm = answering(lambda messages: xml(f"about {messages[-1].content}"))
    vs = VerbalizedSamplingRunnable(llm=llm, k=1)
    topics: list[Any] = [f"topic {number}" for number in range(20)]
    assert [d.texts for d in await vs.abatch(topics)] == [[f"about {topic}"] for topic in topics]


def test_output_schema_is_that_of_a_distribution() -> None:
    _, vs = scripted(AB)
    assert "candidates" in vs.get_output_jsonschema()["properties"]


# --- observation ------------------------------------------------------------------------------


def test_the_model_call_is_nested_in_the_run() -> None:
    _, vs = scripted(xml("a"), xml("b"))
    with collect_runs() as runs:
        vs.invoke(QUESTION)
    [run] = runs.traced_runs
    assert run.name == "VerbalizedSamplingRunnable"
    assert [child.run_type for child in run.child_runs] == ["prompt", *(["llm", "parser"] * 2)]


def test_the_model_call_is_nested_in_a_streamed_run() -> None:
    _, vs = scripted(AB)
    with collect_runs() as runs:
        list(vs.stream(QUESTION))
    [run] = runs.traced_runs
    assert [child.run_type for child in run.child_runs] == ["prompt", "llm", "parser"]


async def test_the_model_call_is_nested_in_an_async_run() -> None:
    _, vs = scripted(AB)
    with collect_runs() as runs:
        await vs.ainvoke(QUESTION)
    [run] = runs.traced_runs
    assert [child.run_type for child in run.child_runs] == ["prompt", "llm", "parser"]


def test_tags_and_metadata_reach_the_model_call() -> None:
    class Recorder(BaseCallbackHandler):
        def __init__(self) -> None:
            self.seen: list[tuple[list[str] | None, dict[str, Any] | None]] = []

        def on_chat_model_start(self, *args: Any, **kwargs: Any) -> None:
            self.seen.append((kwargs.get("tags"), kwargs.get("metadata")))

    recorder = Recorder()
    config: RunnableConfig = {
        "callbacks": [recorder],
        "tags": ["mine"],
        "metadata": {"case": "seven"},
    }
    scripted(AB)[1].invoke(QUESTION, config)
    [(tags, metadata)] = recorder.seen
    assert "mine" in (tags or [])
    assert (metadata or {})["case"] == "seven"
    assert (metadata or {})["vs_k"] == 2
