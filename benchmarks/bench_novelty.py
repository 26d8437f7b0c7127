"""Speed and memory of the novelty check, and what it finds and refuses wrongly.

Texts are made here, by a seed: half of them of words as frequent as words are (Zipf), half from
twenty templates in which two words of 25 are replaced, so that they are different answers however
alike. Every tenth repeats one of the earlier: with another article, an added word, other case and
punctuation, its halves exchanged, or "don't" for "do not". Beside it, on the same texts: MinHash
alone (what is proposed at a similarity of 0.8 is a repetition), and, on the first of them only, as
it compares all pairs, rapidfuzz's `ratio` at 90. Run `make bench`; it prints a Markdown table. Each
line is measured in a process of its own.
"""

from __future__ import annotations

import platform
import random
import resource
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable

from rapidfuzz import fuzz, process
from rensa import RMinHash, RMinHashLSH

from vs_core import Candidate
from vs_core.generation import Novelty

TEXTS, FEW = 100_000, 3_000
VOCABULARY, TEMPLATES, WORDS, REPLACED = 3_000, 20, 25, 2
REPEATED, LATEST = 10, 500
THRESHOLD, SHINGLE, SLOTS, BANDS = 0.8, 4, 128, 16
Admit = Callable[[str], bool]


class Texts:
    """Different texts, and repetitions of them."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.vocabulary = [self._word() for _ in range(VOCABULARY)]
        self.weights = [1 / (rank + 1) for rank in range(VOCABULARY)]
        self.templates = [self._drawn(WORDS) for _ in range(TEMPLATES)]

    def _word(self) -> str:
        consonants, vowels = "bcdfglmnprstvz", "aeiou"
        count = self.rng.randint(2, 4)
        return "".join(self.rng.choice(consonants) + self.rng.choice(vowels) for _ in range(count))

    def _drawn(self, count: int) -> list[str]:
        return self.rng.choices(self.vocabulary, self.weights, k=count)

    def new(self) -> str:
        """A text of its own; of a template, as many as there are ways to fill it."""
        words = self._drawn(self.rng.randint(12, 40))
        if self.rng.random() < 0.5:
            words = list(self.rng.choice(self.templates))
            for place in range(0, WORDS - 1, WORDS // REPLACED):
                words[place] = self.rng.choice(self.vocabulary)
        words[3:3] = ["the"]
        words[7:7] = ["do", "not"]
        return " ".join(words).capitalize() + "."

    def again(self, text: str) -> str:
        """The same text in other words, or rather not."""
        words = text.split()
        half = len(words) // 2
        return self.rng.choice(
            [
                text.replace(" the ", " a ", 1),
                text.replace(" do not ", " don't ", 1),
                text.upper().replace(".", "!"),
                " ".join([*words[:half], "really", *words[half:]]),
                " ".join([*words[half:], *words[:half]]),
            ]
        )


def labelled(count: int) -> list[tuple[str, bool]]:
    """Texts in order, and whether each repeats an earlier one."""
    texts = Texts(1)
    made: list[tuple[str, bool]] = []
    different: dict[str, None] = {}
    latest: deque[str] = deque(maxlen=LATEST)
    while len(made) < count:
        if len(made) % REPEATED == REPEATED - 1:
            made.append((texts.again(texts.rng.choice(latest)), True))
        elif (text := texts.new()) not in different:
            made.append((text, False))
            different[text] = None
            latest.append(text)
    return made


def novelty() -> Admit:
    """What is measured."""
    remembered = Novelty(near_duplicate=THRESHOLD)
    return lambda text: remembered.admit(Candidate(value=text)) is None


def minhash_alone() -> Admit:
    """Similarity of MinHash signatures, and nothing else."""
    index, known = RMinHashLSH(THRESHOLD, SLOTS, BANDS), list[RMinHash]()

    def admit(text: str) -> bool:
        plain, signature = text.lower(), RMinHash(SLOTS, 1)
        signature.update([plain[at : at + SHINGLE] for at in range(len(plain) - SHINGLE + 1)])
        if any(known[at].jaccard(signature) >= THRESHOLD for at in index.query(signature)):
            return False
        index.insert(len(known), signature)
        known.append(signature)
        return True

    return admit


def all_pairs() -> Admit:
    """The edit similarity to all earlier texts."""
    known: list[str] = []

    def admit(text: str) -> bool:
        if process.extractOne(text.lower(), known, scorer=fuzz.ratio, score_cutoff=90):
            return False
        known.append(text.lower())
        return True

    return admit


WAYS: dict[str, tuple[Callable[[], Admit], int]] = {
    "Novelty": (novelty, TEXTS),
    "Novelty, first of them": (novelty, FEW),
    "MinHash alone": (minhash_alone, TEXTS),
    "rapidfuzz, all pairs": (all_pairs, FEW),
}


def memory() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(way: str) -> str:
    """One line of the table."""
    make, count = WAYS[way]
    texts = labelled(count)
    before, start = memory(), time.perf_counter()
    admit = make()
    refused = [not admit(text) for text, _ in texts]
    taken = time.perf_counter() - start
    repetitions = sum(is_repetition for _, is_repetition in texts)
    judged = list(zip(refused, (is_repetition for _, is_repetition in texts), strict=True))
    found, wrong = judged.count((True, True)), judged.count((True, False))
    return (
        f"| {way} | {count:,} | {taken:.1f} s | {memory() - before:.0f} MB"
        f" | {found / repetitions:.1%} | {wrong / (count - repetitions):.2%} |"
    )


def main() -> None:
    """Print the table, or one of its lines."""
    if len(sys.argv) > 1:
        print(measured(sys.argv[1]))
        return
    print(f"Simulated texts; Python {platform.python_version()}, one process each.\n")
    print("| | texts | time | memory beside the texts | repetitions found | others refused |")
    print("|---|--:|--:|--:|--:|--:|")
    for way in WAYS:
        subprocess.run([sys.executable, __file__, way], check=True)


if __name__ == "__main__":
    main()
