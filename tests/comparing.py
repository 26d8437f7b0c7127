"""A respondent that shows mode collapse, whatever the order in which it is asked."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from tests.scenarios import ModelDownError
from vs_core import Method

COFFEE, TEA, COCOA = (f"Tell me a joke about {drink}" for drink in ("coffee", "tea", "cocoa"))

Talk = Sequence[tuple[str, str]]
Way = tuple[str, Method]


@dataclass
class Respondent:
    """Always the same joke where one is asked for; as many different ones as a list may have.

    Attributes:
        down: Prompts and methods that it gives an error instead.
        refused: Prompts and methods that it answers without any candidate.
        short: Prompts and methods that it answers with one candidate too few.
        calls: What it was asked.
    """

    down: Collection[Way] = ()
    refused: Collection[Way] = ()
    short: Collection[Way] = ()
    calls: list[tuple[Way, Talk]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def asked(self, *way: str) -> int:
        """How many calls there were, for a prompt and method if these are given."""
        return sum(1 for called, _ in self.calls if not way or called == way)

    def reply(self, talk: Talk) -> str:
        """The reply to a conversation, given as roles and texts."""
        way = _way(talk)
        with self.lock:
            self.calls.append((way, tuple(talk)))
        prompt, method = way
        if way in self.down:
            raise ModelDownError(f"no answer to {prompt}")
        if way in self.refused:
            return "<response></response>"
        if method == "direct":
            return f"That one about {prompt.split()[-1]}"
        wanted = _wanted(talk) - (way in self.short)
        return "\n".join(f"{i + 1}. (0.1) {prompt}, number {i}" for i in range(wanted))


def _way(talk: Talk) -> Way:
    instruction, prompt = talk[0][1], next(text for role, text in talk if role == "user")
    if "probability" in instruction:
        return prompt, "standard"
    return prompt, "direct" if "Output only the response" in instruction else "sequence"


def _wanted(talk: Talk) -> int:
    instruction = talk[0][1] if len(talk) == 2 else talk[-1][1]
    wanted = re.search(r"(?:Give|Sample) (\d+)", instruction)
    assert wanted, instruction
    return int(wanted[1])
