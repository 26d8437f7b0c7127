"""Rewrites that are of no use, in the retriever and in the query transform."""

from __future__ import annotations

from typing import Any

import pytest

from llamaindex_vs import (
    VerbalizedSamplingEvent,
    VerbalizedSamplingQueryTransform,
    VerbalizedSamplingRetrievalEvent,
)
from tests.li.libraries import Ask, Library, each_way, ids, listening, searching
from tests.li.models import ScriptedLLM
from vs_core import HYPOTHETICAL_ANSWERS
from vs_core.retrieval.rewrites import ANSWER, COPY, REPEATED

QUERY = "How is espresso brewed?"
STATED = "Espresso is brewed by forcing hot water through finely ground coffee."
USELESS = f"1. (0.5) how is Espresso brewed\n2. (0.3) {STATED}\n3. (0.1) Rewrite: {QUERY}"
MIXED = f"1. (0.5) espresso pressure\n2. (0.3) {STATED}\n3. (0.1) Espresso: pressure!"
MORE = "1. (0.2) crema\n2. (0.1) moka pot"
WHY = [(STATED, ANSWER), ("Espresso: pressure!", REPEATED)]


@each_way
async def test_only_rewrites_of_use_are_searched_for_and_the_rest_asked_for_again(ask: Ask) -> None:
    library = Library()
    with listening() as events:
        await ask(searching(MIXED, MORE, library=library), QUERY)
    assert sorted(library.asked) == sorted([QUERY, "espresso pressure", "crema", "moka pot"])
    [event] = events.of(VerbalizedSamplingRetrievalEvent)
    assert [(d.fragment, d.reason) for d in event.distribution.trace.dropped] == WHY
    assert event.failure is None


@each_way
async def test_where_no_rewrite_is_of_use_the_original_is_searched_for(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    library = Library()
    with listening() as events:
        found = await ask(searching(USELESS, USELESS, library=library), QUERY)
    assert ids(found) == library.asked == [QUERY]
    [event] = events.of(VerbalizedSamplingRetrievalEvent)
    failure = f"nothing that was written could be used: {COPY} (4); {ANSWER} (2)"
    assert event.failure == failure
    assert len(event.distribution.trace.dropped) == 6
    assert failure in caplog.text


@each_way
async def test_so_it_is_where_an_unreadable_reply_is_an_error(ask: Ask) -> None:
    search = searching(USELESS, USELESS, on_failure="raise", include_original=False)
    assert ids(await ask(search, QUERY)) == [QUERY]


@each_way
async def test_where_nothing_can_be_read_the_original_is_searched_for(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    with listening() as events:
        assert ids(await ask(searching("", "I cannot do that."), QUERY)) == [QUERY]
    [event] = events.of(VerbalizedSamplingRetrievalEvent)
    assert event.failure.startswith("VerbalizedSamplingParserError: no candidate could be read")
    assert "I cannot do that." in caplog.text


@each_way
async def test_the_model_is_asked_no_more_often_than_set(ask: Ask) -> None:
    library = Library()
    await ask(searching(MIXED, library=library, max_topups=0), QUERY)
    assert sorted(library.asked) == sorted([QUERY, "espresso pressure"])


@each_way
async def test_hypothetical_answers_are_searched_for(ask: Ask) -> None:
    library = Library()
    await ask(searching(USELESS, library=library, instructions=HYPOTHETICAL_ANSWERS), QUERY)
    assert STATED in library.asked


def transforming(*script: Any, **settings: Any) -> VerbalizedSamplingQueryTransform:
    model = ScriptedLLM(script=list(script))
    return VerbalizedSamplingQueryTransform(model, **{"k": 3, **settings})


async def transformed(way: str, transform: VerbalizedSamplingQueryTransform) -> Any:
    return transform.run(QUERY) if way == "sync" else await transform.arun(QUERY)


either_way = pytest.mark.parametrize("way", ["sync", "async"])


@either_way
async def test_a_transform_expands_by_what_is_of_use(way: str) -> None:
    bundle = await transformed(way, transforming(MIXED, MORE))
    assert bundle.custom_embedding_strs == [QUERY, "espresso pressure", "crema", "moka pot"]
    assert [(d.fragment, d.reason) for d in bundle.distribution.trace.dropped] == WHY


@either_way
@pytest.mark.parametrize("mode", ["expand", "rewrite"])
async def test_a_transform_leaves_the_query_as_it_is_where_nothing_is_of_use(
    way: str, mode: Any, caplog: pytest.LogCaptureFixture
) -> None:
    bundle = await transformed(way, transforming(USELESS, USELESS, mode=mode))
    assert (bundle.query_str, bundle.custom_embedding_strs) == (QUERY, None)
    assert not bundle.distribution
    [note] = bundle.distribution.trace.notes
    assert note == f"nothing that was written could be used: {COPY} (4); {ANSWER} (2)"
    assert note in caplog.text


@either_way
async def test_a_transform_leaves_the_query_as_it_is_where_nothing_can_be_read(way: str) -> None:
    with listening() as events:
        bundle = await transformed(way, transforming("", "I cannot do that.", mode="rewrite"))
    assert (bundle.query_str, len(bundle.distribution)) == (QUERY, 0)
    [event] = events.of(VerbalizedSamplingEvent)
    assert event.distribution.trace.dropped[0].fragment == "I cannot do that."


@either_way
async def test_a_transform_rewrites_by_what_is_of_use(way: str) -> None:
    bundle = await transformed(way, transforming(MIXED, mode="rewrite", max_topups=0))
    assert bundle.query_str == "espresso pressure"


@either_way
async def test_a_transform_takes_answers_where_they_are_asked_for(way: str) -> None:
    bundle = await transformed(way, transforming(USELESS, mode="hyde"))
    assert STATED in bundle.custom_embedding_strs
