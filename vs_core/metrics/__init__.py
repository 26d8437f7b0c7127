"""Measures of diversity, over the responses to one prompt.

Each is a function of its own; `METRICS` lists them by name, and `measure` computes several. The
lexical ones (`DEFAULT`) need the texts only. None says whether a response is any good: random
words are diverse. The functions say what they miss, and what they cost as the responses grow.

Some need libraries of the `eval` extra, and load them when they are called.
"""

from vs_core.metrics.answers import Answers, effective_size, entropy, expected_distinct
from vs_core.metrics.compression import compression_ratio
from vs_core.metrics.embedding import Embed, as_embed, remembered
from vs_core.metrics.lexical import distinct_n, unique_fraction, unique_words
from vs_core.metrics.overlap import rouge_l
from vs_core.metrics.reference import Reference, coverage_n, kl_divergence, precision
from vs_core.metrics.self_bleu import self_bleu
from vs_core.metrics.semantic import semantic_diversity, vendi_score
from vs_core.metrics.table import DEFAULT, METRICS, Metric, measure
from vs_core.values.words import normalise, words

__all__ = [
    "DEFAULT",
    "METRICS",
    "Answers",
    "Embed",
    "Metric",
    "Reference",
    "as_embed",
    "compression_ratio",
    "coverage_n",
    "distinct_n",
    "effective_size",
    "entropy",
    "expected_distinct",
    "kl_divergence",
    "measure",
    "normalise",
    "precision",
    "remembered",
    "rouge_l",
    "self_bleu",
    "semantic_diversity",
    "unique_fraction",
    "unique_words",
    "vendi_score",
    "words",
]
