"""Formulas as MathML, which browsers show without a script."""

from __future__ import annotations

import html
import re

from latex2mathml.converter import convert

# What pymdownx.arithmatex makes of $...$ and $$...$$.
_FORMULA = re.compile(r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL)


def with_mathml(page: str) -> str:
    r"""The page with its formulas converted.

    Args:
        page: HTML, in which formulas are marked as `pymdownx.arithmatex` does.
    """
    return _FORMULA.sub(_mathml, page)


def _mathml(found: re.Match[str]) -> str:
    kind, formula = found.groups()
    display = "inline" if kind == "span" else "block"
    return f"<{kind}>{convert(html.unescape(formula), display=display)}</{kind}>"
