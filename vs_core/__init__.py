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
    Ranking,
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
from vs_core.prompts.wording import TOOL_NAME
from vs_core.tool_call import ToolCall
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.terms import (
    Definition,
    Layout,
    Method,
    OnFailure,
    Placement,
    Split,
    StructuredOutput,
    Wording,
)
from vs_core.values.trace import Dropped, Trace

__all__ = [
    "HYPOTHETICAL_ANSWERS",
    "ORIGINAL_WEIGHT",
    "QUERY_REWRITES",
    "RELEVANCE",
    "TOOL_NAME",
    "Ask",
    "Candidate",
    "Definition",
    "Dialect",
    "DictDialect",
    "Dropped",
    "EmptyDistributionError",
    "ExchangeSettings",
    "Explanation",
    "Finding",
    "FusedItem",
    "FusionMode",
    "IncomingReply",
    "Layout",
    "Method",
    "MissingExtraError",
    "NoCandidatesError",
    "OnFailure",
    "Placement",
    "PromptError",
    "PromptSettings",
    "Ranking",
    "ReaderClosedError",
    "RefusalError",
    "ReplyParser",
    "ReplyPiece",
    "SampleSizeError",
    "ScoreError",
    "Split",
    "Stretch",
    "StructuredOutput",
    "ToolCall",
    "Trace",
    "UnexpectedToolCallError",
    "UnsuitableModelError",
    "VSError",
    "VerbalizedDistribution",
    "WeightedQuery",
    "Weighting",
    "Wording",
    "agent_instruction",
    "can_be_strict",
    "default_weighting",
    "exchange",
    "expect_reply",
    "explain_reply",
    "follow_up",
    "format_instructions",
    "fuse",
    "instruction",
    "joined_content",
    "no_candidates",
    "opening",
    "parse_reply",
    "place_instruction",
    "re_ask",
    "reply_schema",
    "require_query",
    "top_up",
    "weighted_queries",
]
