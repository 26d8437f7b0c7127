"""What to try when a reply was of no use, and where more is told: once, for all errors."""

from __future__ import annotations

SMALL_MODELS_PAGE = 'the page "Local and small models" of the documentation (docs/local.md)'
"""Where the settings are told that help models which follow no notation."""

_ENFORCED = 'structured_output="json_schema", where the server enforces a shape'
_LIMIT = "a higher token limit (max_tokens)"
_FEWER = "fewer candidates (k)"


def advice(
    *,
    fewer: str = _FEWER,
    truncated: bool | None = None,
    shaped: bool = False,
    several: bool = True,
    besides: str = "",
) -> str:
    """The last sentences of an error about a reply: settings to try, and the page to read.

    Args:
        fewer: What there could be less of.
        truncated: Whether the reply was cut off; None if that is not known.
        shaped: Whether the provider enforces a shape already.
        several: Whether more than one was asked for.
        besides: What else may help.

    Example:
        >>> from vs_core.parsing.advice import advice
        >>> print(advice(truncated=True, shaped=True).partition(". ")[0])
        Try a higher token limit (max_tokens), as the reply was cut off
        >>> advice(truncated=False, shaped=True, several=False).partition(" in ")[0]
        'More is told'
    """
    tries = [] if shaped else [_ENFORCED]
    if truncated:
        tries.insert(0, f"{_LIMIT}, as the reply was cut off")
    elif several:
        tries.append(fewer)
    if besides:
        tries.append(besides)
    if truncated is None:
        tries.append(f"{_LIMIT}, if the reply was cut off")
    said = f"Try {'; or '.join(tries)}. " if tries else ""
    return f"{said}More is told in {SMALL_MODELS_PAGE}"
