"""What every Runnable can do, done with this one."""

from __future__ import annotations

from typing import Any

import pytest
from langchain.chat_models import init_chat_model
from langchain_core.language_models import FakeListChatModel
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import ConfigurableField, RunnableLambda, RunnableParallel
from langchain_core.tracers.context import collect_runs

from langchain_vs import BestCandidate, SampleCandidate, VerbalizedSamplingRunnable
from tests.lc.models import ScriptedChatModel
from tests.scenarios import QUESTION, ModelDownError, xml
from tests.wire.server import WireServer
from vs_core import PromptError

AB = xml("a", "b")


def sampling(*script: Any, **settings: Any) -> VerbalizedSamplingRunnable:
    model = ScriptedChatModel(script=list(script))
    return VerbalizedSamplingRunnable(llm=model, **{"k": 2, **settings})


def echoing(**settings: Any) -> VerbalizedSamplingRunnable:
    llm: Any = RunnableLambda(lambda messages: xml(f"about {messages[-1].content}"))
    return VerbalizedSamplingRunnable(llm=llm, **{"k": 1, **settings})


async def test_events_show_prompt_model_and_parser_under_it() -> None:
    started = {
        event["name"]: (event["event"], len(event["parent_ids"]))
        async for event in sampling(AB).astream_events(QUESTION, version="v2")
        if event["event"].endswith("_start")
    }
    assert started == {
        "VerbalizedSamplingRunnable": ("on_chain_start", 0),
        "VerbalizedSamplingPrompt": ("on_prompt_start", 1),
        "ScriptedChatModel": ("on_chat_model_start", 1),
        "VerbalizedSamplingOutputParser": ("on_parser_start", 1),
    }


def test_the_prompt_run_shows_what_was_sent() -> None:
    with collect_runs() as runs:
        sampling(AB).invoke(QUESTION)
    prompt_run = runs.traced_runs[0].child_runs[0]
    assert QUESTION in str(prompt_run.outputs)


def test_a_failed_call_is_a_failed_run() -> None:
    with collect_runs() as runs, pytest.raises(ModelDownError):
        sampling(ModelDownError("overloaded")).invoke(QUESTION)
    assert "overloaded" in str(runs.traced_runs[0].error)


def test_it_can_be_retried_as_a_whole() -> None:
    retried = sampling(ModelDownError("once"), AB).with_retry(
        retry_if_exception_type=(ModelDownError,), wait_exponential_jitter=False
    )
    assert retried.invoke(QUESTION).texts == ["a", "b"]


def test_it_can_fall_back_as_a_whole() -> None:
    rescued = sampling("No.", "No.").with_fallbacks([sampling(AB)])
    assert rescued.invoke(QUESTION).texts == ["a", "b"]


def test_it_can_be_given_a_name() -> None:
    with collect_runs() as runs:
        sampling(AB).with_config(run_name="jokes").invoke(QUESTION)
    assert runs.traced_runs[0].name == "jokes"


@pytest.mark.parametrize(
    ("field", "value"), [("k", 7), ("max_probability", 0.25), ("method", "sequence")]
)
def test_its_settings_are_configurable(field: str, value: Any) -> None:
    vs = sampling(AB, max_topups=0).configurable_fields(**{field: ConfigurableField(id=field)})
    trace = vs.invoke(QUESTION, {"configurable": {field: value}}).trace
    assert getattr(trace, field) == value


def test_a_seed_on_a_step_is_configurable_in_a_chain() -> None:
    draw = SampleCandidate(uniform=True).configurable_fields(seed=ConfigurableField(id="seed"))
    llm: Any = RunnableLambda(lambda _: AB)
    chain = VerbalizedSamplingRunnable(llm=llm, k=2) | draw
    drawn = [chain.invoke(QUESTION, {"configurable": {"seed": seed}}) for seed in range(20)]
    assert set(drawn) == {"a", "b"}
    again = [chain.invoke(QUESTION, {"configurable": {"seed": seed}}) for seed in range(20)]
    assert again == drawn


def test_a_batch_can_be_taken_as_it_completes() -> None:
    topics: Any = ["tea", "coffee", "milk"]
    done = dict(echoing().batch_as_completed(topics))
    assert {at: d.texts for at, d in done.items()} == {
        0: ["about tea"],
        1: ["about coffee"],
        2: ["about milk"],
    }


async def test_an_async_batch_can_be_taken_as_it_completes() -> None:
    topics: Any = ["tea", "coffee"]
    done = {at: d.texts async for at, d in echoing().abatch_as_completed(topics)}
    assert done == {0: ["about tea"], 1: ["about coffee"]}


async def test_an_async_batch_returns_errors_where_asked_to() -> None:
    topics: Any = ["tea", ""]
    good, bad = await echoing().abatch(topics, return_exceptions=True)
    assert good.texts == ["about tea"]
    assert isinstance(bad, PromptError)


def test_its_graph_can_be_drawn() -> None:
    prompt = ChatPromptTemplate.from_template("Tell me a joke about {topic}")
    drawing = (prompt | sampling() | BestCandidate()).get_graph().draw_mermaid()
    assert "VerbalizedSamplingRunnable" in drawing


def test_its_input_schema_takes_text_and_messages() -> None:
    assert {"string", "array"} <= {
        choice.get("type") for choice in sampling().get_input_jsonschema()["anyOf"]
    }


def test_it_runs_side_by_side_with_others() -> None:
    both = RunnableParallel(vs=sampling(AB), plain=FakeListChatModel(responses=["plain"]))
    result = both.invoke(QUESTION)
    assert (result["vs"].texts, result["plain"].content) == (["a", "b"], "plain")


def test_a_model_chosen_at_run_time_works(
    server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "test")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    server.add(AB)
    llm = init_chat_model("openai:one", configurable_fields="any")
    vs = VerbalizedSamplingRunnable(llm=llm, k=2)
    assert vs.invoke(QUESTION, {"configurable": {"model": "openai:another"}}).texts == ["a", "b"]
    assert server.requests[0].body["model"] == "another"
