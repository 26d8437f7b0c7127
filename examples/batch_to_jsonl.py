"""Many prompts, several candidates for each, into a file with one JSON object a line.

pip install '.[agents,langchain-openai]'
python examples/batch_to_jsonl.py                                 a few built-in prompts
python examples/batch_to_jsonl.py prompts.txt --out data.jsonl    one prompt a line
The same command again asks only what the file lacks: what was interrupted, or has failed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path
from typing import BinaryIO

from langchain.chat_models import init_chat_model

from langchain_vs import SimulatedChatModel, VerbalizedSamplingRunnable
from vs_core.simulation import SIMULATION_NOTICE

PROMPTS = "Tell me a joke about coffee\nWrite a poem about the sea\nName a US state"


async def collect(name: str, prompts: list[str], file: BinaryIO) -> int:
    """Ask eight prompts at a time and write answers as they come; returns how many failed."""
    vs = VerbalizedSamplingRunnable(
        llm=SimulatedChatModel() if name == "simulated" else init_chat_model(name), k=5
    )
    failed = 0
    answers = vs.abatch_as_completed(prompts, {"max_concurrency": 8}, return_exceptions=True)
    async for place, answer in answers:
        if isinstance(answer, Exception):
            failed += 1
            print(f"failed: {prompts[place]}: {answer}", file=sys.stderr)
            continue
        known = {"prompt": prompts[place], "method": answer.trace.method, "model": name}
        own = [{"text": c.text, "probability": c.probability, "stated": c.stated} for c in answer]
        # One unbuffered write: an interruption leaves all lines of a prompt, or none.
        file.write("".join(json.dumps(known | fields) + "\n" for fields in own).encode())
    return failed


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("prompts", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, default=Path("candidates.jsonl"))
    asked, name = parser.parse_args(), os.environ.get("VS_MODEL") or "simulated"
    print(SIMULATION_NOTICE if name == "simulated" else f"model: {name}", file=sys.stderr)
    text = asked.prompts.read_text(encoding="utf-8") if asked.prompts else PROMPTS
    lines = asked.out.read_text(encoding="utf-8").splitlines() if asked.out.exists() else []
    done = {record["prompt"] for record in map(json.loads, lines) if record["model"] == name}
    todo = [p for p in dict.fromkeys(map(str.strip, text.split("\n"))) if p and p not in done]
    with asked.out.open("ab", buffering=0) as file:
        failed = asyncio.run(collect(name, todo, file))
    print(f"{asked.out}: {len(todo)} asked, {failed} failed")
    sys.exit(failed > 0)
