"""Data sets: many different answers to one prompt, or to many."""

from vs_core.generation.calls import CallRecord
from vs_core.generation.diversity import diversity_of
from vs_core.generation.novelty.novelty import Novelty
from vs_core.generation.novelty.resemblance import Resemblance
from vs_core.generation.prompts import GenerationPrompt
from vs_core.generation.ray.engine import RayEngine
from vs_core.generation.ray.imported import ImportedFactory
from vs_core.generation.records import EndedBy, GeneratedRecord, RefusedAnswer
from vs_core.generation.report import Figures, GenerationReport, Moment, PromptReport
from vs_core.generation.running.run import AsyncGenerationRun, GenerationResult, GenerationRun
from vs_core.generation.settings import GenerationSettings
from vs_core.generation.unseen import Sightings, UnseenShare

__all__ = [
    "AsyncGenerationRun",
    "CallRecord",
    "EndedBy",
    "Figures",
    "GeneratedRecord",
    "GenerationPrompt",
    "GenerationReport",
    "GenerationResult",
    "GenerationRun",
    "GenerationSettings",
    "ImportedFactory",
    "Moment",
    "Novelty",
    "PromptReport",
    "RayEngine",
    "RefusedAnswer",
    "Resemblance",
    "Sightings",
    "UnseenShare",
    "diversity_of",
]
