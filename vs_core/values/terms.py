"""The vocabulary of the method, as types that settings and values share."""

from __future__ import annotations

from typing import Literal

Method = Literal["standard", "cot", "multi", "direct", "sequence"]
"""How the model is asked: the three forms of verbalized sampling, then the two baselines."""

Definition = Literal[
    "explicit", "implicit", "relative", "percentage", "confidence", "perplexity", "nll"
]
"""Which number is asked for beside each response."""

Layout = Literal["xml", "json", "lines"]
"""The notation of the reply."""

Wording = Literal["standard", "simple"]
"""In whose words: this package's, or the paper's own prompt."""

Placement = Literal["system", "user"]
"""Where the instruction goes: into the system message, or in front of the user's text."""

OnFailure = Literal["raise", "whole_reply", "nothing"]
"""What happens when nothing could be read in any reply."""

Split = Literal["turns", "parallel"]
"""How more candidates than one call holds are asked for: turn by turn, or side by side."""

Shaping = Literal["function_calling", "json_schema"]
"""A provider's own way of shaping a reply, in place of a notation asked for in words."""

StructuredOutput = Literal["function_calling", "json_schema", "auto"]
"""That, or `auto`: by JSON schema where the model is known to enforce one, else in words."""

BASELINES: frozenset[Method] = frozenset({"direct", "sequence"})
"""Methods that ask for no probability; their candidates are uniform."""


def default_definition(method: Method) -> Definition:
    """The definition that worked best for a method in the paper's ablation.

    `confidence` for `multi`, `explicit` for the others (Zhang et al., arXiv 2510.01171,
    appendix on probability definitions).

    Args:
        method: The prompting method.

    Example:
        >>> from vs_core.values.terms import default_definition
        >>> default_definition("multi")
        'confidence'
    """
    return "confidence" if method == "multi" else "explicit"
