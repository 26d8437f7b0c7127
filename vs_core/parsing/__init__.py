"""Reading replies: one reader for every notation, one-shot and as the reply arrives."""

from __future__ import annotations

from vs_core.parsing.explain import Explanation, Stretch, explain_reply
from vs_core.parsing.reply import ReplyParser, no_candidates, parse_reply

__all__ = [
    "Explanation",
    "ReplyParser",
    "Stretch",
    "explain_reply",
    "no_candidates",
    "parse_reply",
]
