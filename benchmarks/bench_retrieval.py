"""Fusing rewrites of a query: what is found of a question that has several facets. Simulated.

Corpus, questions and model are made here, by a seed; nothing is downloaded, no language model is
asked. Prints what is assumed, then a Markdown table. Run it with `make bench`.
"""

from __future__ import annotations

import random
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

import numpy as np
from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.retrievers import BaseRetriever, QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from llamaindex_vs import SimulatedLLM, VerbalizedSamplingRetriever
from vs_core.simulation import AnswerSpace
from vs_core.simulation.drawing import draw_sequence, draw_verbalized

SEEDS, CUTS, NUM_QUERIES = range(25), (5, 10, 20), 4
TOPICS, FACETS, DOCUMENTS_PER_FACET, REWRITES_PER_FACET = 12, 6, 8, 3
FACET_WORDS, COMMON_WORDS, PASSING_MENTIONS, UNRELATED = 6, 150, 24, 300
MEASURES = ("facets", "documents", "documents by facet's probability")

ASSUMPTIONS = f"""\
SIMULATED: no language model is asked. What is assumed:
- {TOPICS} questions, each with {FACETS} facets of {DOCUMENTS_PER_FACET} documents. \
{PASSING_MENTIONS} more documents name each topic in
  passing, {UNRELATED} are unrelated. Facets are as likely as words are (Zipf, exponent 0.8); the
  question is the topic's name and a word of one facet, drawn so.
- Documents and queries are bags of words, compared by the cosine; each search goes {CUTS[-1]} deep.
- The model knows {REWRITES_PER_FACET} rewrites for each facet and may write any of them, whatever \
the prompt. By
  the theory (vs_core.simulation) the VS prompt gets distinct rewrites with their probabilities
  (blurred by 15 %), and a prompt for a list gets distinct rewrites, each as likely as any other.
  That the VS prompt also asks for different facets in so many words is not simulated.
- "Near-duplicates" thinks less of the list prompt: each line is what a direct answer would be
  after alignment (gamma = 4), unless it is there already.
- {NUM_QUERIES} queries, the original included. {len(SEEDS)} seeds, each with its own corpus, \
questions and replies.
Facets: share of the question's facets with a document among the first 5 / 10 / 20. Documents: share
of the relevant documents there; in the last column each facet counts by its probability.
"""


@dataclass(frozen=True)
class Question:
    """A question about a topic.

    Attributes:
        text: The question.
        space: The rewrites that a model can write, with their probabilities before alignment.
        facets: For each facet its probability and the ids of its documents.
    """

    text: str
    space: AnswerSpace
    facets: tuple[tuple[float, frozenset[str]], ...]


class Corpus(BaseRetriever):
    """Documents as bags of words, found by the cosine.

    Attributes:
        questions: One for each topic.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._rng = random.Random(seed)
        self._common = [f"common{n}" for n in range(COMMON_WORDS)]
        self._nodes: list[TextNode] = []
        self._found: dict[str, list[tuple[TextNode, float]]] = {}
        self.questions = [self._question(f"topic{n}") for n in range(TOPICS)]
        for _ in range(UNRELATED):
            self._add(self._filling(20))
        words = chain.from_iterable(node.text.split() for node in self._nodes)
        self._places = {word: place for place, word in enumerate(dict.fromkeys(words))}
        self._vectors = np.stack([self._vector(node.text) for node in self._nodes])

    def _question(self, topic: str) -> Question:
        likely = AnswerSpace.ranked(topic, map(str, range(FACETS))).probabilities
        rewrites, facets = {}, []
        for facet, probability in enumerate(likely):
            words = [f"{topic}facet{facet}word{n}" for n in range(FACET_WORDS)]
            facets.append((probability, frozenset(self._documents(topic, words))))
            pairs = self._rng.sample(list(combinations(words, 2)), REWRITES_PER_FACET)
            rewrites.update({f"{topic} {a} {b}": probability for a, b in pairs})
        for _ in range(PASSING_MENTIONS):
            self._add([topic] * self._rng.randint(1, 3) + self._filling(18))
        [typical] = self._rng.choices(range(FACETS), likely)
        hint = f"{topic}facet{typical}word{self._rng.randrange(FACET_WORDS)}"
        space = AnswerSpace(topic, tuple(rewrites), tuple(rewrites.values()))
        return Question(f"{topic} {hint}", space, tuple(facets))

    def _documents(self, topic: str, words: Sequence[str]) -> list[str]:
        return [
            self._add(
                [topic] * self._rng.randint(1, 3)
                + self._rng.choices(words, k=self._rng.randint(4, 8))
                + self._filling(14)
            )
            for _ in range(DOCUMENTS_PER_FACET)
        ]

    def _filling(self, size: int) -> list[str]:
        return self._rng.choices(self._common, k=size)

    def _add(self, words: Sequence[str]) -> str:
        name = str(len(self._nodes))
        self._nodes.append(TextNode(text=" ".join(words), id_=name))
        return name

    def _vector(self, text: str) -> Any:
        vector = np.zeros(len(self._places))
        for word in text.split():
            if word in self._places:
                vector[self._places[word]] += 1.0
        return vector / (np.linalg.norm(vector) or 1.0)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        query = query_bundle.query_str
        if query not in self._found:
            scores = self._vectors @ self._vector(query)
            best = np.argsort(-scores, kind="stable")[: CUTS[-1]]
            self._found[query] = [(self._nodes[n], float(scores[n])) for n in best]
        return [NodeWithScore(node=node, score=score) for node, score in self._found[query]]


class RewritingLLM(SimulatedLLM):
    """Rewrites the questions of a corpus; the same prompt gets the same reply."""

    questions: list[Question]
    near_duplicates: bool = False

    def _reply(self, messages: Sequence[ChatMessage]) -> str:
        prompt = "\n".join(str(message.content) for message in messages)
        question = next(q for q in self.questions if re.search(rf"\b{q.text}\b", prompt))
        asked = re.search(r"Give (\d+)", prompt)
        assert asked, prompt
        count, rng = int(asked[1]), random.Random(f"{self.seed} {question.text}")
        if "probability" in prompt:
            lines = draw_verbalized(
                question.space,
                count,
                number="probability",
                threshold=None,
                noise=self.noise,
                given=frozenset(),
                rng=rng,
            )
            return "\n".join(f"{n}. ({line.number}) {line.text}" for n, line in enumerate(lines, 1))
        if self.near_duplicates:
            return "\n".join(_aligned_lines(question.space, count, rng))
        return "\n".join(
            line.text for line in draw_sequence(question.space, count, frozenset(), rng)
        )


def _aligned_lines(space: AnswerSpace, count: int, rng: random.Random) -> list[str]:
    lines: dict[str, None] = {}
    while len(lines) < count:
        lines[rng.choices(space.answers, space.aligned(gamma=4.0))[0]] = None
    return list(lines)


def searches(corpus: Corpus, seed: int) -> dict[str, BaseRetriever]:
    """Each way to search that is compared."""
    model = RewritingLLM(seed=seed, questions=corpus.questions)
    typical = RewritingLLM(seed=seed, questions=corpus.questions, near_duplicates=True)

    def ours(**settings: Any) -> BaseRetriever:
        return VerbalizedSamplingRetriever(
            corpus, model, num_queries=NUM_QUERIES, num_workers=1, **settings
        )

    def theirs(llm: RewritingLLM, mode: FUSION_MODES) -> BaseRetriever:
        return QueryFusionRetriever(
            [corpus],
            llm=llm,
            mode=mode,
            num_queries=NUM_QUERIES,
            similarity_top_k=CUTS[-1],
            use_async=False,
        )

    def all_of_theirs(llm: RewritingLLM, about: str) -> dict[str, BaseRetriever]:
        return {
            f"`QueryFusionRetriever` `{mode.value}`, {about}": theirs(llm, mode)
            for mode in FUSION_MODES
        }

    return {
        "original query alone": corpus,
        "VS `interleave` (default)": ours(),
        "VS `relative_score`": ours(mode="relative_score"),
        "VS `reciprocal_rerank` (default: equal weights)": ours(mode="reciprocal_rerank"),
        "VS `reciprocal_rerank`, weighted": ours(mode="reciprocal_rerank", weighting="probability"),
        "control: VS `interleave`, equal weights": ours(weighting="equal"),
        "control: VS `relative_score`, equal weights": ours(
            mode="relative_score", weighting="equal"
        ),
        **all_of_theirs(model, "list"),
        **all_of_theirs(typical, "near-duplicates"),
    }


def measured(question: Question, nodes: Sequence[NodeWithScore]) -> list[float]:
    """Each measure at each cut."""
    found = [node.node_id for node in nodes]
    values: list[tuple[float, ...]] = []
    for cut in CUTS:
        first = frozenset(found[:cut])
        parts = [(likely, len(ids & first) / len(ids)) for likely, ids in question.facets]
        values.append(
            (
                statistics.fmean(part > 0 for _, part in parts),
                statistics.fmean(part for _, part in parts),
                sum(likely * part for likely, part in parts),
            )
        )
    return list(chain.from_iterable(zip(*values, strict=True)))


def means_by_seed() -> dict[str, list[list[float]]]:
    """For each search the means over the questions of each seed."""
    means: dict[str, list[list[float]]] = {}
    for seed in SEEDS:
        corpus = Corpus(seed)
        for name, search in searches(corpus, seed).items():
            rows = [measured(asked, search.retrieve(asked.text)) for asked in corpus.questions]
            means.setdefault(name, []).append(
                [statistics.fmean(column) for column in zip(*rows, strict=True)]
            )
    return means


def main() -> None:
    """Print the assumptions, the table, and the spread."""
    print(ASSUMPTIONS)
    cuts = " / ".join(map(str, CUTS))
    print("| search (simulated) | " + " | ".join(f"{m} @{cuts}" for m in MEASURES) + " |")
    print("|---|" + "---|" * len(MEASURES))
    spreads = []
    for name, rows in means_by_seed().items():
        columns = list(zip(*rows, strict=True))
        means = [f"{statistics.fmean(column):.2f}" for column in columns]
        cells = [means[n : n + len(CUTS)] for n in range(0, len(means), len(CUTS))]
        print(f"| {name} | " + " | ".join(" / ".join(cell) for cell in cells) + " |")
        spreads.append([statistics.stdev(column) for column in columns])
    widest = [max(column) for column in zip(*spreads, strict=True)]
    print(
        f"\nStandard deviation over the seeds, the largest in each column (standard error: /"
        f" {len(SEEDS) ** 0.5:.0f}):"
    )
    for place, measure in enumerate(MEASURES):
        part = widest[place * len(CUTS) : (place + 1) * len(CUTS)]
        print(f"  {measure:34} " + " / ".join(f"{value:.2f}" for value in part))


if __name__ == "__main__":
    main()
