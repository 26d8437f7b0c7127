"""Verbalized sampling without a framework: read replies, and work with distributions.

This is the door for users. Whoever drives an exchange with a framework of their own goes through
`vs_core.adapters`, as `langchain_vs` and `llamaindex_vs` do. Needs pydantic and the standard
library only.
"""

from vs_core.errors import (
    CallFailedError,
    EmbeddingsError,
    EmptyDistributionError,
    JournalError,
    MissingExtraError,
    NoCandidatesError,
    NotWrittenError,
    PromptError,
    ReaderClosedError,
    RefusalError,
    SampleSizeError,
    ScoreError,
    UnexpectedToolCallError,
    UnsuitableModelError,
    VSError,
    WorkerLostError,
    WorkerSetupError,
)
from vs_core.exchange.preset import Preset
from vs_core.parsing.explain import Explanation, explain_reply
from vs_core.parsing.reply import ReplyParser, parse_reply
from vs_core.prompts.instruction import instruction
from vs_core.prompts.queries import HYPOTHETICAL_ANSWERS, QUERY_REWRITES
from vs_core.prompts.settings import PromptSettings
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.terms import Definition, Layout, Method
from vs_core.values.trace import Dropped, Trace

__all__ = [
    "HYPOTHETICAL_ANSWERS",
    "QUERY_REWRITES",
    "CallFailedError",
    "Candidate",
    "Definition",
    "Dropped",
    "EmbeddingsError",
    "EmptyDistributionError",
    "Explanation",
    "JournalError",
    "Layout",
    "Method",
    "MissingExtraError",
    "NoCandidatesError",
    "NotWrittenError",
    "Preset",
    "PromptError",
    "PromptSettings",
    "ReaderClosedError",
    "RefusalError",
    "ReplyParser",
    "SampleSizeError",
    "ScoreError",
    "Trace",
    "UnexpectedToolCallError",
    "UnsuitableModelError",
    "VSError",
    "VerbalizedDistribution",
    "WorkerLostError",
    "WorkerSetupError",
    "explain_reply",
    "instruction",
    "parse_reply",
]
