"""What a draw costs where one reply serves many: the tables of `docs/cost.md`.

    PYTHONPATH=. python benchmarks/cached_draws.py
    PYTHONPATH=. python benchmarks/cached_draws.py --url http://127.0.0.1:8000/v1 --model NAME \
        --record benchmarks/recorded/draws-NAME.json

A hundred draws are made over LangChain's cache; what it was given is what was paid for. The
simulated model is asked whenever this runs. A real one is asked with `--url`, in 18 calls, one
after another, and what came is recorded; without it, the tables are made of the records there are.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from statistics import fmean
from typing import Any

from langchain_core.caches import RETURN_VAL_TYPE, InMemoryCache
from langchain_core.language_models import BaseChatModel

from langchain_vs import SimulatedChatModel, VerbalizedSamplingRunnable
from vs_core import Candidate, VerbalizedDistribution
from vs_core.metrics import expected_distinct, normalise

RECORDS = Path(__file__).parent / "recorded"
PROMPTS = {"a joke": "Tell me a joke about coffee", "a state": "Name a US state"}
DRAWS = (1, 10, 100)
SEEN = (5, 10, 20, 100)
K, REPLIES = 5, 3
TEMPERATURE, MOST_TOKENS = 0.7, 400
RUNS = 5
"""How often a hundred simulated answers are drawn, each from a call of its own."""

Row = dict[str, Any]


class Ledger(InMemoryCache):
    """A cache that counts what it is given, which is what was paid for."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = self.tokens = 0

    def update(self, prompt: str, llm_string: str, return_val: RETURN_VAL_TYPE) -> None:
        """Keep a reply that the model has just given."""
        super().update(prompt, llm_string, return_val)
        for generation in return_val:
            self.calls += 1
            self.tokens += generation.message.usage_metadata["total_tokens"]


def asking(model: BaseChatModel, **settings: Any) -> VerbalizedSamplingRunnable:
    """Asks for what was not enough no more, so that each reply is one call."""
    return VerbalizedSamplingRunnable(llm=model, max_topups=0, **settings)


def kept(model: BaseChatModel, prompt: str, **settings: Any) -> Row:
    """What a hundred draws cost over a cache that is empty at first."""
    ledger = Ledger()
    vs = asking(model.model_copy(update={"cache": ledger}), **settings)
    paid = []
    for draw in range(1, DRAWS[-1] + 1):
        # One call at a time, for servers on a desk.
        found = vs.invoke(prompt, {"max_concurrency": 1})
        found.sample()
        if draw in DRAWS:
            paid.append(ledger.tokens)
    candidates = [[candidate.text, candidate.stated] for candidate in found]
    return {"calls": ledger.calls, "paid": paid, "candidates": candidates}


def tokens(found: VerbalizedDistribution[Any]) -> int:
    """Sent and received."""
    return (found.trace.input_tokens or 0) + (found.trace.output_tokens or 0)


def asked(model: BaseChatModel, prompt: str) -> Row:
    """One prompt by each way: plain, one reply that is kept, several that are."""
    plain = asking(model, method="direct", k=1)
    return {
        "prompt": prompt,
        "plain": [tokens(plain.invoke(prompt)) for _ in range(REPLIES)],
        "kept": [kept(model, prompt, k=K) for _ in range(REPLIES)],
        "spread": kept(model, prompt, k=K * REPLIES, per_call=K, split="parallel"),
    }


def simulated(prompt: str) -> Row:
    """What the simulated model does; it is asked for fresh draws, too."""
    model = SimulatedChatModel(seed=1)
    row = asked(model, prompt)
    ways = {"plain": asking(model, method="direct", k=1), "asked": asking(model, k=K)}
    return {**row, "fresh": {name: _fresh(vs, prompt) for name, vs in ways.items()}}


def _fresh(vs: VerbalizedSamplingRunnable, prompt: str) -> list[float]:
    """How many different answers there are on average after each number of calls."""
    runs = []
    for run in range(RUNS):
        drawn = [
            normalise(vs.invoke(prompt).sample(seed=SEEN[-1] * run + n).text)
            for n in range(SEEN[-1])
        ]
        runs.append([len(set(drawn[:seen])) for seen in SEEN])
    return [fmean(numbers) for numbers in zip(*runs, strict=True)]


def expected(candidates: Sequence[Sequence[Any]]) -> list[float]:
    """How many different answers are to be expected of draws from these."""
    found = VerbalizedDistribution.of(Candidate(value=text, stated=p) for text, p in candidates)
    return [expected_distinct(found, seen) for seen in SEEN]


def cost_table(columns: dict[str, Row]) -> Iterator[str]:
    """The lines of the table of tokens."""
    yield _line(f"tokens a draw, after {_slashed(DRAWS)}", *columns)
    yield f"|---|{'--:|' * len(columns)}"
    yield _line("the plain question, each time", *(_same(row["plain"]) for row in columns.values()))
    once = {name: [one["paid"][0] for one in row["kept"]] for name, row in columns.items()}
    yield _line("VS, each time", *(_same(paid) for paid in once.values()))
    yield _line("VS, one reply kept", *(_shared(row["kept"]) for row in columns.values()))
    spread = (_shared([row["spread"]]) for row in columns.values())
    yield _line(f"VS, {REPLIES} replies kept", *spread)
    cheaper = (
        str(math.ceil(fmean(once[name]) / fmean(row["plain"]))) for name, row in columns.items()
    )
    yield _line("draws from which one kept costs less than plain ones", *cheaper)


def seen_table(columns: dict[str, Row]) -> Iterator[str]:
    """The lines of the table of different answers."""
    yield _line(f"different after {_slashed(SEEN)}", *columns)
    yield f"|---|{'--:|' * len(columns)}"
    for way, name in (("the plain question, each time", "plain"), ("VS, each time", "asked")):
        cells = (
            _numbers(row["fresh"][name]) if "fresh" in row else "–" for row in columns.values()
        )
        yield _line(way, *cells)
    yield _line("VS, one reply kept", *(_of_one(row["kept"]) for row in columns.values()))
    several = (_numbers(expected(row["spread"]["candidates"])) for row in columns.values())
    yield _line(f"VS, {REPLIES} replies kept", *several)


def _of_one(exchanges: Sequence[Row]) -> str:
    each = (expected(one["candidates"]) for one in exchanges)
    return _numbers(map(fmean, zip(*each, strict=True)))


def _same(paid: Sequence[int]) -> str:
    return f"{fmean(paid):.0f}"


def _shared(exchanges: Sequence[Row]) -> str:
    paid = zip(*(one["paid"] for one in exchanges), strict=True)
    each = (fmean(one) / draws for one, draws in zip(paid, DRAWS, strict=True))
    return _slashed(f"{number:.0f}" if number >= 10 else f"{number:.1f}" for number in each)


def _numbers(numbers: Iterable[float]) -> str:
    return _slashed(f"{number:.1f}" for number in numbers)


def _slashed(cells: Iterable[Any]) -> str:
    return " / ".join(map(str, cells))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def columns() -> dict[str, Row]:
    """What is in the tables: the first prompt simulated, and all that is recorded."""
    name, prompt = next(iter(PROMPTS.items()))
    found = {f"simulated, {name}": simulated(prompt)}
    for path in sorted(RECORDS.glob("draws-*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        model = record["model"].removesuffix("-instruct")
        for name, row in zip(PROMPTS, record["prompts"], strict=True):
            found[f"{model}, {name}"] = row
    return found


def recorded(url: str, name: str) -> Row:
    """What a server's model does, with all that must be known to do it again."""
    from langchain_openai import ChatOpenAI  # noqa: PLC0415  # only for a server

    model = ChatOpenAI(
        model=name,
        base_url=url,
        api_key="none",
        temperature=TEMPERATURE,
        max_tokens=MOST_TOKENS,
        max_retries=2,
        timeout=600,
    )
    return {
        "model": name,
        "date": datetime.now(tz=timezone.utc).date().isoformat(),
        "temperature": TEMPERATURE,
        "most tokens": MOST_TOKENS,
        "k": K,
        "draws": DRAWS,
        "prompts": [asked(model, prompt) for prompt in PROMPTS.values()],
    }


def main() -> None:
    """Ask a server, if there is one, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", help="a server with OpenAI's interface")
    parser.add_argument("--model", default="local", help="what it calls its model")
    parser.add_argument("--record", type=Path, help="a file for what came")
    arguments = parser.parse_args()
    if arguments.url:
        written = json.dumps(recorded(arguments.url, arguments.model), ensure_ascii=False, indent=1)
        if arguments.record:
            arguments.record.write_text(written + "\n", encoding="utf-8")
        else:
            print(written)
    found = columns()
    print("\n".join([*cost_table(found), "", *seen_table(found)]))


if __name__ == "__main__":
    main()
