"""`VerbalizedSamplingPostprocessor`: judgements by what they call their number, and without one."""

from __future__ import annotations

import json

import pytest

from llamaindex_vs import UnmentionedNodesEvent
from tests.every import for_every
from tests.li.judging import QUERY, Rank, each_way, nodes_of, scores_of, scripted, texts_of
from tests.li.libraries import listening

NAMES = ["relevance", "relevance_score", "certainty", "helpfulness", "usefulness"]
NUMBERLESS = json.dumps([{"passage": 3}, {"passage": 1}])


def _replies(name: str) -> list[str]:
    said = name.replace("_", " ")
    return [
        json.dumps([{"passage": 1, name: 0.1}, {"passage": 3, name: 0.8}]),
        "".join(
            f"<response><passage>{n}</passage><{name}>{p}</{name}></response>"
            for n, p in ((1, 0.1), (3, 0.8))
        ),
        f"| Passage | {said.title()} |\n|---|---|\n| 1 | 0.1 |\n| 3 | 0.8 |",
        f"Passage 1: {said} 0.1\nPassage 3: {said} 0.8",
    ]


@for_every("reply", [reply for name in NAMES for reply in _replies(name)])
def test_a_number_may_be_called_by_what_it_judges(reply: str) -> None:
    _, ranker = scripted(reply)
    ranked = ranker.postprocess_nodes(nodes_of(*"abc"), query_str=QUERY)
    assert scores_of(ranked) == pytest.approx({"c": 0.8 / 0.9, "a": 0.1 / 0.9, "b": 0.0})


@each_way
async def test_judgements_without_any_number_are_asked_for_again(rank: Rank) -> None:
    model, ranker = scripted(NUMBERLESS, "Passage 1: 0.1\nPassage 3: 0.8", min_stated=0.2)
    assert texts_of(await rank(ranker, nodes_of(*"abc"))) == "c"
    assert len(model.calls) == 2


@each_way
@pytest.mark.parametrize("min_stated", [None, 0.2])
async def test_nodes_judged_without_any_number_stay_in_the_retrievers_order(
    rank: Rank, min_stated: float | None, caplog: pytest.LogCaptureFixture
) -> None:
    _, ranker = scripted(NUMBERLESS, NUMBERLESS, min_stated=min_stated)
    with listening() as events:
        ranked = await rank(ranker, nodes_of(*"abc"))
    assert scores_of(ranked) == {"a": 0.0, "b": 0.0, "c": 0.0}
    assert texts_of(ranked) == "abc"
    assert "could not judge 3 nodes" in caplog.text
    failure = events.of(UnmentionedNodesEvent)[0].failure
    assert failure is not None
    assert "without a number that can be read" in failure


def test_a_judgement_without_a_number_beside_one_with_a_number_counts_as_before() -> None:
    model, ranker = scripted(json.dumps([{"passage": 1}, {"passage": 3, "relevance": 0.8}]))
    ranked = ranker.postprocess_nodes(nodes_of(*"abc"), query_str=QUERY)
    assert set(texts_of(ranked)[:2]) == {"a", "c"}
    assert len(model.calls) == 1


LINES = [
    "Passage {n}: {p}",
    "[{n}] {p}",
    "{n}. {p}",
    "{n}. ({p}) {text}",
    "{n}. {text} ({p})",
    "Passage {n} ({p}): {text}",
    "Passage {n}: {text}\nProbability: {p}\n",
    "### Passage {n}\n**Probability:** {p}\n",
    "Passage {n}: {p} - it says so",
    "Passage {n}: {p}. It says so.",
    "[{n}] {p} because it says so",
    "- **Passage {n}**: {p} - it says so",
]


@for_every("numbers", [(1, 3), (3, 1)], ids=["in their order", "the best last"])
@for_every("line", LINES)
def test_passages_may_be_judged_in_any_order_and_with_a_reason(
    line: str, numbers: tuple[int, int]
) -> None:
    stated, texts = {1: 0.1, 3: 0.8}, ("Paris is far.", "Tea is hot.", "Espresso is strong.")
    reply = "\n".join(line.format(n=n, p=stated[n], text=texts[n - 1]) for n in numbers)
    _, ranker = scripted(reply)
    ranked = ranker.postprocess_nodes(nodes_of(*texts), query_str=QUERY)
    scores = {texts[2]: 8 / 9, texts[0]: 1 / 9, texts[1]: 0.0}
    assert scores_of(ranked) == pytest.approx(scores)
