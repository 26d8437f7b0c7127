"""A simulated model that shows mode collapse and verbalized sampling without any key.

It is a model of the paper's theory, not a language model. Whoever prints its replies also prints
`SIMULATION_NOTICE`.
"""

from __future__ import annotations

from vs_core.simulation.decisions.opinion import label_probabilities
from vs_core.simulation.decisions.stating import OVERCONFIDENCE
from vs_core.simulation.model import SIMULATION_NOTICE, SimulatedModel
from vs_core.simulation.space import AnswerSpace
from vs_core.simulation.spaces import find_space

__all__ = [
    "OVERCONFIDENCE",
    "SIMULATION_NOTICE",
    "AnswerSpace",
    "SimulatedModel",
    "find_space",
    "label_probabilities",
]
