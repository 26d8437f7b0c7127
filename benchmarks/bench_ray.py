"""What the Ray engine costs: to start, in memory, and for each call.

Prints a table for one node and for four on this machine: with a worker that answers at once, which
is the most that the engine can pass on, and with OpenAI's client against a local server in another
process, beside the same calls made in one event loop without Ray. Run it with `make bench-ray`.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ray
from ray.cluster_utils import Cluster

from langchain_vs.worker import calls_of_named_model
from vs_core import Candidate, VerbalizedDistribution
from vs_core.generation import ImportedFactory, RayEngine

ROOT = Path(__file__).parent.parent
REPLY = "".join(
    f"<response><text>Answer {n}</text><probability>0.0{n}</probability></response>"
    for n in range(1, 6)
)
INSTANT, WIRED, CONCURRENCY = 4000, 1000, 100
MEMORY = 200_000_000


@dataclass(frozen=True)
class Call:
    """One call to make."""

    prompt: str = "Tell me a joke about coffee"
    settings: Mapping[str, Any] = field(
        default_factory=lambda: {"k": 5, "max_topups": 0, "max_reasks": 0}
    )
    key: str = "0"


def instant() -> Callable[[str, Mapping[str, Any]], Awaitable[VerbalizedDistribution[Any]]]:
    """Answers at once."""
    answers = VerbalizedDistribution(candidates=tuple(Candidate(value=f"{n}") for n in range(5)))

    async def call(*_: Any) -> VerbalizedDistribution[Any]:
        return answers

    return call


async def calls_per_second(call: Callable[[Call], Awaitable[object]], number: int) -> float:
    """Of so many calls, at most a hundred at a time."""
    places = asyncio.Semaphore(CONCURRENCY)

    async def one() -> None:
        async with places:
            await call(Call())

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(number)))
    return number / (time.perf_counter() - started)


@asynccontextmanager
async def opened(
    worker: ImportedFactory, address: str | None, actors: int
) -> AsyncIterator[tuple[RayEngine, float]]:
    """An engine all of whose processes are up, and the seconds until the first was."""
    started = time.perf_counter()
    async with RayEngine(worker, address=address, num_actors=actors) as engine:
        seconds = time.perf_counter() - started
        while len(engine.processes) < actors:  # noqa: ASYNC110  # it is for looking at alone
            await asyncio.sleep(0.05)
        yield engine, seconds


def megabytes() -> float:
    """What all processes use that this one has started, its own memory apart."""
    every = ["ps", "-ww", "-eo", "sess=,pid=,rss="]
    listed = subprocess.run(every, capture_output=True, text=True, check=True).stdout
    rows = [list(map(int, line.split())) for line in listed.splitlines()]
    own = os.getsid(0)
    return sum(rss for sess, pid, rss in rows if sess == own and pid != os.getpid()) / 1024


@contextmanager
def nodes(number: int) -> Iterator[str | None]:
    """The address of a cluster of so many nodes on this machine; None for Ray's own start."""
    if number == 1:
        yield None
        return
    head = {"include_dashboard": False, "object_store_memory": MEMORY}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    for _ in range(number - 1):
        cluster.add_node(num_cpus=1, object_store_memory=MEMORY)
    try:
        yield cluster.address
    finally:
        ray.shutdown()
        cluster.shutdown()


async def bench(wired: ImportedFactory) -> None:
    """One node, and four."""
    print(f"Ray {ray.__version__}; calls a second at concurrency {CONCURRENCY}\n")
    plain = calls_of_named_model(**wired.options)
    rate = await calls_per_second(lambda call: plain(call.prompt, call.settings), WIRED)
    print(f"  one event loop, no Ray: {rate:5.0f} with OpenAI's client\n")
    print("  nodes  processes  started in s  MB besides the program  at once  OpenAI's client")
    for number, actors in ((1, 2), (1, 4), (4, 8)):
        before = megabytes()
        with nodes(number) as address:
            answering = ImportedFactory(function="benchmarks.bench_ray:instant")
            async with opened(answering, address, actors) as (engine, _):
                at_once = await calls_per_second(engine.call, INSTANT)
            async with opened(wired, address, actors) as (engine, seconds):
                rate = await calls_per_second(engine.call, WIRED)
                used = megabytes() - before
        print(
            f"  {number:5}  {actors:9}  {seconds:12.1f}  {used:22.0f}  {at_once:7.0f}  {rate:15.0f}"
        )


def main() -> None:
    """Start the server, and measure."""
    os.environ.setdefault("OPENAI_API_KEY", "none")
    os.environ["PYTHONPATH"] = str(ROOT)  # for the processes of nodes
    command = [sys.executable, "-m", "tests.wire.server", "--text", REPLY]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        wired = ImportedFactory(
            function="langchain_vs.worker:calls_of_named_model",
            options={"model": "openai:test", "base_url": url, "max_retries": 0},
        )
        try:
            asyncio.run(bench(wired))
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
