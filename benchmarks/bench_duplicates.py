"""Duplicates among a million finished records: seconds and memory to remove them.

Makes the records of ten folders by a seed: short texts, each different by a word of its own, and
one in ten a repetition of another of the same prompt, in another folder: in other case and
punctuation, or with another article. Removes them by `examples/deduplicate_with_ray.py`, in one
process and by Ray (needs `ray[data]`), and compares with what is known. Simulated texts.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from pyarrow import parquet

FOLDERS, REPEATED = 10, 10
EXAMPLE = Path(__file__).parent.parent / "examples" / "deduplicate_with_ray.py"
WORDS = ("tea", "sea", "map", "jazz", "stone", "river", "glass", "paper", "night", "engine")


def texts(number: int, rng: random.Random) -> Iterator[tuple[str, bool]]:
    """So many texts about one prompt, and whether each repeats another."""
    own: list[str] = []
    for at in range(number):
        if at % REPEATED == REPEATED - 1:
            text = rng.choice(own)
            yield (text.upper().replace(".", " !") if at % 20 < 10 else _articled(text)), True
            continue
        words = " ".join(rng.choices(WORDS, k=rng.randint(5, 14)))
        own.append(f"What does a {_name(at)} know of a {words}.")
        yield own[-1], False


def _articled(text: str) -> str:
    return text.replace(" know of a ", " know of the ")


def _name(number: int) -> str:
    """A word for a number, another for each."""
    letters = "bdfgklmnpr"
    return "".join(letters[int(digit)] + "aeiou"[int(digit) % 5] for digit in str(number + 1000))


def make(home: Path, records: int, prompts: int) -> tuple[list[Path], int]:
    """Write the folders; gives them, and how many records repeat another."""
    rng, repeated = random.Random(1), 0
    folders = [home / f"folder{number}" for number in range(FOLDERS)]
    for folder in folders:
        folder.mkdir()
    files = [(folder / "data.jsonl").open("w", encoding="utf-8") for folder in folders]
    fields = {"stated": 0.1, "method": "standard", "model": "made here"}
    for prompt in range(prompts):
        for text, is_repetition in texts(records // prompts, rng):
            row = {"prompt": f"Ask about topic {prompt}.", "value": text, **fields}
            rng.choice(files).write(json.dumps(row) + "\n")
            repeated += is_repetition
    for file in files:
        file.close()
    return folders, repeated


def used() -> float:
    """What all programs of this session use, in MB."""
    command = ["ps", "-o", "pss=", "-s", str(os.getsid(0))]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    return sum(map(int, listed.stdout.split())) / 1024


def measured(folders: list[Path], out: Path, *options: str) -> tuple[float, float]:
    """Run the example; gives its seconds, and the most megabytes that it used on the way."""
    before, most, ended = used(), 0.0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.5):
            most = max(most, used() - before)

    watching = threading.Thread(target=watch)
    watching.start()
    began = time.perf_counter()
    try:
        command = [sys.executable, str(EXAMPLE), *map(str, folders), "--out", str(out), *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    finally:
        ended.set()
        watching.join()
    return time.perf_counter() - began, most


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--prompts", type=int, default=1_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        folders, repeated = make(Path(home), asked.records, asked.prompts)
        print(f"{asked.records:,} texts made here, {repeated:,} of them repetitions\n")
        for way in ((), ("--plain",)):
            out = Path(home, f"clean{len(way)}")
            seconds, most = measured(folders, out, *way)
            kept = parquet.read_table(out, columns=["prompt", "value"]).to_pylist()
            # The fourth word tells the texts of a prompt apart.
            left = {(row["prompt"], row["value"].split()[3].lower()) for row in kept}
            lost = asked.records - repeated - len(left)
            removed = asked.records - len(kept)
            print(
                f"{'one process' if way else 'Ray':12} {seconds:6.0f} s {most:6.0f} MB"
                f" {removed:9,} removed, {lost} of them different texts"
            )


if __name__ == "__main__":
    main()
