"""What the LangChain components cost, beside plain LangChain in the same run.

Prints tables: the time of one call without a model's latency, the throughput of a large batch
against a local server in another process, the tokens that prompts and notations take, and the
memory of a large batch. Run it with `make bench`.
"""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import llama_index.core
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from langchain_vs import VerbalizedSamplingRunnable
from vs_core import Layout, Method, PromptSettings, instruction

ROOT = Path(__file__).parent.parent
TEXT = "Why did the coffee file a police report? It got mugged."
REPLY = "\n".join(
    f"<response><text>{TEXT} ({n})</text><probability>0.{n}</probability></response>"
    for n in range(1, 6)
)
QUESTION = "Tell me a joke about coffee"
CALLS, ROUNDS = 300, 7
PROMPTS, CONCURRENCY, ALTERNATIONS = 1000, 100, 5


class InstantChatModel(BaseChatModel):
    """Answers at once with the same reply."""

    @property
    def _llm_type(self) -> str:
        return "instant"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=REPLY))])


def microseconds(call: Callable[[], Any]) -> float:
    """The least of several means: what the call takes when nothing interferes."""
    means = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(CALLS):
            call()
        means.append((time.perf_counter() - started) / CALLS)
    return min(means) * 1e6


def bench_overhead() -> None:
    """One call, without any latency of the model."""
    model = InstantChatModel()
    prompt = ChatPromptTemplate.from_messages([("system", "{instruction}"), ("user", "{question}")])
    chain = prompt | model | StrOutputParser()
    vs = VerbalizedSamplingRunnable(llm=model, k=5)
    values = {"instruction": instruction(PromptSettings()), "question": QUESTION}
    plain = microseconds(lambda: chain.invoke(values))
    ours = microseconds(lambda: vs.invoke(QUESTION))
    print("One call without latency, microseconds")
    print(f"  prompt | model | StrOutputParser()   {plain:8.0f}")
    print(f"  VerbalizedSamplingRunnable           {ours:8.0f}   {ours / plain:.2f} times\n")


@contextmanager
def server() -> Iterator[str]:
    """A local OpenAI-compatible server in another process; gives its base URL."""
    command = [sys.executable, "-m", "tests.wire.server", "--port", "0", "--text", REPLY]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


async def per_second(batch: Callable[[], Awaitable[Any]]) -> float:
    """Prompts answered in a second."""
    started = time.perf_counter()
    await batch()
    return PROMPTS / (time.perf_counter() - started)


async def bench_batch(url: str) -> None:
    """A large batch, plain and verbalized in turn."""
    llm = ChatOpenAI(model="bench", base_url=url, api_key=SecretStr("none"), max_retries=5)
    vs = VerbalizedSamplingRunnable(llm=llm, k=5)
    system = instruction(PromptSettings())
    questions = [f"{QUESTION} ({n})" for n in range(PROMPTS)]
    messages: list[Any] = [[("system", system), ("user", question)] for question in questions]
    config: Any = {"max_concurrency": CONCURRENCY}
    plain, ours = [], []
    for _ in range(ALTERNATIONS):
        plain.append(await per_second(lambda: llm.abatch(messages, config)))
        ours.append(await per_second(lambda: vs.abatch(list(questions), config)))
    ratio = statistics.median(ours) / statistics.median(plain)
    print(f"abatch of {PROMPTS} prompts, {CONCURRENCY} at a time, prompts a second (median)")
    print(f"  ChatOpenAI                           {statistics.median(plain):8.0f}")
    print(f"  VerbalizedSamplingRunnable           {statistics.median(ours):8.0f}   {ratio:.2f}\n")


def bench_memory() -> None:
    """What the results of a large batch hold, and the peak on the way."""
    vs = VerbalizedSamplingRunnable(llm=InstantChatModel(), k=5)
    gc.collect()
    tracemalloc.start()
    results = vs.batch([QUESTION] * PROMPTS, {"max_concurrency": 8})
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"Memory of a batch of {PROMPTS} prompts, 5 candidates each, MB")
    print(f"  held by the {len(results)} distributions     {held / 1e6:8.1f}")
    print(f"  peak                                 {peak / 1e6:8.1f}\n")


def bench_tokens() -> None:
    """Tokens of each instruction and of each notation, by the tokenizer of GPT-4."""
    # The vocabulary comes with llama-index-core: nothing is downloaded.
    static = Path(llama_index.core.__file__).parent / "_static" / "tiktoken_cache"
    os.environ["TIKTOKEN_CACHE_DIR"] = str(static)
    import tiktoken  # noqa: PLC0415  # it reads the variable when imported

    encoding = tiktoken.get_encoding("cl100k_base")
    methods: tuple[Method, ...] = ("standard", "cot", "multi", "sequence", "direct")
    print("Tokens of the instruction (cl100k_base): full distribution / tail")
    for layout in get_args(Layout):
        cells = []
        for method in methods:
            full = PromptSettings(layout=layout, method=method)
            tail = PromptSettings(layout=layout, method=method, max_probability=0.1)
            counts = [len(encoding.encode(instruction(settings))) for settings in (full, tail)]
            cells.append(f"{method} {counts[0]:3d} / {counts[1]:3d}")
        print(f"  {layout:6} {'   '.join(cells)}")
    print("Tokens of notation for each candidate")
    for layout, candidate in notations().items():
        ten = len(encoding.encode(candidate * 10))
        print(f"  {layout:6} {ten / 10 - len(encoding.encode(TEXT)):5.1f}")
    print()


def notations() -> dict[Layout, str]:
    """One candidate in each notation, as the instructions ask for it."""
    return {
        "xml": f'<response id="1"><text>{TEXT}</text><probability>0.12</probability></response>\n',
        "json": f'{{"text": "{TEXT}", "probability": 0.12}}, ',
        "lines": f"1. (0.12) {TEXT}\n",
    }


if __name__ == "__main__":
    bench_overhead()
    bench_tokens()
    bench_memory()
    with server() as url:
        asyncio.run(bench_batch(url))
