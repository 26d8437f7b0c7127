"""Speed of the diversity metrics, and how it changes with the number of responses.

Responses of 100 words and their embeddings are made here, by a seed; nothing is downloaded and no
model is asked, so that the time of embedding is not in it. Run `make bench`; it prints a Markdown
table. Times are the best of several runs in the same process.
"""

from __future__ import annotations

import math
import platform
import random
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from vs_core.metrics import METRICS, measure

SIZES = (250, 500, 1000)
WORDS, VOCABULARY, DIMENSIONS, REFERENCE = 100, 5000, 1536, 50
RUNS = 3


def responses(count: int, rng: random.Random) -> list[str]:
    """Different texts whose words are as frequent as words are (Zipf)."""
    vocabulary = [f"word{n}" for n in range(VOCABULARY)]
    weights = [1 / (n + 1) for n in range(VOCABULARY)]
    return [" ".join(rng.choices(vocabulary, weights, k=WORDS)) for _ in range(count)]


def seconds(name: str, texts: Sequence[str], embed: Any) -> float:
    """The best time of one metric."""
    reference = texts[:REFERENCE]
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        measure(texts, embeddings=embed, reference=reference, metrics=[name])
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    """Print the table."""
    rng = random.Random(1)
    texts = responses(SIZES[-1], rng)
    vectors = np.random.default_rng(1).normal(size=(len(texts), DIMENSIONS)).tolist()
    known = dict(zip(texts, vectors, strict=True))

    def embed(asked: list[str]) -> list[list[float]]:
        return [known[text] for text in asked]

    print(
        f"Python {platform.python_version()}; different responses of {WORDS} words, embeddings of"
        f" {DIMENSIONS} numbers that are there already. Growth: doubling the responses makes it"
        " 2^x times slower.\n"
    )
    print("| metric | " + " | ".join(f"n = {size}" for size in SIZES) + " | growth x |")
    print("|---|" + "--:|" * (len(SIZES) + 1))
    for name in METRICS:
        taken = [seconds(name, texts[:size], embed) for size in SIZES]
        growth = math.log(taken[-1] / taken[0]) / math.log(SIZES[-1] / SIZES[0])
        cells = " | ".join(f"{value:.3f} s" for value in taken)
        print(f"| {METRICS[name].label} (`{name}`) | {cells} | {growth:.1f} |", flush=True)


if __name__ == "__main__":
    main()
