"""Steps on a distribution."""

from __future__ import annotations

import json
from collections import Counter
from itertools import permutations
from typing import Any

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.runnables import ConfigurableField, RunnableLambda
from langchain_core.tracers.context import collect_runs
from pydantic import ValidationError

from langchain_vs import (
    BestCandidate,
    DiverseCandidates,
    FilterCandidates,
    MapCandidates,
    ReweightCandidates,
    SampleCandidate,
    SampleCandidates,
)
from tests.core.distributions import stating
from tests.core.test_choosing import chi_square
from tests.every import for_every
from vs_core import EmptyDistributionError, PromptError, SampleSizeError, VerbalizedDistribution

D = stating(a=0.5, b=0.3, c=0.05)
EVERY_STEP: list[Any] = [
    BestCandidate(),
    SampleCandidate(seed=1),
    SampleCandidates(n=2, seed=1),
    FilterCandidates(top_k=2),
    MapCandidates(runnable=str.upper),
    ReweightCandidates(scorer=lambda text: 1 if text == "a" else 3),
    DiverseCandidates(n=2, embeddings=DeterministicFakeEmbedding(size=4)),
]
each_step = pytest.mark.parametrize("step", EVERY_STEP, ids=lambda step: type(step).__name__)


def fail_on_b(text: str) -> str:
    if text == "b":
        raise ValueError("no b")
    return text.upper()


@each_step
async def test_async_gives_what_sync_gives(step: Any) -> None:
    assert await step.ainvoke(D) == step.invoke(D)


@each_step
def test_a_streamed_input_gives_what_a_whole_one_gives(step: Any) -> None:
    [result] = step.transform(iter([D[:1], D[1:]]))
    whole = step.invoke(D)
    if isinstance(whole, VerbalizedDistribution):
        assert (result.texts, result.probabilities) == (whole.texts, whole.probabilities)
    else:
        assert result == whole


@each_step
def test_anything_but_a_distribution_is_refused(step: Any) -> None:
    with pytest.raises(PromptError, match=f"{type(step).__name__} got str"):
        step.invoke("a text")


@each_step
def test_a_misspelt_setting_is_refused(step: Any) -> None:
    with pytest.raises(ValidationError, match="not permitted"):
        type(step)(**{**step.model_dump(exclude={"name"}), "seeed": 1})


@each_step
def test_each_step_is_a_run_of_its_name(step: Any) -> None:
    with collect_runs() as runs:
        step.invoke(D)
    assert runs.traced_runs[0].name == type(step).__name__


@each_step
def test_the_same_distribution_can_go_through_many_times(step: Any) -> None:
    before = D.model_dump_json()
    assert step.batch([D] * 20, {"max_concurrency": 8}) == [step.invoke(D)] * 20
    assert D.model_dump_json() == before


@each_step
def test_each_step_describes_its_input_and_output(step: Any) -> None:
    described = step.get_input_jsonschema(), step.get_output_jsonschema()
    assert "VerbalizedDistribution" in json.dumps(described[0])
    assert described[1]["title"]


def test_best_gives_the_most_probable_value() -> None:
    assert BestCandidate().invoke(D) == "a"


def test_a_seed_repeats_the_draw_in_every_input_of_a_batch() -> None:
    assert len(set(SampleCandidate(seed=5).batch([D] * 30))) == 1


def test_without_a_seed_the_inputs_of_a_batch_draw_differently() -> None:
    assert len(set(SampleCandidate(uniform=True).batch([D] * 60))) == 3


def test_a_seed_can_be_configured_for_each_input() -> None:
    step = SampleCandidate(uniform=True).configurable_fields(seed=ConfigurableField(id="seed"))
    configs: Any = [{"configurable": {"seed": seed}} for seed in range(30)]
    first, second = step.batch([D] * 30, configs), step.batch([D] * 30, configs)
    assert first == second
    assert len(set(first)) == 3


SEEDS = 2000
WEIGHTS = {"a": 0.5, "b": 0.3, "c": 0.2}
PAIRS = {
    first + second: WEIGHTS[first] * WEIGHTS[second] / (1 - WEIGHTS[first])
    for first, second in permutations(WEIGHTS, 2)
}
# The 99.9 % quantiles of chi-square with 2, 5 and 8 degrees of freedom.
DRAWS: list[tuple[Any, dict[str, float], float]] = [
    (SampleCandidate(), WEIGHTS, 13.82),
    (SampleCandidate(uniform=True), dict.fromkeys("abc", 1 / 3), 13.82),
    # p^(1/0.5) is p squared.
    (SampleCandidate(temperature=0.5), {"a": 25 / 38, "b": 9 / 38, "c": 4 / 38}, 13.82),
    (SampleCandidates(n=2), PAIRS, 20.52),
    (
        SampleCandidates(n=2, replace=True),
        {x + y: WEIGHTS[x] * WEIGHTS[y] for x in WEIGHTS for y in WEIGHTS},
        26.12,
    ),
]
each_draw = pytest.mark.parametrize(
    ("step", "expected", "limit"),
    DRAWS,
    ids=["one", "uniform", "temperature", "without replacement", "with replacement"],
)


def counted(drawn: list[Any]) -> Counter[str]:
    return Counter("".join(values) for values in drawn)


@each_draw
def test_frequencies_over_seeds_match_the_probabilities(
    step: Any, expected: dict[str, float], limit: float
) -> None:
    d = stating(**WEIGHTS)
    drawn = [step.model_copy(update={"seed": seed}).invoke(d) for seed in range(SEEDS)]
    assert chi_square(counted(drawn), expected) < limit


@each_draw
def test_frequencies_over_configured_seeds_match_the_probabilities(
    step: Any, expected: dict[str, float], limit: float
) -> None:
    seeded = step.configurable_fields(seed=ConfigurableField(id="seed"))
    configs: Any = [{"configurable": {"seed": seed}, "max_concurrency": 8} for seed in range(SEEDS)]
    drawn = seeded.batch([stating(**WEIGHTS)] * SEEDS, configs)
    assert chi_square(counted(drawn), expected) < limit


@for_every("concurrency", [1, 2, 16])
@for_every(
    "step",
    [SampleCandidate(), SampleCandidates(n=2), SampleCandidates(n=3, replace=True)],
    ids=["one", "without replacement", "with replacement"],
)
async def test_a_seed_draws_the_same_however_many_run_at_once(step: Any, concurrency: int) -> None:
    alone = [step.model_copy(update={"seed": seed}).invoke(D) for seed in range(50)]
    seeded = step.configurable_fields(seed=ConfigurableField(id="seed"))
    configs: Any = [
        {"configurable": {"seed": seed}, "max_concurrency": concurrency} for seed in range(50)
    ]
    assert seeded.batch([D] * 50, configs) == alone
    assert await seeded.abatch([D] * 50, configs) == alone


def test_sample_gives_what_the_distribution_draws() -> None:
    step = SampleCandidate(seed=3, temperature=0.5)
    assert step.invoke(D) == D.sample(seed=3, temperature=0.5).value


def test_sample_of_an_empty_distribution_is_an_error() -> None:
    with pytest.raises(EmptyDistributionError):
        SampleCandidate().invoke(VerbalizedDistribution())


def test_several_draws_are_all_different() -> None:
    assert sorted(SampleCandidates(n=3).invoke(D)) == ["a", "b", "c"]


def test_more_draws_than_candidates_are_an_error() -> None:
    with pytest.raises(SampleSizeError):
        SampleCandidates(n=4).invoke(D)


def test_more_draws_than_candidates_are_fine_with_replacement() -> None:
    assert len(SampleCandidates(n=9, replace=True).invoke(D)) == 9


@for_every(
    ("settings", "kept"),
    [
        ({"tail": 0.1}, ["c"]),
        ({"tail": 0.01, "at_least": 2}, ["b", "c"]),
        ({"top_k": 2}, ["a", "b"]),
        ({"top_p": 0.9}, ["a", "b"]),
        ({"min_p": 0.5}, ["a", "b"]),
        ({"predicate": lambda candidate: candidate.text != "b"}, ["a", "c"]),
        ({"predicate": lambda candidate: candidate.text != "a", "top_k": 1}, ["b"]),
    ],
)
def test_filters_keep_what_passes_them(settings: dict[str, Any], kept: list[str]) -> None:
    assert FilterCandidates(**settings).invoke(D).texts == kept


def test_filtering_renormalises() -> None:
    assert FilterCandidates(top_k=2).invoke(D).probabilities == pytest.approx([0.625, 0.375])


def test_a_filter_that_filters_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="no filter is set"):
        FilterCandidates()


@for_every(
    "wrong", [{"tail": 0}, {"top_k": 0}, {"top_p": 1.2}, {"min_p": -1}, {"at_least": -1}], ids=str
)
def test_an_impossible_filter_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        FilterCandidates(**wrong)


@pytest.mark.parametrize("wrong", [{"n": 0}, {"n": 1, "temperature": 0}, {}], ids=str)
def test_an_impossible_draw_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SampleCandidates(**wrong)


def test_map_changes_values_and_keeps_probabilities() -> None:
    mapped = MapCandidates(runnable=str.upper).invoke(D)
    assert (mapped.values, mapped.probabilities) == (["A", "B", "C"], D.probabilities)


def test_map_takes_nothing_else() -> None:
    with pytest.raises(ValidationError, match="'a text' is neither a Runnable nor a function"):
        MapCandidates(runnable="a text")


def test_fields_of_an_inner_runnable_are_among_those_of_the_step() -> None:
    inner = SampleCandidate().configurable_fields(seed=ConfigurableField(id="inner_seed"))
    assert "inner_seed" in {spec.id for spec in MapCandidates(runnable=inner).config_specs}


def test_map_takes_any_runnable() -> None:
    assert MapCandidates(runnable=RunnableLambda(len)).invoke(D).values == [1, 1, 1]


def test_a_failing_candidate_raises_by_default() -> None:
    with pytest.raises(ValueError, match="no b"):
        MapCandidates(runnable=fail_on_b).invoke(D)


@pytest.mark.parametrize("run", ["invoke", "ainvoke"])
async def test_a_failing_candidate_can_be_dropped(run: str) -> None:
    step = MapCandidates(runnable=fail_on_b, on_error="drop")
    kept = step.invoke(D) if run == "invoke" else await step.ainvoke(D)
    assert kept.values == ["A", "C"]
    assert kept.probabilities == pytest.approx([10 / 11, 1 / 11])


def test_a_dropped_candidate_is_reported() -> None:
    [dropped] = MapCandidates(runnable=fail_on_b, on_error="drop").invoke(D).trace.dropped
    assert (dropped.fragment, dropped.reason) == ("b", "ValueError: no b")


def test_mapped_runs_are_nested() -> None:
    with collect_runs() as runs:
        MapCandidates(runnable=str.upper).invoke(D)
    assert len(runs.traced_runs[0].child_runs) == 3


NAMELESS: list[tuple[Any, Any]] = [(SampleCandidates, 2), (MapCandidates, str.upper)]


@pytest.mark.parametrize(("step", "setting"), NAMELESS, ids=["SampleCandidates", "MapCandidates"])
def test_what_a_step_is_about_needs_no_name(step: Any, setting: Any) -> None:
    [name] = [name for name, field in step.model_fields.items() if field.is_required()]
    assert getattr(step(setting), name) == getattr(step(**{name: setting}), name)


def test_other_settings_need_their_names() -> None:
    step: Any = SampleCandidates
    with pytest.raises(TypeError, match="takes 1 settings without a name, and 2 were given"):
        step(2, True)  # what is refused
