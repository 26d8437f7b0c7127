"""Searching with rewritten queries, fusing what they find, and judging passages, for adapters."""

from vs_core.prompts.queries import HYPOTHETICAL_ANSWERS, QUERY_REWRITES
from vs_core.prompts.relevance import (
    RELEVANCE,
    relevance_instruction,
    relevance_prompt,
    relevance_re_ask,
)
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
from vs_core.retrieval.passages import Passages, passage_number
from vs_core.retrieval.relevance import distribution_of_scores, pooled_judgements
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
    "HYPOTHETICAL_ANSWERS",
    "NO_REWRITES",
    "ORIGINAL_WEIGHT",
    "QUERY_REWRITES",
    "RELEVANCE",
    "Finding",
    "FusedItem",
    "FusionMode",
    "Objection",
    "OnRewritingFailure",
    "Passages",
    "SearchSettings",
    "WeightedQuery",
    "Weighting",
    "could_not_be_read",
    "default_weighting",
    "distribution_of_scores",
    "failure_of",
    "found_by_the_original",
    "fuse",
    "is_fatal",
    "normalised",
    "objections_to_rewrites",
    "passage_number",
    "pooled_judgements",
    "provenance",
    "relevance_instruction",
    "relevance_prompt",
    "relevance_re_ask",
    "require_query",
    "usable_score",
    "weighted_queries",
]
