"""`vs methods`: what can be chosen, and what it means."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from vs_cli.terminal import written
from vs_core import Definition, Layout, Method

METHODS: dict[Method, str] = {
    "standard": "all candidates with their probabilities in one reply",
    "cot": "as standard, after a line of thought",
    "multi": "a few candidates at a time, over several turns",
    "direct": "baseline: the plain question, once for each candidate, no probabilities",
    "sequence": "baseline: a list of answers, no probabilities",
}

DEFINITIONS: dict[Definition, str] = {
    "explicit": "probability relative to the full distribution (default, but for multi)",
    "implicit": "how likely the response would be",
    "relative": "relative likelihood given the input",
    "percentage": "probability as a percentage",
    "confidence": "how typical the response is (default for multi)",
    "perplexity": "perplexity of the response; weight 1/perplexity",
    "nll": "negative log-likelihood of the response; weight exp(-nll)",
}

LAYOUTS: dict[Layout, str] = {
    "xml": "<response><text>...</text><probability>...</probability></response> (default)",
    "json": '{"responses": [{"text": ..., "probability": ...}]}',
    "lines": "1. (0.12) text",
}


def show_methods(console: Console) -> None:
    """Print methods, definitions of the stated number, and layouts."""
    for heading, meanings in (
        ("--method", METHODS),
        ("--definition", DEFINITIONS),
        ("--layout", LAYOUTS),
    ):
        table = Table(box=box.SIMPLE_HEAD, title=heading, title_justify="left", show_header=False)
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for name, meaning in meanings.items():
            table.add_row(name, written(meaning, console))
        console.print(table)
