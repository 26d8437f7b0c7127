"""Verbalized sampling without a framework: read replies, and work with distributions.

This is the door for users. Whoever drives an exchange with a framework of their own goes through
`vs_core.adapters`, as `langchain_vs` and `llamaindex_vs` do. Needs pydantic and the standard
library only.
"""

from vs_core.errors import (
    EmptyDistributionError,
    MissingExtraError,
    NoCandidatesError,
    PromptError,
    ReaderClosedError,
    RefusalError,
    SampleSizeError,
    ScoreError,
    UnexpectedToolCallError,
    UnsuitableModelError,
    VSError,
)
from vs_core.exchange.ask import Ask
from vs_core.exchange.incoming import IncomingReply, expect_reply
from vs_core.exchange.piece import ReplyPiece
from vs_core.exchange.rounds import exchange, opening
from vs_core.exchange.settings import ExchangeSettings
from vs_core.expansion import (
    ORIGINAL_WEIGHT,
    WeightedQuery,
    Weighting,
    require_query,
    weighted_queries,
)
from vs_core.fusion import (
    Finding,
    FusedItem,
    FusionMode,
    default_weighting,
    fuse,
)
from vs_core.parsing import (
    Explanation,
    ReplyParser,
    Stretch,
    explain_reply,
    no_candidates,
    parse_reply,
)
from vs_core.prompts.enforceable import can_be_strict
from vs_core.prompts.instruction import (
    agent_instruction,
    follow_up,
    format_instructions,
    instruction,
    re_ask,
    top_up,
)
from vs_core.prompts.queries import HYPOTHETICAL_ANSWERS, QUERY_REWRITES
from vs_core.prompts.relevance import RELEVANCE
from vs_core.prompts.reply_schema import reply_schema
from vs_core.prompts.settings import PromptSettings
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.terms import Definition, Layout, Method
from vs_core.values.trace import Dropped, Trace

__all__ = [
    "Candidate",
    "Definition",
    "Dropped",
    "EmptyDistributionError",
    "Explanation",
    "Layout",
    "Method",
    "MissingExtraError",
    "NoCandidatesError",
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
    "explain_reply",
    "instruction",
    "parse_reply",
]
