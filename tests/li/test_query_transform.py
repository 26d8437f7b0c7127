"""`VerbalizedSamplingQueryTransform` and `VerbalizedQueryBundle`."""

from __future__ import annotations

import copy
import pickle
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from llama_index.core import PromptTemplate, Settings
from llama_index.core.indices.query.query_transform.base import HyDEQueryTransform
from llama_index.core.schema import QueryBundle
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.span_handlers import SimpleSpanHandler
from pydantic import ValidationError

from llamaindex_vs import (
    SimulatedLLM,
    VerbalizedQueryBundle,
    VerbalizedSamplingEvent,
    VerbalizedSamplingParserError,
    VerbalizedSamplingQueryTransform,
)
from tests.every import for_every
from tests.li.embeddings import TableEmbedding, WordEmbedding
from tests.li.libraries import QUERIES, REPLY, listening
from tests.li.models import ScriptedLLM
from vs_core import HYPOTHETICAL_ANSWERS, QUERY_REWRITES, PromptError, parse_reply

EXPANDING = ("expand", "hyde")
EVERY_MODE = (*EXPANDING, "rewrite")
REWRITES = QUERIES[1:]
AXES = {text: [float(place == axis) for axis in range(4)] for place, text in enumerate(QUERIES)}
Run = Callable[[VerbalizedSamplingQueryTransform, Any], Awaitable[VerbalizedQueryBundle]]


@dataclass
class TenantBundle(QueryBundle):
    """A user's own bundle."""

    tenant: str = "nobody"


@pytest.fixture(params=["sync", "async"])
def run(request: pytest.FixtureRequest) -> Run:
    """Transforms in either way; the sync one then runs in an event loop, as in a notebook."""

    async def ran(transform: VerbalizedSamplingQueryTransform, query: Any) -> VerbalizedQueryBundle:
        if request.param == "sync":
            return transform.run(query)
        return await transform.arun(query)

    return ran


def transforming(*script: Any, **settings: Any) -> VerbalizedSamplingQueryTransform:
    """A transform whose model answers from a script."""
    model = ScriptedLLM(script=list(script or [REPLY]))
    return VerbalizedSamplingQueryTransform(model, **{"k": 3, **settings})


def table() -> TableEmbedding:
    """Four directions: the original, and what the scripted model writes in its order."""
    return TableEmbedding(queries=AXES, texts=AXES)


# What is searched for


@pytest.mark.parametrize("mode", EXPANDING)
async def test_the_query_string_stays(run: Run, mode: Any) -> None:
    assert (await run(transforming(mode=mode), "python")).query_str == "python"


@pytest.mark.parametrize("mode", EVERY_MODE)
async def test_the_distribution_travels_with_the_query(run: Run, mode: Any) -> None:
    bundle = await run(transforming(mode=mode), "python")
    assert dict(zip(bundle.distribution.texts, bundle.distribution.probabilities, strict=True)) == (
        pytest.approx({"python snake": 0.6, "python language": 0.3, "Monty Python": 0.1})
    )


@pytest.mark.parametrize("mode", EXPANDING)
async def test_without_an_embedding_model_the_framework_gets_the_strings(
    run: Run, mode: Any
) -> None:
    bundle = await run(transforming(mode=mode), "python")
    assert bundle.embedding_strs == QUERIES
    assert bundle.embedding is None


async def test_the_original_can_be_left_out(run: Run) -> None:
    bundle = await run(transforming(include_original=False), "python")
    assert bundle.embedding_strs == REWRITES


async def test_a_rewrite_equal_to_the_original_is_not_searched_for_twice(run: Run) -> None:
    bundle = await run(transforming("1. (0.5) Python \n2. (0.5) snake", k=2), "python")
    assert bundle.embedding_strs == ["python", "snake"]


async def test_as_many_are_asked_for_as_k_says(run: Run) -> None:
    bundle = await run(transforming(), "python")
    assert bundle.distribution.trace.k == 3


# The vector


@pytest.mark.parametrize(
    ("settings", "shares"),
    [
        ({}, [0.25, 0.45, 0.225, 0.075]),  # 1/3 of 4/3; 0.6, 0.3 and 0.1 of 4/3
        ({"original_weight": 2.0}, [0.4, 0.36, 0.18, 0.06]),  # 2/3 of 5/3; the rest of 5/3
        ({"original_weight": 0.0}, [0.0, 0.6, 0.3, 0.1]),
        ({"weighting": "equal"}, [0.25, 0.25, 0.25, 0.25]),
        ({"include_original": False}, [0.0, 0.6, 0.3, 0.1]),
    ],
)
@pytest.mark.parametrize("mode", EXPANDING)
async def test_the_vector_is_the_mean_by_probability(
    run: Run, mode: Any, settings: dict[str, Any], shares: list[float]
) -> None:
    transform = transforming(mode=mode, embed_model=table(), **settings)
    bundle = await run(transform, "python")
    assert bundle.embedding == pytest.approx(shares)


async def test_vectors_count_with_their_lengths(run: Run) -> None:
    long = TableEmbedding(queries={"a": [0.0, 1.0], "b": [3.0, 0.0]})
    transform = transforming("1. (0.5) b", k=1, embed_model=long)
    assert (await run(transform, "a")).embedding == pytest.approx([1.5, 0.5])


async def test_with_equal_weights_the_vector_is_the_framework_s_own(run: Run) -> None:
    model = WordEmbedding()
    bundle = await run(transforming(weighting="equal", embed_model=model), "python")
    assert bundle.embedding == pytest.approx(model.get_agg_embedding_from_queries(QUERIES))


async def test_rewrites_are_embedded_as_queries(run: Run) -> None:
    model = TableEmbedding(queries=AXES)
    await run(transforming(embed_model=model), "python")
    assert sorted(text for _, (text,) in model.calls) == sorted(QUERIES)


async def test_answers_are_embedded_as_documents_and_the_original_as_a_query(run: Run) -> None:
    model = TableEmbedding(
        queries={"python": [1.0, 0.0]}, texts={text: [0.0, 1.0] for text in REWRITES}
    )
    bundle = await run(transforming(mode="hyde", embed_model=model), "python")
    assert bundle.embedding == pytest.approx([0.25, 0.75])


async def test_answers_are_embedded_in_one_call(run: Run) -> None:
    model = table()
    await run(transforming(mode="hyde", embed_model=model), "python")
    assert [texts for how, texts in model.calls if how.endswith("texts")] == [tuple(REWRITES)]


async def test_asynchronously_only_asynchronous_methods_embed() -> None:
    model = table()
    await transforming(mode="hyde", embed_model=model).arun("python")
    assert sorted(how for how, _ in model.calls) == ["aquery", "atexts"]


async def test_with_an_embedding_model_the_strings_stay_as_they_came(run: Run) -> None:
    bundle = await run(transforming(embed_model=table()), QueryBundle("python"))
    assert bundle.custom_embedding_strs is None


async def test_a_vector_that_the_query_came_with_stands_for_the_original(run: Run) -> None:
    model = TableEmbedding(queries={"b": [0.0, 1.0]})
    asked = QueryBundle("a", embedding=[1.0, 0.0])
    bundle = await run(transforming("1. (0.5) b", k=1, embed_model=model), asked)
    assert bundle.embedding == pytest.approx([0.5, 0.5])


async def test_a_vector_of_another_model_is_refused(run: Run) -> None:
    model = TableEmbedding(queries={"b": [0.0, 1.0]})
    asked = QueryBundle("a", embedding=[1.0, 0.0, 0.0])
    with pytest.raises(PromptError, match="3 dimensions and those of embed_model have 2"):
        await run(transforming("1. (0.5) b", k=1, embed_model=model), asked)


async def test_a_vector_that_the_query_came_with_does_not_hide_the_strings(run: Run) -> None:
    asked = QueryBundle("python", embedding=[1.0, 0.0])
    bundle = await run(transforming(), asked)
    assert bundle.embedding is None
    assert bundle.embedding_strs == QUERIES


async def test_strings_that_the_query_came_with_stand_for_the_original(run: Run) -> None:
    asked = QueryBundle("python", custom_embedding_strs=["boa", "cobra"])
    bundle = await run(transforming(), asked)
    assert bundle.embedding_strs == ["boa", "cobra", *REWRITES]


async def test_strings_that_the_query_came_with_share_its_weight(run: Run) -> None:
    words = {"boa": [1.0, 0.0, 0.0], "cobra": [0.0, 1.0, 0.0], "snake": [0.0, 0.0, 1.0]}
    asked = QueryBundle("python", custom_embedding_strs=["boa", "cobra"])
    model = TableEmbedding(queries=words)
    bundle = await run(transforming("1. (0.5) snake", k=1, embed_model=model), asked)
    assert bundle.embedding == pytest.approx([0.25, 0.25, 0.5])


# Rewriting


async def test_a_rewrite_becomes_the_query(run: Run) -> None:
    bundle = await run(transforming(mode="rewrite"), "python")
    assert bundle.query_str in REWRITES
    assert bundle.embedding_strs == [bundle.query_str]


async def test_the_best_rewrite_can_be_taken(run: Run) -> None:
    bundle = await run(transforming(mode="rewrite", select="best"), "python")
    assert bundle.query_str == "python snake"


async def test_a_seed_fixes_the_draw(run: Run) -> None:
    drawn = {
        (await run(transforming(mode="rewrite", seed=4), "python")).query_str for _ in range(20)
    }
    assert len(drawn) == 1


def test_rewrites_are_drawn_by_probability() -> None:
    drawn = Counter(
        transforming(mode="rewrite", seed=seed).run("python").query_str for seed in range(300)
    )
    # Five standard deviations around 180, 90 and 30 of 300.
    assert drawn["python snake"] == pytest.approx(180, abs=43)
    assert drawn["python language"] == pytest.approx(90, abs=40)
    assert drawn["Monty Python"] == pytest.approx(30, abs=26)


async def test_a_rewrite_leaves_nothing_of_the_original_to_search_for(run: Run) -> None:
    asked = QueryBundle("python", custom_embedding_strs=["boa"], embedding=[1.0])
    bundle = await run(transforming(mode="rewrite"), asked)
    assert bundle.embedding_strs == [bundle.query_str]
    assert bundle.embedding is None


async def test_a_rewrite_is_embedded_alone(run: Run) -> None:
    transform = transforming(mode="rewrite", select="best", embed_model=table())
    asked = QueryBundle("python", embedding=AXES["python"])
    assert (await run(transform, asked)).embedding == AXES["python snake"]


# Bundles


@for_every("mode", EVERY_MODE)
@for_every("embed_model", [None, WordEmbedding()])
async def test_both_ways_give_the_same_bundle(mode: Any, embed_model: Any) -> None:
    settings = {"mode": mode, "embed_model": embed_model, "seed": 1}
    ran = transforming(**settings).run("python")
    assert await transforming(**settings).arun("python") == ran


@pytest.mark.parametrize("mode", EVERY_MODE)
async def test_the_bundle_that_came_in_is_left_as_it_was(run: Run, mode: Any) -> None:
    asked = QueryBundle("python", "a.png", ["boa"], [0.0, 0.0, 0.0, 1.0])
    before = copy.deepcopy(asked)
    await run(transforming(mode=mode, embed_model=table()), asked)
    assert asked == before


@pytest.mark.parametrize("mode", EVERY_MODE)
async def test_an_image_stays_with_the_query(run: Run, mode: Any) -> None:
    bundle = await run(transforming(mode=mode), QueryBundle("python", image_path="a.png"))
    assert bundle.image_path == "a.png"


@pytest.mark.parametrize("mode", EVERY_MODE)
async def test_a_bundle_of_the_user_s_own_class_stays_one(run: Run, mode: Any) -> None:
    bundle = await run(transforming(mode=mode), TenantBundle("python", tenant="zoo"))
    assert isinstance(bundle, TenantBundle)
    assert isinstance(bundle, VerbalizedQueryBundle)
    assert (bundle.tenant, len(bundle.distribution)) == ("zoo", 3)


async def test_a_bundle_of_the_user_s_own_class_can_be_transformed_again(run: Run) -> None:
    once = await run(transforming(mode="rewrite"), TenantBundle("python", tenant="zoo"))
    twice = await run(transforming("1. (0.9) boa", k=1), once)
    assert isinstance(twice, TenantBundle)
    assert (twice.tenant, twice.distribution.texts) == ("zoo", ["boa"])


@for_every(
    "duplicate", [copy.copy, copy.deepcopy, lambda bundle: pickle.loads(pickle.dumps(bundle))]
)
@for_every("asked", [QueryBundle("python"), TenantBundle("python", tenant="zoo")])
def test_bundles_can_be_copied_and_pickled(
    duplicate: Callable[[VerbalizedQueryBundle], VerbalizedQueryBundle], asked: QueryBundle
) -> None:
    bundle = transforming(embed_model=table()).run(asked)
    assert duplicate(bundle) == bundle


def test_a_bundle_survives_json() -> None:
    bundle = transforming(embed_model=table()).run("python")
    assert VerbalizedQueryBundle.from_json(bundle.to_json()) == bundle


def test_a_bundle_without_a_distribution_is_like_any_other() -> None:
    bundle = VerbalizedQueryBundle("python")
    assert not bundle.distribution
    assert bundle.embedding_strs == ["python"]


def test_a_bundle_reads_as_its_query() -> None:
    assert str(VerbalizedQueryBundle("python", distribution=parse_reply(REPLY))) == "python"


async def test_a_transform_can_follow_one_of_the_framework(run: Run) -> None:
    hyde = HyDEQueryTransform(llm=ScriptedLLM(script=["Pythons are snakes."]))
    bundle = await run(transforming(), hyde.run("python"))
    assert bundle.embedding_strs == ["Pythons are snakes.", "python", *REWRITES]


# The question that is asked


@pytest.mark.parametrize("mode", EVERY_MODE)
async def test_what_to_write_is_said_by_mode(run: Run, mode: Any) -> None:
    model = ScriptedLLM(script=[REPLY])
    await run(VerbalizedSamplingQueryTransform(model, mode, k=3), "python")
    wording = HYPOTHETICAL_ANSWERS if mode == "hyde" else QUERY_REWRITES
    assert str(model.calls[0][0].content).startswith(wording)


async def test_own_instructions_replace_the_built_in_ones(run: Run) -> None:
    model = ScriptedLLM(script=[REPLY])
    transform = VerbalizedSamplingQueryTransform(model, k=3, instructions="Write {titles}.")
    await run(transform, "python")
    assert str(model.calls[0][0].content).startswith("Write {titles}.")
    assert QUERY_REWRITES not in str(model.calls[0][0].content)


async def test_braces_survive_in_the_query_and_in_what_is_written(run: Run) -> None:
    model = ScriptedLLM(script=["1. (0.5) a {dict} in {0}"])
    transform = VerbalizedSamplingQueryTransform(model, k=1)
    bundle = await run(transform, "what is {x!r} in {}?")
    assert model.calls[0][-1].content == "what is {x!r} in {}?"
    assert bundle.embedding_strs == ["what is {x!r} in {}?", "a {dict} in {0}"]


async def test_the_model_of_the_settings_is_taken_at_each_call(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    transform = VerbalizedSamplingQueryTransform(k=3)
    monkeypatch.setattr(Settings, "_llm", ScriptedLLM(script=[REPLY]))
    assert (await run(transform, "python")).embedding_strs == QUERIES


@pytest.mark.parametrize("mode", EVERY_MODE)
async def test_it_runs_with_the_simulated_model(run: Run, mode: Any) -> None:
    transform = VerbalizedSamplingQueryTransform(
        SimulatedLLM(seed=1),
        mode,
        embed_model=WordEmbedding(),
        k=4,
    )
    bundle = await run(transform, "Tell me a joke about coffee")
    assert len(bundle.distribution) == 4
    assert bundle.embedding


def test_the_instructions_are_a_prompt_of_the_transform() -> None:
    prompts = transforming(mode="hyde").get_prompts()
    assert prompts["instructions"].get_template() == HYPOTHETICAL_ANSWERS


async def test_instructions_can_be_updated(run: Run) -> None:
    model = ScriptedLLM(script=[REPLY])
    transform = VerbalizedSamplingQueryTransform(model, k=3)
    transform.update_prompts({"instructions": PromptTemplate("In {Latin}, please.")})
    await run(transform, "python")
    assert str(model.calls[0][0].content).startswith("In {Latin}, please.")


def test_blank_instructions_bring_the_built_in_ones_back() -> None:
    transform = transforming(mode="hyde", instructions="In Latin, please.")
    transform.update_prompts({"instructions": PromptTemplate(" ")})
    assert transform.get_prompts()["instructions"].get_template() == HYPOTHETICAL_ANSWERS


# Events


async def test_an_event_carries_the_distribution(run: Run) -> None:
    with listening() as events:
        bundle = await run(transforming(), "python")
    [event] = events.of(VerbalizedSamplingEvent)
    assert (event.component, event.query) == ("VerbalizedSamplingQueryTransform", "python")
    assert event.distribution == bundle.distribution


@pytest.mark.parametrize(("asynchronous", "name"), [(False, "_run"), (True, "_arun")])
async def test_a_span_lies_around_the_model_and_the_embedding(
    asynchronous: bool, name: str
) -> None:
    handler, dispatcher = SimpleSpanHandler(), get_dispatcher()
    dispatcher.add_span_handler(handler)
    transform = transforming(embed_model=table())
    try:
        await transform.arun("python") if asynchronous else transform.run("python")
    finally:
        dispatcher.span_handlers.remove(handler)
    outer = f"VerbalizedSamplingQueryTransform.{name}-"
    [root] = [span.id_ for span in handler.completed_spans if span.id_.startswith(outer)]
    inner = {span.id_.split("-")[0] for span in handler.completed_spans if span.parent_id == root}
    prefix = "a" if asynchronous else ""
    assert {
        f"VerbalizedSampler.{prefix}run",
        f"TableEmbedding.{prefix}get_query_embedding",
    } <= inner


# What can go wrong


@pytest.mark.parametrize("mode", EVERY_MODE)
async def test_a_failing_model_fails_the_transform(run: Run, mode: Any) -> None:
    with pytest.raises(ConnectionError):
        await run(transforming(ConnectionError("no model"), mode=mode), "python")


async def test_an_unreadable_reply_can_fail_the_transform_and_is_in_the_error(run: Run) -> None:
    with pytest.raises(VerbalizedSamplingParserError) as caught:
        await run(transforming("", "I cannot do that.", on_failure="raise"), "python")
    assert caught.value.reply == "I cannot do that."


@pytest.mark.parametrize("mode", EVERY_MODE)
async def test_the_original_alone_can_stand_in_for_a_failing_model(run: Run, mode: Any) -> None:
    asked = QueryBundle("python", "a.png", ["boa"], [1.0])
    transform = transforming(
        ConnectionError("no model"), mode=mode, on_failure="original_only", include_original=False
    )
    bundle = await run(transform, asked)
    assert bundle == VerbalizedQueryBundle(
        "python", "a.png", ["boa"], [1.0], distribution=bundle.distribution
    )
    assert not bundle.distribution


async def test_why_there_is_nothing_but_the_original_is_in_the_trace(run: Run) -> None:
    transform = transforming(ConnectionError("no model"), on_failure="original_only")
    bundle = await run(transform, "python")
    assert bundle.distribution.trace.notes == ("ConnectionError: no model",)


async def test_a_reply_that_was_done_without_is_in_the_trace(run: Run) -> None:
    transform = transforming("", "I cannot do that.", on_failure="original_only")
    [dropped] = (await run(transform, "python")).distribution.trace.dropped
    assert dropped.fragment == "I cannot do that."
    assert dropped.reason.startswith("VerbalizedSamplingParserError: ")


async def test_an_event_says_that_the_original_stands_alone(run: Run) -> None:
    transform = transforming(ConnectionError("no model"), on_failure="original_only")
    with listening() as events:
        bundle = await run(transform, "python")
    [event] = events.of(VerbalizedSamplingEvent)
    assert (event.component, event.query) == ("VerbalizedSamplingQueryTransform", "python")
    assert event.distribution == bundle.distribution


@pytest.mark.parametrize(
    "query", ["", " \n", None, 7, QueryBundle(""), QueryBundle("", custom_embedding_strs=["boa"])]
)
@pytest.mark.parametrize("on_failure", ["raise", "original_only"])
async def test_what_is_no_query_is_refused_before_the_model_is_asked(
    run: Run, query: Any, on_failure: Any
) -> None:
    model = ScriptedLLM(script=[REPLY])
    transform = VerbalizedSamplingQueryTransform(model, on_failure=on_failure)
    with pytest.raises(PromptError, match="the query is"):
        await run(transform, query)
    assert model.calls == []


@for_every(
    ("setting", "value"),
    [
        ("mode", "expnd"),
        ("weighting", "probable"),
        ("original_weight", -1.0),
        ("original_weight", float("nan")),
        ("original_weight", float("inf")),
        ("select", "worst"),
        ("seed", "one"),
        ("on_failure", "whole_reply"),
        ("embed_model", "local"),
        ("k", 0),
        ("instructions", " "),
        ("max_probability", 2.0),
    ],
)
def test_a_bad_setting_is_refused_at_construction(setting: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=setting):
        transforming(**{setting: value})


@pytest.mark.parametrize("setting", ["num_queries", "value_schema"])
def test_a_setting_that_does_not_exist_is_named(setting: str) -> None:
    with pytest.raises(TypeError, match=f"has no setting {setting}"):
        transforming(**{setting: int})
