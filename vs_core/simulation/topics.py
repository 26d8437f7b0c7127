"""What a question is about, in a few of its own words."""

from __future__ import annotations

import re

LONGEST_TOPIC = 60
"""Characters of a topic; a longer one is cut at a word."""

_LOOKED_AT = 400

_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|(?:joke|pun|poem|haiku|sonnet|verse|story|tale)s? (?:on|of))"
    r"\s+([^,.?!;:\n]+)",
    re.IGNORECASE,
)

_MARKUP = re.compile(r"<[^<>]{0,40}>")

_NUMBERS_ASKED = re.compile(
    r",?\s*\b(?:each\s+)?with\s+(?:their|its)\s+probabilit\w*", re.IGNORECASE
)

_COMMAND = re.compile(
    r"\d+|please|can|could|would|will|you|kindly|i|want|need|to|write|tell|give|me|us|generate|"
    r"sample|provide|list|create|suggest|describe|explain|summari[sz]e|discuss|compose|make|an?|"
    r"the|some|one|two|three|four|five|six|seven|eight|nine|ten|several|few|different|possible|"
    r"responses?|ideas|for|short|what|is|are|was|were|prompt|question|query",
    re.IGNORECASE,
)

_ASKING = frozenset(
    ("how", "why", "when", "where", "who", "whom", "whose", "which", "should", "do", "does", "did")
)


def topic_of(question: str, default: str | None = None) -> str:
    """The topic of a question: what follows "about", else its words without the command.

    Args:
        question: The user's words; never read as a template.
        default: The topic if none follows "about"; None takes the question's words.

    Returns:
        At most `LONGEST_TOPIC` characters on one line, in quotation marks if it asks something;
        "this" if no word is left.

    Example:
        >>> topic_of("Please write a short story about a bear, with its probability.")
        'a bear'
        >>> topic_of("Explain quantum tunnelling.")
        'quantum tunnelling'
        >>> topic_of("How do tides work?")
        '"How do tides work"'
        >>> topic_of("Write a poem", default="the sea")
        'the sea'
        >>> topic_of("?")
        'this'
    """
    text = _NUMBERS_ASKED.sub("", _MARKUP.sub(" ", question[:_LOOKED_AT]))
    about = _ABOUT.search(text)
    if about is None and default is not None:
        return default
    words = about.group(1).split() if about else _without_command(text)
    topic = _shortened(" ".join(words)) or "this"
    return f'"{topic}"' if _bare(topic.split()[0]) in _ASKING else topic


def _without_command(text: str) -> list[str]:
    words = text.split()
    start = 0
    while start < len(words) and _COMMAND.fullmatch(_bare(words[start])):
        start += 1
    return words[start:] or words


def _bare(word: str) -> str:
    return word.strip(".,:;!?\"'").lower()


def _shortened(topic: str) -> str:
    trimmed = topic.strip(" \t.,:;!?\"'`*_-")
    if len(trimmed) > LONGEST_TOPIC:
        trimmed = trimmed[:LONGEST_TOPIC].rsplit(" ", 1)[0].rstrip(" .,:;!?")
    return trimmed
