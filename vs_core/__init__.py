"""Verbalized sampling without a framework: prompts, reading of replies, distributions.

Needs pydantic and the standard library only; `langchain_vs` and `llamaindex_vs` build on it.
"""

from vs_core.conversation import Dialect, DictDialect, joined_content, place_instruction
from vs_core.errors import (
    EmptyDistributionError,
    MissingExtraError,
    NoCandidatesError,
    PromptError,
    ReaderClosedError,
    SampleSizeError,
    VSError,
)
from vs_core.exchange.ask import Ask, IncomingReply, ReplyPiece, expect_reply
from vs_core.exchange.rounds import exchange
from vs_core.exchange.settings import ExchangeSettings
from vs_core.parsing import ReplyParser, no_candidates, parse_reply
from vs_core.prompts.instruction import (
    follow_up,
    format_instructions,
    instruction,
    re_ask,
    top_up,
)
from vs_core.prompts.settings import PromptSettings
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.terms import Definition, Layout, Method, OnFailure, Placement
from vs_core.values.trace import Dropped, Trace

__all__ = [
    "Ask",
    "Candidate",
    "Definition",
    "Dialect",
    "DictDialect",
    "Dropped",
    "EmptyDistributionError",
    "ExchangeSettings",
    "IncomingReply",
    "Layout",
    "Method",
    "MissingExtraError",
    "NoCandidatesError",
    "OnFailure",
    "Placement",
    "PromptError",
    "PromptSettings",
    "ReaderClosedError",
    "ReplyParser",
    "ReplyPiece",
    "SampleSizeError",
    "Trace",
    "VSError",
    "VerbalizedDistribution",
    "exchange",
    "expect_reply",
    "follow_up",
    "format_instructions",
    "instruction",
    "joined_content",
    "no_candidates",
    "parse_reply",
    "place_instruction",
    "re_ask",
    "top_up",
]
