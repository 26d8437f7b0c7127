"""The doors of the core: the modules whose names are public."""

from __future__ import annotations

DOORS = [
    "vs_core",
    "vs_core.adapters",
    "vs_core.adapters.comparison",
    "vs_core.adapters.decisions",
    "vs_core.adapters.generation",
    "vs_core.adapters.journal",
    "vs_core.adapters.relevance",
    "vs_core.adapters.retrieval",
    "vs_core.adapters.simulation",
    "vs_core.adapters.tuning",
    "vs_core.calibration",
    "vs_core.comparison",
    "vs_core.decisions",
    "vs_core.generation",
    "vs_core.metrics",
    "vs_core.plots",
    "vs_core.simulation",
    "vs_core.tuning",
]
