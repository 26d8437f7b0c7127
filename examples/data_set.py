"""A data set: different records of a type for each prompt, one JSON object a line.

pip install '.[agents,generate,langchain-openai]'
python examples/data_set.py                                 a few built-in prompts
python examples/data_set.py prompts.txt -n 100 --out data   one prompt a line
The same command again goes on where it was interrupted, or failed: data/journal.jsonl has it all.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Literal

from langchain.chat_models import init_chat_model
from pydantic import BaseModel

from langchain_vs import SimulatedChatModel, generate
from vs_core.simulation import SIMULATION_NOTICE

PROMPTS = "\n".join(f"Write a quiz question about {topic}" for topic in ("tea", "maps", "jazz"))


class Question(BaseModel):
    """A question for a quiz; validators of yours would refuse what a type cannot."""

    question: str
    answer: str
    difficulty: Literal["easy", "medium", "hard"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("prompts", type=Path, nargs="?")
    parser.add_argument("-n", type=int, default=20, help="different records for each prompt")
    parser.add_argument("--out", type=Path, default=Path("data"))
    asked, name = parser.parse_args(), os.environ.get("VS_MODEL")
    print(f"model: {name}" if name else SIMULATION_NOTICE, file=sys.stderr)
    llm = init_chat_model(name) if name else SimulatedChatModel()

    text = asked.prompts.read_text(encoding="utf-8") if asked.prompts else PROMPTS
    prompts = [line.strip() for line in text.split("\n") if line.strip()]
    run = generate(llm, prompts, asked.n, value_schema=Question, journal=asked.out)
    asked.out.mkdir(parents=True, exist_ok=True)
    with (asked.out / "data.jsonl").open("w", encoding="utf-8") as file:
        for record in run:
            file.write(record.model_dump_json() + "\n")

    figures = run.report.figures
    print(f"{figures.accepted} records, {figures.refused} refused, {figures.calls} calls")
    failed = [prompt for prompt in run.report.prompts if prompt.ended_by == "failures"]
    for prompt in failed:
        print(f"failed: {prompt.prompt}: {prompt.error}", file=sys.stderr)
    sys.exit(len(failed) > 0)
