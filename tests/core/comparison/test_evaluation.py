"""What outcomes add up to: responses, scores, means, cost, and what has to be said with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.core.comparison.exchanges import (
    COIN,
    DIE,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    answer,
    compared,
    numbered,
    settings_of,
)
from vs_core.adapters.comparison import Experiment, Outcome, PlannedExchange
from vs_core.metrics import DEFAULT, measure

TOKENS = INPUT_TOKENS + OUTPUT_TOKENS


def _embed(texts: list[str]) -> list[list[float]]:
    return [[1.0, float(len(text) % 3), float(len(text) % 5)] for text in texts]


def _instead(prompt: str, method: str, outcome: Outcome) -> Callable[[PlannedExchange], Outcome]:
    """Answer everything, but that prompt and method with something else."""

    def respond(exchange: PlannedExchange) -> Outcome:
        return (
            outcome
            if (exchange.prompt, exchange.method) == (prompt, method)
            else numbered(exchange)
        )

    return respond


def test_responses_are_in_the_order_of_the_exchanges_whatever_came_first() -> None:
    experiment = Experiment(settings_of(methods=["standard"], n=12))
    for exchange in reversed(experiment.pending):
        experiment.take(exchange, numbered(exchange))
    [result] = experiment.comparison().results
    assert result.texts == tuple(
        f"{COIN} standard {number} {i}"
        for number, size in enumerate((5, 5, 2))
        for i in range(size)
    )


def test_responses_beyond_the_budget_are_left_out() -> None:
    [result] = compared(
        settings_of(methods=["standard"], n=5), lambda _: answer(*"abcdefgh", stated=[0.1] * 8)
    ).results
    assert result.texts == tuple("abcde")
    assert result.probabilities == (0.125,) * 5


def test_baselines_have_no_probabilities() -> None:
    direct, standard = compared(settings_of(methods=["direct", "standard"], n=2)).results
    assert (direct.probabilities, standard.probabilities) == (None, (0.5, 0.5))


def test_there_is_a_result_for_each_prompt_and_method() -> None:
    comparison = compared(settings_of([COIN, DIE], methods=["direct", "cot"], n=2))
    assert [(found.prompt, found.method) for found in comparison.results] == [
        (COIN, "direct"),
        (COIN, "cot"),
        (DIE, "direct"),
        (DIE, "cot"),
    ]
    assert [found.prompt for found in comparison.of_method("cot")] == [COIN, DIE]
    assert [found.method for found in comparison.of_prompt(DIE)] == ["direct", "cot"]


def test_scores_are_those_of_the_metrics() -> None:
    [result] = compared(settings_of(methods=["standard"], n=5)).results
    assert result.scores == measure(result.texts)
    assert tuple(result.scores) == DEFAULT


def test_embeddings_and_reference_bring_their_metrics() -> None:
    settings = settings_of([COIN, DIE], methods=["standard"], n=4, reference={DIE: ["6"]})
    coin, die = compared(settings, embeddings=_embed).results
    assert coin.scores == measure(coin.texts, embeddings=_embed)
    assert die.scores == measure(die.texts, embeddings=_embed, reference=["6"])


def test_metrics_can_be_chosen() -> None:
    names = ["entropy", "coverage_n"]
    settings = settings_of([COIN, DIE], methods=["direct"], metrics=names, reference={DIE: ["6"]})
    assert [list(found.scores) for found in compared(settings).results] == [["entropy"], names]


def test_each_text_is_embedded_once() -> None:
    embedded: list[str] = []

    def embed(texts: list[str]) -> list[list[float]]:
        embedded.extend(texts)
        return _embed(texts)

    compared(settings_of(n=4), lambda _: answer("heads", "tails", " "), embeddings=embed)
    assert sorted(embedded) == ["heads", "tails"]


@pytest.mark.parametrize("metrics", [None, ["vendi_score", "rouge_l"]])
def test_embeddings_that_fail_cost_no_response_and_no_other_score(
    metrics: list[str] | None,
) -> None:
    def embed(_: list[str]) -> list[list[float]]:
        raise ConnectionError("no route")

    settings = settings_of(methods=["standard"], n=5, metrics=metrics)
    comparison = compared(settings, embeddings=embed)
    [result] = comparison.results
    assert len(result.texts) == 5
    assert result.scores == measure(result.texts, metrics=metrics and ["rouge_l"])
    assert "ConnectionError: no route" in " ".join(comparison.notes)


def test_embeddings_of_unequal_length_are_a_failure_too() -> None:
    comparison = compared(
        settings_of(methods=["standard"], n=5),
        lambda _: answer("a", "bb"),
        embeddings=lambda texts: [[1.0] * len(text) for text in texts],
    )
    assert "different lengths" in " ".join(comparison.notes)


def test_scores_are_of_as_many_responses_as_every_method_has_for_the_prompt() -> None:
    settings = settings_of([COIN, DIE], methods=["sequence", "standard"], n=5)
    comparison = compared(settings, _instead(COIN, "standard", answer("a", "b", "c")))
    sequence, standard, *_ = comparison.results
    assert sequence.scores == measure(sequence.texts[:3])
    assert [found.measured for found in comparison.results] == [3, 3, 5, 5]
    assert (len(sequence.texts), len(standard.texts)) == (5, 3)
    assert "the first 3 to 5 responses" in " ".join(comparison.notes)


def test_a_method_without_any_response_does_not_take_the_others_scores() -> None:
    settings = settings_of(methods=["sequence", "standard"], n=5)
    comparison = compared(settings, _instead(COIN, "standard", RuntimeError("quota")))
    sequence, standard = comparison.results
    assert (sequence.measured, standard.measured, standard.scores) == (5, 0, {})


def test_means_are_over_prompts() -> None:
    settings = settings_of([COIN, DIE], methods=["standard"], n=4)
    comparison = compared(settings, _instead(DIE, "standard", answer("6", "6", "6", "6")))
    assert comparison.summary_of("standard").scores["unique_fraction"].mean == (1.0 + 0.25) / 2


def test_means_are_over_the_prompts_that_all_methods_answered() -> None:
    settings = settings_of([COIN, DIE], methods=["sequence", "standard"], n=2)

    def respond(exchange: PlannedExchange) -> Outcome:
        if exchange.prompt == DIE:
            return answer("6", "6") if exchange.method == "sequence" else RuntimeError("quota")
        return numbered(exchange)

    comparison = compared(settings, respond)
    sequence, standard = comparison.summaries
    assert sequence.scores["unique_fraction"].mean == 1.0
    assert standard.scores["unique_fraction"].mean == 1.0
    assert "means are over the 1 of 2 prompts" in " ".join(comparison.notes)


def test_a_method_that_never_answered_leaves_the_others_their_means() -> None:
    settings = settings_of([COIN, DIE], methods=["sequence", "standard"], n=2)

    def respond(exchange: PlannedExchange) -> Outcome:
        return numbered(exchange) if exchange.method == "sequence" else RuntimeError("quota")

    sequence, standard = compared(settings, respond).summaries
    assert sequence.scores["unique_fraction"].mean == 1.0
    assert standard.scores["unique_fraction"].mean is None


def test_several_prompts_have_intervals_and_one_has_none() -> None:
    one = compared(settings_of(methods=["standard"], n=4))
    two = compared(
        settings_of([COIN, DIE], methods=["standard"], n=4),
        _instead(DIE, "standard", answer("6", "6", "6", "6")),
    )
    assert one.summaries[0].scores["unique_fraction"].low is None
    assert two.summaries[0].scores["unique_fraction"].low == 0.25
    assert two.summaries[0].scores["unique_fraction"].high == 1.0


def test_cost_adds_up_over_exchanges_and_prompts() -> None:
    comparison = compared(settings_of([COIN, DIE], methods=["direct", "standard"], n=10))
    direct, standard = (summary.cost for summary in comparison.summaries)
    assert (direct.calls, direct.input_tokens, direct.output_tokens) == (20, 140, 60)
    assert (standard.calls, standard.input_tokens, standard.output_tokens) == (4, 28, 12)


def test_tokens_per_distinct_response_count_what_was_sent_and_received() -> None:
    settings = settings_of(methods=["direct"], n=4)
    [summary] = compared(settings, lambda e: answer(("Heads", "heads.")[e.number % 2])).summaries
    assert (summary.responses, summary.distinct) == (4, 1)
    assert summary.tokens_per_distinct == 4 * TOKENS


def test_the_same_answer_to_two_prompts_is_distinct_for_each() -> None:
    settings = settings_of([COIN, DIE], methods=["direct"], n=2)
    [summary] = compared(settings, lambda _: answer("Yes")).summaries
    assert summary.distinct == 2


def test_failures_are_reported_and_leave_the_rest() -> None:
    settings = settings_of(methods=["direct", "standard"], n=10)
    comparison = compared(
        settings, lambda e: RuntimeError("quota") if e.key[1:] == ("standard", 1) else numbered(e)
    )
    standard = comparison.of_method("standard")[0]
    assert (len(standard.texts), standard.failures) == (5, ("RuntimeError: quota",))
    assert comparison.summary_of("standard").failures == 1
    assert "standard: 5 of 10 responses (1 of 2 exchanges failed)" in comparison.notes


def test_replies_that_were_cut_off_are_noted() -> None:
    settings = settings_of(methods=["standard"], n=5)
    comparison = compared(settings, lambda _: answer("a", "b", truncated=True))
    assert "standard: 2 of 5 responses (1 of 1 had a reply that was cut off)" in comparison.notes


def test_a_full_budget_over_several_prompts_needs_no_note() -> None:
    assert compared(settings_of([COIN, DIE], n=5)).notes == ()


def test_a_run_that_was_broken_off_has_a_comparison_that_says_so() -> None:
    experiment = Experiment(settings_of(methods=["direct", "standard"], n=10))
    for exchange in experiment.pending[:8]:
        experiment.take(exchange, numbered(exchange))
    comparison = experiment.comparison()
    assert not comparison.complete
    assert [found.measured for found in comparison.results] == [5, 5]
    assert comparison.notes[0] == "not complete: 8 of 12 exchanges were made"


def test_the_model_is_named_by_its_replies() -> None:
    comparison = compared(settings_of(n=2), lambda _: answer("a", "b", model="gpt"))
    assert (comparison.settings.model, comparison.settings.simulated) == ("gpt", False)


def test_a_name_that_was_given_stays() -> None:
    comparison = compared(settings_of(n=2, model="mine"), lambda _: answer("a", model="gpt"))
    assert comparison.settings.model == "mine"


def test_the_simulation_is_recognised() -> None:
    comparison = compared(settings_of(n=2), lambda _: answer("a", "b", model="simulated"))
    assert comparison.settings.simulated


def test_responses_of_several_models_are_noted() -> None:
    comparison = compared(
        settings_of(n=2), lambda e: answer("a", "b", model=f"gpt-{len(e.method)}")
    )
    assert "the responses come from several models: gpt-6, gpt-8" in comparison.notes


def test_the_same_outcomes_give_the_same_numbers() -> None:
    settings = settings_of([COIN, DIE, "Name a state."], n=5)
    assert compared(settings) == compared(settings)
