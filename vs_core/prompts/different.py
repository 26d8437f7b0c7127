"""Asking for answers that differ from those that are there already."""

from __future__ import annotations

from collections.abc import Sequence

GIVEN_BEFORE = "These have been given already:"
BE_DIFFERENT = "Give others now, each clearly different from every one of these."

LONGEST_ITEM = 160
"""Characters of an answer that is told; of a longer one its beginning stands for it."""


def different_from(prompt: str, given: Sequence[str]) -> str:
    r"""A prompt that asks for answers which have not been given yet.

    What has been given stands behind the prompt, a line each, so that a provider that caches the
    beginning of messages finds it again.

    Args:
        prompt: What the user asks.
        given: Earlier answers; without any, the prompt stays as it is.

    Example:
        >>> from vs_core.prompts.different import different_from
        >>> print(different_from("Name a colour.", ["red", "sea\ngreen"]))
        Name a colour.
        <BLANKLINE>
        These have been given already:
        - red
        - sea green
        Give others now, each clearly different from every one of these.
    """
    if not given:
        return prompt
    items = "\n".join(f"- {_on_one_line(text)}" for text in given)
    return f"{prompt}\n\n{GIVEN_BEFORE}\n{items}\n{BE_DIFFERENT}"


def _on_one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_ITEM else f"{line[:LONGEST_ITEM].rstrip()}…"
