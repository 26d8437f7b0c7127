"""Ask a model for the intents of the labelled messages, in four ways, and record what it says.

    PYTHONPATH=. python benchmarks/decisions/ask.py URL MODEL RECORD.jsonl

URL is that of an OpenAI-compatible server. One line is written for each way and message; what
stands in the record is not asked again, so that an interrupted run goes on with the same command.
`benchmarks/decisions/report.py` makes figures of it.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from langchain_core.decisions import Choice
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI

from langchain_vs import VerbalizedDecisionModel
from vs_core.metrics import normalise

HERE = Path(__file__).parent
QUESTION = "What does the customer want first of all?"
CALLS = 5
Way = Callable[[str], dict[str, Any]]


def messages() -> list[dict[str, Any]]:
    """The labelled messages."""
    lines = (HERE / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def intents() -> dict[str, str]:
    """The labels with their meanings."""
    found: dict[str, str] = json.loads((HERE / "intents.json").read_text(encoding="utf-8"))
    return found


def verbalized(llm: ChatOpenAI, **settings: Any) -> Way:
    """Ask for a probability of each label."""
    model = VerbalizedDecisionModel(llm=llm, **settings)
    question = Choice(instructions=QUESTION, criteria=dict(intents()))

    def ask(text: str) -> dict[str, Any]:
        response = model.invoke({"state": text, "questions": {"intent": question}})
        decision = response.decisions["intent"]
        return {
            "probabilities": decision.probabilities,
            "spread": decision.spread,
            "calls": response.trace.calls,
            "input_tokens": response.trace.input_tokens,
            "output_tokens": response.trace.output_tokens,
        }

    return ask


def plain(llm: ChatOpenAI, calls: int) -> Way:
    """Ask for the label alone, and count the answers; what is none of the labels counts as none."""
    labels = intents()
    listed = "\n".join(f'- "{label}": {meaning}' for label, meaning in labels.items())
    instruction = SystemMessage(
        f"You judge an input, which stands in a tag. {QUESTION}\nThe labels are:\n{listed}\n\n"
        "Answer with one label, and nothing else."
    )

    def ask(text: str) -> dict[str, Any]:
        prompt = [instruction, HumanMessage(f"<state>\n{text}\n</state>")]
        replies = [llm.invoke(prompt) for _ in range(calls)]
        said = Counter(normalise(str(reply.content)) for reply in replies)
        named = {label: said[normalise(label)] for label in labels}
        usage = [reply.usage_metadata or {} for reply in replies]
        total = sum(named.values())
        return {
            # Where no reply is a label, nothing is known.
            "probabilities": {
                label: count / total if total else 1 / len(labels) for label, count in named.items()
            },
            "unread": calls - total,
            "calls": calls,
            "input_tokens": sum(used.get("input_tokens", 0) for used in usage),
            "output_tokens": sum(used.get("output_tokens", 0) for used in usage),
        }

    return ask


def ways(url: str, name: str) -> dict[str, Way]:
    """The ways of asking, by name; the cheap ones first."""
    options: dict[str, Any] = {"base_url": url, "model": name, "api_key": "x", "timeout": 600}
    cold = ChatOpenAI(**options, temperature=0.0, max_tokens=400)
    warm = ChatOpenAI(**options, temperature=1.0, max_tokens=400)
    short = {"max_tokens": 12}
    return {
        "probabilities, in words": verbalized(cold, structured_output=None),
        "label alone": plain(cold.model_copy(update=short), 1),
        "label alone, 5 samples": plain(warm.model_copy(update=short), CALLS),
        "probabilities, enforced": verbalized(cold, structured_output="json_schema"),
    }


def main() -> None:
    """Ask what is not in the record yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("model")
    parser.add_argument("record", type=Path)
    arguments = parser.parse_args()
    done = set()
    if arguments.record.exists():
        lines = arguments.record.read_text(encoding="utf-8").splitlines()
        done = {(row["way"], row["id"]) for row in map(json.loads, lines)}
    for way, ask in ways(arguments.url, arguments.model).items():
        for message in messages():
            if (way, message["id"]) in done:
                continue
            try:
                told = ask(message["text"])
            except Exception as error:  # noqa: BLE001  # a failed question is a result too
                told = {"error": f"{type(error).__name__}: {error}"[:300]}
            row = {"way": way, "id": message["id"], "intent": message["intent"], **told}
            with arguments.record.open("a", encoding="utf-8") as record:
                record.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(way, flush=True)


if __name__ == "__main__":
    main()
