"""An error about a reply, told to whoever wrote a command line: its advice names flags."""

from __future__ import annotations

import re

from vs_cli.setting_arguments import flag_of
from vs_core import NoCandidatesError
from vs_core.adapters import SMALL_MODELS_PAGE

_LANGCHAINS_ADVICE = re.compile(r"\s*\nFor troubleshooting.*\Z")
_ADVICE = re.compile(rf"(?:Try [^.]+\. )?More is told in {re.escape(SMALL_MODELS_PAGE)}\Z")
_NAMED = re.compile(r"(?<=\()\w+(?=\))")
_SET = re.compile(r'(\w+)="(\w+)"')


def in_flags(message: str) -> str:
    """The message of an error, its advice in flags; what it says of the reply stays as it is.

    Args:
        message: What the error says.

    Example:
        >>> from vs_cli.advice import in_flags
        >>> from vs_core.adapters import SMALL_MODELS_PAGE
        >>> message = f"unread. Try fewer candidates (k). More is told in {SMALL_MODELS_PAGE}"
        >>> in_flags(message).partition(" More")[0]
        'unread. Try fewer candidates (-k).'
    """
    ours = _LANGCHAINS_ADVICE.sub("", message)
    return _ADVICE.sub(lambda found: _with_flags(found.group()), ours)


def told_with_reply(error: NoCandidatesError) -> str:
    """The whole reply, and what to try; of a blank one, what the error says of it.

    Args:
        error: What carries the reply.

    Example:
        >>> from vs_cli.advice import told_with_reply
        >>> from vs_core import NoCandidatesError
        >>> print(told_with_reply(NoCandidatesError("nothing below 0.1", reply="1. Heads: 0.5")))
        nothing below 0.1:
        1. Heads: 0.5
    """
    message = in_flags(str(error))
    if not error.reply.strip():
        return message
    if advice := _ADVICE.search(message):
        return f"no candidate could be read in the reply:\n{error.reply}\n{advice.group()}"
    return f"{message}:\n{error.reply}"


def _with_flags(advice: str) -> str:
    named = _NAMED.sub(lambda name: flag_of(name.group()) or name.group(), advice)
    return _SET.sub(lambda one: f"{flag_of(one[1]) or one[1]} {one[2]}", named)
