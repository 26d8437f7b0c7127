"""`label_probabilities`: what the simulated model believes of the labels of a question."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from random import Random

from vs_core.simulation.decisions.lexicon import OPPOSITE, loudness, matters_in, stems_of
from vs_core.values.question import NO, YES, LabelQuestion

# In logits, chosen by eye: support mails are to be told apart mostly, and doubted enough.
_WORD = 1.6
"""What a shared word counts."""
_MATTER = 2.2
"""What a shared matter counts."""
_WHIM = 0.4
"""Standard deviation of what counting misses."""
_DOUBT = 0.7
"""What stands against a yes for which nothing speaks."""
_FIRMEST = 2.6
"""What can speak for one of two labels at most."""
_WIDTH = 0.25
"""Of the hill over levels, in lengths of the scale."""
_LOUD_MATTERS = ("anger", "hurry")


def label_probabilities(state: str, question: LabelQuestion) -> dict[str, float]:
    """What the simulated model believes: how probable each label of a question is for an input.

    It counts words: those that the input shares with a label's name and description, the fewer
    labels have them the more, and those that belong to the same matter by a lexicon of a dozen
    everyday matters (money, parcels, devices, risk, anger and the like). A whim, fixed for each
    input and label, stands for all that counting misses. It is no judgement, and the measure of
    nothing but the simulation: labels drawn by it make a world in which it is calibrated, while it
    states other numbers (`OVERCONFIDENCE`).

    Args:
        state: The input as text.
        question: The question.

    Returns:
        The probability of each label, in the question's order; they sum to 1.

    Example:
        >>> from vs_core.decisions import LabelQuestion
        >>> from vs_core.simulation import label_probabilities
        >>> asked = LabelQuestion(id="team", instructions="Which team?", labels=("billing", "tea"))
        >>> believed = label_probabilities("Why was I charged twice?", asked)
        >>> max(believed, key=believed.get)
        'billing'
    """
    leaning = _leanings(state.strip(), question)
    whims = {label: _WHIM * _gauss(state.strip(), question, label) for label in question.labels}
    # The same share is left for doubt, however many labels share it.
    firmest = _FIRMEST + math.log(max(1, len(question.labels) - 1))
    return _softmax(
        {
            label: firmest * math.tanh(leaning[label] / firmest) + whims[label]
            for label in question.labels
        }
    )


def _leanings(state: str, question: LabelQuestion) -> dict[str, float]:
    if question.labels == (YES, NO):
        return _of_yes_no(state, question)
    leaning = _of_labels(state, question)
    if question.kind == "score":
        levels = _of_levels(state, question)
        return {label: leaning[label] + levels[label] for label in question.labels}
    return leaning


def _of_labels(state: str, question: LabelQuestion) -> dict[str, float]:
    """For each label the words and matters that the input has in common with it."""
    said, found = stems_of(state), _matters(state)
    texts = {label: stems_of(f"{label} {meaning or ''}") for label, meaning in question.described()}
    own = {label: _shares(matters_in(stems)) for label, stems in texts.items()}
    words = Counter(stem for stems in texts.values() for stem in stems)
    total = Counter[str]()
    for shares in own.values():
        total.update(shares)
    return {
        label: _WORD * sum(1 / words[stem] for stem in said & texts[label])
        + _MATTER
        * sum(math.sqrt(found[m]) * share * share / total[m] for m, share in own[label].items())
        for label in question.labels
    }


def _of_yes_no(state: str, question: LabelQuestion) -> dict[str, float]:
    """What speaks for yes and against it, by what the question names; doubt speaks for no."""
    yes, no = (meaning or "" for _, meaning in question.described())
    said = stems_of(state)
    asked, against = stems_of(f"{question.instructions} {yes}"), stems_of(no)
    # The longer the question, the more of its words stand in an input by chance.
    words = (len(said & asked) - len(said & against)) / math.sqrt(len(asked | against) or 1)
    matters = _inclination(state, asked, against)
    return {YES: _WORD * words + 1.5 * _MATTER * matters, NO: _DOUBT}


def _of_levels(state: str, question: LabelQuestion) -> dict[str, float]:
    """A hill around the level that the matter of the question reaches; flat if it has none."""
    asked = stems_of(question.instructions)
    last = len(question.labels) - 1
    if not last or not matters_in(asked):
        return dict.fromkeys(question.labels, 0.0)
    height = 1 / (1 + math.exp(1 - 1.5 * _inclination(state, asked, ())))
    return {
        label: -(((level / last - height) / _WIDTH) ** 2) / 2
        for level, label in enumerate(question.labels)
    }


def _inclination(state: str, asked: Iterable[str], against: Iterable[str]) -> float:
    """How much an input has of the matters that are asked for, less what it has of the opposite."""
    found, named = _matters(state), _foremost(asked)
    for matter, share in _foremost(against).items():
        named[matter] = named.get(matter, 0.0) - share / 2
    return sum(
        share * (math.sqrt(found[matter]) - math.sqrt(found[OPPOSITE.get(matter, "")]))
        for matter, share in named.items()
    )


def _matters(state: str) -> Counter[str]:
    found = matters_in(stems_of(state))
    found.update(dict.fromkeys(_LOUD_MATTERS, loudness(state)))
    return found


def _foremost(stems: Iterable[str]) -> dict[str, float]:
    """What a question is about; a word by the way counts little."""
    return _shares({matter: count**2 for matter, count in matters_in(stems).items()})


def _shares(counts: Mapping[str, int]) -> dict[str, float]:
    total = sum(counts.values())
    return {matter: count / total for matter, count in counts.items()}


def _gauss(state: str, question: LabelQuestion, label: str) -> float:
    told = json.dumps([state, question.instructions, label])
    return Random(hashlib.sha256(told.encode()).digest()).gauss(0.0, 1.0)


def _softmax(leaning: Mapping[str, float]) -> dict[str, float]:
    highest = max(leaning.values())
    weights = {label: math.exp(lean - highest) for label, lean in leaning.items()}
    total = math.fsum(weights.values())
    return {label: weight / total for label, weight in weights.items()}
