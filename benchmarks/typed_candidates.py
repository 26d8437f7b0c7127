"""How many replies of a real model hold k valid values, for each way of asking for them.

Run it by hand against any server with OpenAI's interface, a local one for instance:

    python benchmarks/typed_candidates.py --url http://127.0.0.1:8000/v1 --model qwen

Each way asks every prompt once, without follow-ups, so that what is counted are first replies. It
prints one row for each way and schema. With `--record FILE` each reply is kept as a line of JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, LLMResult
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, SecretStr

from langchain_vs import VerbalizedSamplingRunnable
from vs_core import VSError

K = 5
MOST_TOKENS = 500
TEMPERATURE = 0.8


class Idea(BaseModel):
    """A start-up."""

    name: str
    slogan: str


class Problem(BaseModel):
    """A problem of arithmetic."""

    question: str
    answer: int


PROMPTS: dict[type[BaseModel], tuple[str, ...]] = {
    Idea: (
        "Suggest a name and a slogan for a startup that delivers coffee by drone",
        "Suggest a name and a slogan for a bakery run by students",
        "Suggest a name and a slogan for an app that finds lost umbrellas",
        "Suggest a name and a slogan for a museum of everyday things",
    ),
    Problem: (
        "Write a word problem for the third grade, with its answer",
        "Write a problem about trains, with its answer in minutes",
        "Write a short problem about buying fruit, with its answer",
        "Write a short problem of mental arithmetic, with its answer",
    ),
}
WAYS: dict[str, dict[str, Any]] = {
    "prompted, xml": {"layout": "xml"},
    "prompted, json": {"layout": "json"},
    "function_calling": {"structured_output": "function_calling"},
    "json_schema": {"structured_output": "json_schema"},
}


class Heard(BaseCallbackHandler):
    """Keeps what the model wrote, as text or as the arguments of a tool, and what it cost."""

    def __init__(self) -> None:
        self.replies: list[str] = []
        self.tokens_in = self.tokens_out = 0

    def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
        """Keep one reply."""
        generation = response.generations[0][0]
        calls = []
        if isinstance(generation, ChatGeneration) and isinstance(generation.message, AIMessage):
            calls = generation.message.tool_calls
            usage = generation.message.usage_metadata
            self.tokens_in += usage["input_tokens"] if usage else 0
            self.tokens_out += usage["output_tokens"] if usage else 0
        self.replies.append(json.dumps(calls, ensure_ascii=False) if calls else generation.text)


@dataclass
class Row:
    """What one way of asking gave for one schema."""

    way: str
    schema: str
    complete: int = 0
    values: int = 0
    asked: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    replies: list[dict[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"| {self.way} | {self.schema} | {self.complete} of {self.asked} | "
            f"{self.values} of {self.asked * K} | {self.tokens_in // self.asked} | "
            f"{self.tokens_out // self.asked} | {self.seconds / self.asked:.1f} |"
        )


def measured(llm: ChatOpenAI, way: str, schema: type[BaseModel], seeds: range) -> Row:
    """Ask every prompt of a schema in one way."""
    row = Row(way, schema.__name__)
    sampling = VerbalizedSamplingRunnable(
        llm=llm, k=K, value_schema=schema, max_topups=0, max_reasks=0, **WAYS[way]
    )
    for prompt, seed in ((p, s) for p in PROMPTS[schema] for s in seeds):
        heard = Heard()
        began = time.perf_counter()
        row.asked += 1
        entry: dict[str, Any] = {"way": way, "schema": row.schema, "prompt": prompt, "seed": seed}
        try:
            found = sampling.invoke(prompt, {"callbacks": [heard]}, seed=seed)
            row.complete += len(found) >= K
            row.values += min(len(found), K)
            entry |= {"valid": len(found), "dropped": [d.reason for d in found.trace.dropped]}
        except VSError as error:
            entry |= {"valid": 0, "error": str(error)}
        row.seconds += time.perf_counter() - began
        row.tokens_in += heard.tokens_in
        row.tokens_out += heard.tokens_out
        row.replies.append(entry | {"replies": heard.replies})
    return row


def rows(arguments: argparse.Namespace) -> Iterator[Row]:
    """The rows of the table, each as soon as it is measured."""
    llm = ChatOpenAI(
        model=arguments.model,
        base_url=arguments.url,
        api_key=SecretStr("none"),
        temperature=TEMPERATURE,
        max_completion_tokens=MOST_TOKENS,
        max_retries=0,
    )
    for way in arguments.ways:
        for schema in PROMPTS:
            yield measured(llm, way, schema, range(arguments.seeds))


def main() -> None:
    """Measure, print, and keep the replies if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--seeds", type=int, default=1, help="replies for each prompt")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--record", type=Path)
    arguments = parser.parse_args()
    print("| way | schema | with k valid values | values | tokens in | out | seconds |")
    print("|---|---|--:|--:|--:|--:|--:|")
    for row in rows(arguments):
        print(row, flush=True)
        if arguments.record:
            with arguments.record.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in row.replies)


if __name__ == "__main__":
    main()
