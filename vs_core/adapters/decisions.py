"""Asking for the probabilities of labels, and what the replies amount to, for adapters."""

from vs_core.decisions.pooling import pooled
from vs_core.decisions.rounds import StatedLabel, decision_rounds, decisions_of
from vs_core.decisions.settings import DecisionSettings
from vs_core.prompts.decisions import (
    decision_instruction,
    decision_re_ask,
    decision_schema,
    names_in_reply,
    state_prompt,
    unsaid_question,
)
from vs_core.prompts.routing import ROUTING

__all__ = [
    "ROUTING",
    "DecisionSettings",
    "StatedLabel",
    "decision_instruction",
    "decision_re_ask",
    "decision_rounds",
    "decision_schema",
    "decisions_of",
    "names_in_reply",
    "pooled",
    "state_prompt",
    "unsaid_question",
]
