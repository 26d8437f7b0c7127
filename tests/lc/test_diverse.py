"""Keeping candidates that are unlike each other."""

from __future__ import annotations

import math
import threading
from typing import Any

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings
from langchain_core.runnables import ConfigurableField
from pydantic import ValidationError

from langchain_vs import DiverseCandidates
from tests.core.distributions import stating
from tests.every import for_every
from vs_core import Candidate, VerbalizedDistribution

D = stating(cat=0.5, kitten=0.4, bridge=0.1)
MEANINGS = {"cat": [1.0, 0.0], "kitten": [0.9, 0.1], "bridge": [0.0, 1.0]}


class KnownEmbeddings(Embeddings):
    """Looks vectors up, and remembers how it was asked."""

    def __init__(self, vectors: Any = MEANINGS) -> None:
        self.vectors = vectors
        self.asked: list[list[str]] = []
        self.threads: list[int] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked.append(texts)
        self.threads.append(threading.get_ident())
        return [self.vectors[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        raise AssertionError("candidates are documents")


class AsyncEmbeddings(KnownEmbeddings):
    """Embeds without a thread."""

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        return KnownEmbeddings.embed_documents(self, texts)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise AssertionError("the asynchronous way is there to be taken")


class FixedEmbeddings(KnownEmbeddings):
    """Returns the same vectors whatever it is asked."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.vectors
        return vectors


def test_a_likeness_makes_room_for_something_different() -> None:
    step = DiverseCandidates(n=2, embeddings=KnownEmbeddings())
    assert step.invoke(D).texts == ["cat", "bridge"]


def test_what_is_left_is_renormalised() -> None:
    step = DiverseCandidates(n=2, embeddings=KnownEmbeddings())
    assert step.invoke(D).probabilities == pytest.approx([5 / 6, 1 / 6])


def test_what_is_left_is_in_the_order_of_the_model() -> None:
    turned = D[::-1]
    step = DiverseCandidates(n=2, embeddings=KnownEmbeddings())
    assert step.invoke(turned).texts == ["bridge", "cat"]


def test_a_trade_off_of_one_keeps_the_most_probable() -> None:
    step = DiverseCandidates(n=2, embeddings=KnownEmbeddings(), trade_off=1.0)
    assert step.invoke(D).texts == D.top_k(2).texts


def test_a_trade_off_of_zero_keeps_the_most_different() -> None:
    d = stating(cat=0.5, kitten=0.49, bridge=0.0001)
    step = DiverseCandidates(n=2, embeddings=KnownEmbeddings(), trade_off=0.0)
    assert step.invoke(d).texts == ["cat", "bridge"]


def test_all_candidates_are_embedded_in_one_call() -> None:
    embeddings = KnownEmbeddings()
    DiverseCandidates(n=2, embeddings=embeddings).invoke(D)
    assert embeddings.asked == [["cat", "kitten", "bridge"]]


@pytest.mark.parametrize("n", [3, 9])
def test_asking_for_all_returns_all_and_embeds_nothing(n: int) -> None:
    embeddings = KnownEmbeddings()
    assert DiverseCandidates(n=n, embeddings=embeddings).invoke(D) == D
    assert embeddings.asked == []


@pytest.mark.parametrize("few", [VerbalizedDistribution(), stating(cat=0.3)], ids=["none", "one"])
def test_none_or_one_stay_as_they_are(few: VerbalizedDistribution[str]) -> None:
    assert DiverseCandidates(n=1, embeddings=KnownEmbeddings({})).invoke(few) == few


def test_typed_values_are_embedded_as_their_text() -> None:
    embeddings = KnownEmbeddings({'{"n": 1}': [1.0], '{"n": 2}': [1.0]})
    typed = VerbalizedDistribution.of(
        [Candidate[Any](value={"n": n}, stated=0.1 * n) for n in (1, 2)]
    )
    assert DiverseCandidates(n=1, embeddings=embeddings).invoke(typed).values == [{"n": 2}]


def test_equal_embeddings_leave_the_most_probable_in_their_order() -> None:
    alike = KnownEmbeddings({text: [1.0, 1.0] for text in "abcd"})
    d = stating(a=0.1, b=0.3, c=0.3, d=0.3)
    assert DiverseCandidates(n=2, embeddings=alike).invoke(d).texts == ["b", "c"]


def test_a_vector_of_zeros_is_unlike_any_other() -> None:
    embeddings = KnownEmbeddings({**MEANINGS, "bridge": [0.0, 0.0]})
    assert DiverseCandidates(n=2, embeddings=embeddings).invoke(D).texts == ["cat", "bridge"]


@for_every(
    ("vectors", "says"),
    [
        ([[1.0]], "1 vectors were given for 3 candidates"),
        ([[1.0]] * 4, "4 vectors were given for 3 candidates"),
        ([[1.0], [1.0], [1.0, 2.0]], "different lengths"),
        ([[1.0], [math.nan], [1.0]], "not finite"),
    ],
)
@for_every("run", ["invoke", "ainvoke"])
async def test_unusable_vectors_are_an_error_that_names_their_model(
    run: str, vectors: Any, says: str
) -> None:
    step = DiverseCandidates(n=2, embeddings=FixedEmbeddings(vectors))
    with pytest.raises(ValueError, match=f"FixedEmbeddings cannot be used: .*{says}"):
        step.invoke(D) if run == "invoke" else await step.ainvoke(D)


def test_numpy_vectors_are_vectors() -> None:
    numpy = pytest.importorskip("numpy")
    embeddings = KnownEmbeddings({text: numpy.array(v) for text, v in MEANINGS.items()})
    assert DiverseCandidates(n=2, embeddings=embeddings).invoke(D).texts == ["cat", "bridge"]


async def test_async_gives_what_sync_gives() -> None:
    step = DiverseCandidates(n=2, embeddings=DeterministicFakeEmbedding(size=16))
    assert await step.ainvoke(D) == step.invoke(D)


async def test_async_embeddings_are_awaited_in_the_event_loop() -> None:
    embeddings = AsyncEmbeddings()
    await DiverseCandidates(n=2, embeddings=embeddings).ainvoke(D)
    assert embeddings.threads == [threading.get_ident()]


def test_the_trade_off_can_be_configured() -> None:
    step = DiverseCandidates(n=2, embeddings=KnownEmbeddings()).configurable_fields(
        trade_off=ConfigurableField(id="trade_off")
    )
    likely: Any = step.with_config(configurable={"trade_off": 1.0})
    assert (step.invoke(D).texts, likely.invoke(D).texts) == (["cat", "bridge"], ["cat", "kitten"])


@for_every(
    "wrong",
    [
        {"n": 0},
        {"trade_off": -0.1},
        {"trade_off": 1.1},
        {"trade_off": math.nan},
        {"embeddings": "text-embedding-3-small"},
        {"lambda_mult": 0.5},
    ],
    ids=str,
)
def test_impossible_settings_are_refused(wrong: dict[str, Any]) -> None:
    settings = {"n": 2, "embeddings": KnownEmbeddings(), **wrong}
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        DiverseCandidates(**settings)
