"""What the simulated model states of the labels of a question, in the form that is asked for."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from random import Random

from vs_core.simulation.decisions.opinion import label_probabilities
from vs_core.simulation.decisions.request import AskedDecision

OVERCONFIDENCE = 2.0
"""The power to which the simulated model raises what it believes, before it states it."""

_LEAST = 0.01


def decision_reply(asked: AskedDecision, noise: float, rng: Random) -> str:
    """A reply with a number for each label of each question, the most probable first.

    What is stated is what the model believes, to the power of `OVERCONFIDENCE`, made to sum to 1
    and rounded to two decimals: a calibration by temperature that finds `OVERCONFIDENCE` undoes it.

    Args:
        asked: What is asked.
        noise: Standard deviation of the logarithm of a stated number, between calls.
        rng: The source of randomness.

    Example:
        >>> from random import Random
        >>> from vs_core.decisions import yes_no
        >>> from vs_core.simulation.decisions.request import AskedDecision
        >>> from vs_core.simulation.decisions.stating import decision_reply
        >>> asked = AskedDecision("We are down!", {"urgent": yes_no("urgent", "Is it urgent?")})
        >>> decision_reply(asked, 0.0, Random(1))
        '{"urgent": [{"label": "yes", "probability": 0.95}, {"label": "no", "probability": 0.05}]}'
    """
    answers = {}
    for name, question in asked.questions.items():
        stated = _stated(label_probabilities(asked.state, question), noise, rng)
        ranked = sorted(stated, key=lambda label: -stated[label])
        answers[name] = [{"label": label, "probability": stated[label]} for label in ranked]
    return json.dumps(answers, ensure_ascii=False)


def _stated(believed: Mapping[str, float], noise: float, rng: Random) -> dict[str, float]:
    weights = {
        label: p**OVERCONFIDENCE * math.exp(noise * rng.gauss(0.0, 1.0))
        for label, p in believed.items()
    }
    total = math.fsum(weights.values())
    stated = {label: round(weight / total, 2) for label, weight in weights.items()}
    if not any(stated.values()):
        # Among very many labels each is rounded to nothing; the first is not to be lost with them.
        stated[max(weights, key=lambda label: weights[label])] = _LEAST
    return stated
