"""Making data sets with a framework's models, for adapters."""

from vs_core.generation.calls import PlannedCall
from vs_core.generation.generation import Generation
from vs_core.generation.outcome import CallOutcome
from vs_core.generation.prompts import Prompts, fingerprint
from vs_core.generation.records import Judged
from vs_core.generation.running.beginning import begin_generation
from vs_core.generation.running.conduct import conduct_generation
from vs_core.generation.running.cool_down import CoolDown
from vs_core.generation.running.embedding import aembed_by
from vs_core.generation.running.engine import (
    Engine,
    EngineName,
    InEventLoop,
    InThreads,
    chosen_engine,
)
from vs_core.generation.running.identity import named, place_of
from vs_core.generation.running.keeping import Keeping
from vs_core.generation.settings import GenerationOptions

__all__ = [
    "CallOutcome",
    "CoolDown",
    "Engine",
    "EngineName",
    "Generation",
    "GenerationOptions",
    "InEventLoop",
    "InThreads",
    "Judged",
    "Keeping",
    "PlannedCall",
    "Prompts",
    "aembed_by",
    "begin_generation",
    "chosen_engine",
    "conduct_generation",
    "fingerprint",
    "named",
    "place_of",
]
