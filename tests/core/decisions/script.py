"""Replies that models give in the tests, and what they mean."""

from __future__ import annotations

from vs_core.adapters import ReplyPiece, ToolCall

INTENT_SAID = '{"intent": {"billing": 0.7, "technical": 0.2, "other": 0.1}}'
URGENT_SAID = '{"urgent": {"yes": 0.9, "no": 0.1}}'
BOTH_SAID = f"{INTENT_SAID}\n{URGENT_SAID}"
UNREADABLE = "I would rather not say."
REFUSED = ReplyPiece(refusal="I can't help with that.", refused=True)
CALLED = ReplyPiece(calls=(ToolCall("search", "{}"),))
CUT = ReplyPiece(text=INTENT_SAID + '\n{"urgent": {"yes": 0.', truncated=True)

INTENT_MEANT = {"billing": 0.7, "technical": 0.2, "other": 0.1}
URGENT_MEANT = {"yes": 0.9, "no": 0.1}
