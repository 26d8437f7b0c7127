"""What drives an exchange with a framework's models: the second door of the core.

`langchain_vs` and `llamaindex_vs` are built on it, and another framework would be. What the parts
of the core offer to adapters besides stands in `vs_core.adapters.retrieval`,
`vs_core.adapters.relevance`, `vs_core.adapters.comparison`, `vs_core.adapters.journal` and
`vs_core.adapters.simulation`.
"""

from vs_core.exchange.answering import DrawSettings, in_words, requests_structure
from vs_core.exchange.ask import Ask
from vs_core.exchange.at_once import aeach, each
from vs_core.exchange.conversation import Dialect, DictDialect, joined_content, place_instruction
from vs_core.exchange.driving import (
    Rounds,
    arun_rounds,
    astream_rounds,
    run_rounds,
    stream_rounds,
)
from vs_core.exchange.incoming import IncomingReply, expect_reply
from vs_core.exchange.model_options import ModelOptions
from vs_core.exchange.options import ExchangeOptions, RequestOptions, RewritingOptions
from vs_core.exchange.piece import ReplyPiece
from vs_core.exchange.preset_findings import PresetFigures, PresetFindings
from vs_core.exchange.reading import aread_reply, aread_stream, read_reply, read_stream
from vs_core.exchange.reported import (
    field_of,
    refused,
    reported_refusal,
    token_usage,
    was_cut,
)
from vs_core.exchange.rounds import exchange, opening
from vs_core.exchange.settings import (
    ExchangeSettings,
    FollowUpSettings,
    ReaskSettings,
    exchange_options,
)
from vs_core.exchange.side_by_side import AsyncStream, Stream
from vs_core.parsing.advice import SMALL_MODELS_PAGE
from vs_core.parsing.verbalized import verbalized_layout
from vs_core.prompts.enforceable import can_be_strict
from vs_core.prompts.instruction import agent_instruction, format_instructions
from vs_core.prompts.reply_schema import reply_schema
from vs_core.prompts.shared_settings import AskingSettings, InstructionSettings
from vs_core.prompts.wording import TOOL_NAME
from vs_core.tool_call import ToolCall
from vs_core.values.diversity import most_diverse
from vs_core.values.ordering import Select, SelectionSettings
from vs_core.values.scores import read_scores
from vs_core.values.terms import OnFailure, Placement, Split, StructuredOutput, Wording
from vs_core.visible import visible, visible_json

__all__ = [
    "SMALL_MODELS_PAGE",
    "TOOL_NAME",
    "Ask",
    "AskingSettings",
    "AsyncStream",
    "Dialect",
    "DictDialect",
    "DrawSettings",
    "ExchangeOptions",
    "ExchangeSettings",
    "FollowUpSettings",
    "IncomingReply",
    "InstructionSettings",
    "ModelOptions",
    "OnFailure",
    "Placement",
    "PresetFigures",
    "PresetFindings",
    "ReaskSettings",
    "ReplyPiece",
    "RequestOptions",
    "RewritingOptions",
    "Rounds",
    "Select",
    "SelectionSettings",
    "Split",
    "Stream",
    "StructuredOutput",
    "ToolCall",
    "Wording",
    "aeach",
    "agent_instruction",
    "aread_reply",
    "aread_stream",
    "arun_rounds",
    "astream_rounds",
    "can_be_strict",
    "each",
    "exchange",
    "exchange_options",
    "expect_reply",
    "field_of",
    "format_instructions",
    "in_words",
    "joined_content",
    "most_diverse",
    "opening",
    "place_instruction",
    "read_reply",
    "read_scores",
    "read_stream",
    "refused",
    "reply_schema",
    "reported_refusal",
    "requests_structure",
    "run_rounds",
    "stream_rounds",
    "token_usage",
    "verbalized_layout",
    "visible",
    "visible_json",
    "was_cut",
]
