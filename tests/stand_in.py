"""What answers in place of a real model: the simulation, and records where a form asks for them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import count
from typing import Any

from tests.wire.script import Message
from vs_core.simulation import SimulatedModel

_FORM = re.compile(r"in this form(?:, filled in|, as JSON)?:\s")
_VALUE = re.compile(r'"text": (?=[{\[])|<text>(?=[{\[])|(?<=filled in: )(?=[{\[])')
_CHOICES = re.compile(r'(\w+): one of ("[^;.]*")')
_WANTED = re.compile(r"(\d+) (?:alternative |different )?responses?\b")
_ONE = re.compile(r"The response must be in this form")


def stand_in(seed: int) -> Callable[[list[Message]], str]:
    """A responder for the wire's server; the simulation itself fills in no forms.

    Args:
        seed: Fixes what the simulation answers.
    """
    model = SimulatedModel(seed=seed)
    numbers = count(1)

    def answer(messages: list[Message]) -> str:
        texts = [message["content"] for message in messages if message["role"] != "assistant"]
        form = next((text for text in reversed(texts) if _FORM.search(text)), "")
        found = _VALUE.search(form)
        if not found:
            return model.reply([(message["role"], message["content"]) for message in messages])
        blank = json.JSONDecoder().raw_decode(form, found.end())[0]
        choices = {name: json.loads(f"[{listed}]") for name, listed in _CHOICES.findall(form)}
        if _ONE.search(form):
            return json.dumps(_filled(blank, choices, next(numbers)))
        asked = _WANTED.search(form)
        wanted = int(asked[1]) if asked else 1
        records = [_filled(blank, choices, next(numbers)) for _ in range(wanted)]
        return json.dumps([{"text": record, "probability": 0.05} for record in records])

    return answer


def _filled(blank: Any, choices: dict[str, list[str]], number: int, name: str = "") -> Any:
    """A form filled in, differently for each number where it can be."""
    if isinstance(blank, dict):
        return {key: _filled(inner, choices, number, key) for key, inner in blank.items()}
    if isinstance(blank, list):
        return [_filled(inner, choices, number, name) for inner in blank]
    if isinstance(blank, str):
        given = choices.get(name)
        return given[number % len(given)] if given else f"example {number}"
    if isinstance(blank, bool):
        return number % 2 == 0
    return number if isinstance(blank, (int, float)) else blank
