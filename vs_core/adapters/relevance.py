"""Judging passages: what is asked about them, and what the judgements mean, for adapters."""

from vs_core.prompts.relevance import (
    RELEVANCE,
    relevance_instruction,
    relevance_prompt,
    relevance_re_ask,
)
from vs_core.retrieval.passages import Passages, passage_number
from vs_core.retrieval.relevance import distribution_of_scores, pooled_judgements

__all__ = [
    "RELEVANCE",
    "Passages",
    "distribution_of_scores",
    "passage_number",
    "pooled_judgements",
    "relevance_instruction",
    "relevance_prompt",
    "relevance_re_ask",
]
