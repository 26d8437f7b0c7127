"""Responses of real models, where they are present beside the repository."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from vs_core.metrics import DEFAULT, METRICS, coverage_n, kl_divergence, measure, precision

RECORDED = Path(__file__).resolve().parents[3].parent / "shared" / "real_replies"
RESULTS = sorted(RECORDED.glob("results/*.json"))
STATES = """
Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii
Idaho Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan
Minnesota Mississippi Missouri Montana Nebraska Nevada New_Hampshire New_Jersey New_Mexico New_York
North_Carolina North_Dakota Ohio Oklahoma Oregon Pennsylvania Rhode_Island South_Carolina
South_Dakota Tennessee Texas Utah Vermont Virginia Washington West_Virginia Wisconsin Wyoming
""".replace("\n", " ")
REFERENCE = [name.replace("_", " ") for name in STATES.split()]
JOKES = ("Tell me a joke about drinking", "Tell me a joke about beer", "Make a joke about coffee")

pytestmark = pytest.mark.skipif(not RESULTS, reason="the recorded replies are not present")
each_run = pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.name.split("__")[2][:18])
each_joke = pytest.mark.parametrize("prompt", JOKES)


def responses(run: str) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = defaultdict(list)
    path = RECORDED / "recorded" / f"{run}.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        texts[row["prompt"].strip()] += [item["text"] for item in row["responses"]]
    return texts


def statistics(path: Path) -> dict[str, Any]:
    stats: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, Any] = stats["overall_metrics"]["per_prompt_stats"]
    return found


@each_run
def test_the_authors_values_follow_from_their_counts(path: Path) -> None:
    for prompt, stats in statistics(path).items():
        counts = stats["response_distribution"]
        # Of the other prompts only the number of reference answers is known.
        reference = [*counts, *(f"unseen {n}" for n in range(stats["num_gt_responses"]))]
        reference = REFERENCE if "US State" in prompt else reference[: stats["num_gt_responses"]]
        assert kl_divergence(counts, reference) == pytest.approx(stats["kl_divergence"], abs=1e-6)
        assert coverage_n(counts, reference) == pytest.approx(stats["unique_recall_rate"])


@pytest.mark.parametrize("method", ["sequence", "structure_with_prob"])
def test_the_authors_values_follow_from_the_responses(method: str) -> None:
    run = f"llama-3.1-70b-instruct__state_name__{method}"
    [path] = [path for path in RESULTS if path.name.startswith(run)]
    [(prompt, stats)] = statistics(path).items()
    texts = responses(run)[prompt]
    assert kl_divergence(texts, REFERENCE) == pytest.approx(stats["kl_divergence"], abs=1e-6)
    assert coverage_n(texts, REFERENCE) == pytest.approx(stats["unique_recall_rate"])
    assert precision(texts, REFERENCE) == pytest.approx(stats["precision"])


def test_verbalized_sampling_is_closest_to_the_reference_by_either_convention() -> None:
    [direct], [sequence], [vs] = (
        [
            stats["response_distribution"]
            for prompt, stats in statistics(path).items()
            if "US State" in prompt
        ]
        for path in RESULTS
    )
    for name in ("kl_divergence", "kl_divergence_full"):
        kl = METRICS[name].function
        values = [kl(counts, REFERENCE) or 0.0 for counts in (direct, sequence, vs)]
        assert values == sorted(values, reverse=True)
        assert all(values)


def lexical(method: str, prompt: str) -> dict[str, float]:
    texts = responses(f"gpt-4.1__joke__{method}")[prompt]
    assert len(texts) == 30
    return {name: found for name, found in measure(texts).items() if found is not None}


@each_joke
def test_lists_of_jokes_are_lexically_more_diverse_than_direct_jokes(prompt: str) -> None:
    direct = lexical("direct", prompt)
    assert direct.keys() == set(DEFAULT)
    for method in ("sequence", "structure_with_prob"):
        for name, found in lexical(method, prompt).items():
            assert (found > direct[name]) == (METRICS[name].direction == "higher"), (method, name)


@each_joke
def test_jokes_by_verbalized_sampling_overlap_least(prompt: str) -> None:
    # By ROUGE-L, the paper's lexical measure.
    methods = ("direct", "sequence", "structure_with_prob")
    direct, sequence, vs = (lexical(method, prompt)["rouge_l"] for method in methods)
    assert direct > sequence > vs
