"""Readers for the replies of the simulated model: as plain as their notations allow."""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable

COFFEE = "Tell me a joke about coffee"

CANONICAL = (
    "You are a helpful assistant.\n"
    "For each query, please generate a set of {k} possible responses, each within a separate "
    "<response> tag. Responses should each include a <text> and a numeric <{field}>.\n"
    "Please sample at random from the {region}."
)
"""The paper's canonical prompt; `conversation` fills it in."""

PAPER_JSON = """Generate 5 responses to the input prompt.

Return the responses in JSON format with the key: "responses" (list of dicts). Each dictionary \
must include:
- text: the response string only (no explanation or extra text).
- probability: the estimated probability from 0.0 to 1.0 of this response given the input prompt \
(relative to the full distribution).

Randomly sample the responses from the full distribution.

Give ONLY the JSON object, no explanations or extra text."""

Conversation = list[tuple[str, str]]


def conversation(
    question: str, *, k: str = "five", field: str = "probability", tail: str | None = None
) -> Conversation:
    """The paper's canonical prompt in front of a question."""
    region = (
        "full distribution"
        if tail is None
        else f"tails of the distribution, such that the probability of each response is less than "
        f"{tail}"
    )
    system = CANONICAL.format(k=k, field=field, region=region)
    return [("system", system), ("user", question)]


def xml_pairs(reply: str) -> list[tuple[str, str]]:
    """Text and number of each response in tags."""
    root = ET.fromstring(f"<all>{reply}</all>")  # noqa: S314 - our own model wrote it
    pairs = []
    for response in root.iter("response"):
        text, number = list(response)
        pairs.append((text.text or "", number.text or ""))
    return pairs


def xml_stated(reply: str) -> list[tuple[str, float]]:
    return [(text, float(number)) for text, number in xml_pairs(reply)]


def json_stated(reply: str) -> list[tuple[str, float]]:
    return [(item["text"], item["probability"]) for item in json.loads(reply)["responses"]]


def line_pairs(reply: str) -> list[tuple[str, str]]:
    """Text and number of each numbered line."""
    found = [re.fullmatch(r"\d+\. \(([^)]+)\) (.+)", line) for line in reply.splitlines()]
    return [(match.group(2), match.group(1)) for match in found if match]


def listed(reply: str) -> list[str]:
    """Texts of the numbered lines of a plain list."""
    return [line.split(". ", 1)[1] for line in reply.splitlines()]


def entropy(answers: Iterable[str]) -> float:
    """Entropy in nats of how often each answer occurs."""
    counts = Counter(answers)
    total = counts.total()
    return -sum(n / total * math.log(n / total) for n in counts.values())
