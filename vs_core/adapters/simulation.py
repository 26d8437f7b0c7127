"""Standing the simulated model in a framework's place of a model, for adapters."""

from vs_core.simulation.tokens import pieces
from vs_core.simulation.tools import SimulatedCall, choose_call, require_choice

__all__ = ["SimulatedCall", "choose_call", "pieces", "require_choice"]
