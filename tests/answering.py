"""What a server answers to `generate`: draws from a world of known answers, with faults between."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.wire.script import Drop, Fault, Reply, Step
from vs_core.prompts.different import GIVEN_BEFORE

_WANTED = re.compile(r"(?:Give|Sample|generate)\D{0,40}(\d+)")


@dataclass
class AnsweringWorld:
    """Draws as many answers as are asked for, without those that it is told.

    Attributes:
        size: How many answers there are to each prompt.
        faults: What it answers instead, each to one in twenty requests at random.
        always: What it answers to prompts that hold this word, each time.
        asked: How often each prompt was asked, faults included.
        answered: How many requests it answered with answers.
    """

    size: int = 300
    faults: tuple[Step, ...] = ()
    always: dict[str, Step] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, messages: list[dict[str, Any]]) -> str | Step:
        """Answer a request."""
        instruction, question = _text(messages[0]), _text(messages[-1])
        prompt, _, told = question.partition(f"\n\n{GIVEN_BEFORE}\n")
        with self.lock:
            self.asked[prompt] += 1
            for word, step in self.always.items():
                if word in prompt:
                    return step
            number = int(self.chance.random() * 20)
            if number < len(self.faults):
                return self.faults[number]
            self.answered += 1
            return self._listed(prompt, int(_WANTED.findall(instruction)[0]), told)

    def _listed(self, prompt: str, count: int, told: str) -> str:
        left = [one for one in range(self.size) if f"no. {one} " not in told]
        return "\n".join(
            f"<response><text>no. {one} of {prompt}</text><probability>0.0{1 + one % 9}"
            "</probability></response>"
            for one in self.chance.sample(left, min(count, len(left)))
        )


class Gated(AnsweringWorld):
    """Answers a few requests at once, and the others when it is opened.

    Args:
        free: How many at once.
    """

    def __init__(self, free: int = 0) -> None:
        super().__init__()
        self.opened = threading.Event()
        self._free = threading.Semaphore(free)

    def close(self) -> None:
        """Answer no further request until it is opened."""
        self._free = threading.Semaphore(0)

    def let(self, number: int) -> None:
        """Answer so many of the requests to come at once."""
        self._free.release(number)

    def __call__(self, messages: list[dict[str, Any]]) -> str | Step:
        """Answer a request."""
        if not self._free.acquire(blocking=False):
            self.opened.wait(60)
        return super().__call__(messages)


EVERY_FAULT: tuple[Step, ...] = (
    Fault(429, headers={"Retry-After": "0.01"}),
    Fault(500),
    Fault(503),
    Drop("<response><text>no. 1 of", after=12),
    Reply("Sorry, I can't think of any."),
    Reply("", refusal="I can't help with that."),
    Fault(400, message="bad request"),
)


def _text(message: dict[str, Any]) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)
