"""Searching with rewritten queries, and fusing what they find, for adapters."""

from vs_core.retrieval.expansion import (
    ORIGINAL_WEIGHT,
    WeightedQuery,
    Weighting,
    normalised,
    require_query,
    weighted_queries,
)
from vs_core.retrieval.fusion import (
    Finding,
    FusedItem,
    FusionMode,
    default_weighting,
    fuse,
)
from vs_core.retrieval.rewrites import Objection, objections_to_rewrites
from vs_core.retrieval.search import (
    NO_REWRITES,
    OnRewritingFailure,
    SearchSettings,
    could_not_be_read,
    failure_of,
    found_by_the_original,
    is_fatal,
    provenance,
    usable_score,
)

__all__ = [
    "NO_REWRITES",
    "ORIGINAL_WEIGHT",
    "Finding",
    "FusedItem",
    "FusionMode",
    "Objection",
    "OnRewritingFailure",
    "SearchSettings",
    "WeightedQuery",
    "Weighting",
    "could_not_be_read",
    "default_weighting",
    "failure_of",
    "found_by_the_original",
    "fuse",
    "is_fatal",
    "normalised",
    "objections_to_rewrites",
    "provenance",
    "require_query",
    "usable_score",
    "weighted_queries",
]
