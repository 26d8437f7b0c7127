"""`VerbalizedSamplingRetriever`: async, concurrency, the run tree and the config."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from langchain_core.documents import Document
from langchain_core.runnables import ConfigurableField, RunnableConfig, RunnableLambda
from langchain_core.tracers.context import collect_runs

from langchain_vs import VerbalizedSamplingRetriever
from tests.lc.libraries import SlowLibrary, annotation, ids, searching
from vs_core.adapters.retrieval import FusionMode

EVERY_MODE = get_args(FusionMode)


@pytest.mark.parametrize("mode", EVERY_MODE)
async def test_async_gives_what_sync_gives(mode: FusionMode) -> None:
    assert await searching(mode=mode).ainvoke("python") == searching(mode=mode).invoke("python")


async def test_async_searches_run_side_by_side_without_threads() -> None:
    library = SlowLibrary()
    assert len(await searching(library=library).ainvoke("python")) == 4
    assert library.most == 4


async def test_concurrency_is_bounded_by_the_config() -> None:
    library = SlowLibrary()
    await searching(library=library).ainvoke("python", {"max_concurrency": 2})
    assert library.most == 2


async def test_concurrent_queries_do_not_mix() -> None:
    llm: Any = RunnableLambda(lambda messages: f"1. (0.5) more on {messages[-1].content}")
    search = VerbalizedSamplingRetriever(retriever=SlowLibrary(), llm=llm, num_queries=2, top_k=2)
    found = await search.abatch(["a", "b", "c"])
    assert [ids(documents) for documents in found] == [
        ["a", "more on a"],
        ["b", "more on b"],
        ["c", "more on c"],
    ]


def test_the_rewriting_and_the_searches_are_runs_under_ours() -> None:
    with collect_runs() as runs:
        searching().invoke("python")
    [root] = runs.traced_runs
    assert root.name == "VerbalizedSamplingRetriever"
    assert [child.name for child in root.child_runs] == [
        "VerbalizedSamplingRunnable",
        *["Library"] * 4,
    ]
    assert "ScriptedChatModel" in [run.name for run in root.child_runs[0].child_runs]


async def test_async_runs_nest_as_sync_ones_do() -> None:
    with collect_runs() as runs:
        await searching().ainvoke("python")
    [root] = runs.traced_runs
    assert [child.name for child in root.child_runs] == [
        "VerbalizedSamplingRunnable",
        *["Library"] * 4,
    ]


def test_the_rewriting_stays_out_of_message_streams() -> None:
    with collect_runs() as runs:
        searching().invoke("python", {"tags": ["ours"]})
    [root] = runs.traced_runs
    assert ["nostream" in (child.tags or []) for child in root.child_runs] == [True, *[False] * 4]
    assert all("ours" in (child.tags or []) for child in root.child_runs)


def test_settings_can_be_configured_for_each_query() -> None:
    search = searching().configurable_fields(num_queries=ConfigurableField(id="queries"))
    assert len(search.invoke("python", {"configurable": {"queries": 1}})) == 1


def test_the_config_reaches_the_model_and_the_retriever() -> None:
    def from_config(_: Any, config: RunnableConfig) -> str:
        return str(config["configurable"]["reply"])

    search = VerbalizedSamplingRetriever(
        retriever=lambda query, config: [Document(from_config(query, config))],
        llm=RunnableLambda(from_config),
        num_queries=2,
    )
    [document] = search.invoke("python", {"configurable": {"reply": "1. (0.5) snake"}})
    assert document.page_content == "1. (0.5) snake"
    assert [query["query"] for query in annotation(document)["queries"]] == ["python", "snake"]
