"""What can be said about the model, to each command that asks one."""

from __future__ import annotations

import argparse
import math
from urllib.parse import urlsplit


def add_model(command: argparse.ArgumentParser, *, reply_limit: str = "--max-tokens") -> None:
    """Add the arguments that choose a model and say how it is to be called.

    Args:
        command: The parser of a command.
        reply_limit: How the limit of one reply is called there.
    """
    command.add_argument(
        "--model",
        metavar="PROVIDER:NAME",
        help="a model as LangChain's init_chat_model takes it, such as openai:gpt-4.1-mini",
    )
    command.add_argument(
        "--base-url",
        type=_address,
        metavar="URL",
        help="where the model is served, such as http://localhost:11434/v1; with openai:NAME "
        "a local server needs no key",
    )
    command.add_argument(
        "--temperature",
        type=_not_negative_number,
        metavar="T",
        help="sampling temperature of the model (the provider's own)",
    )
    command.add_argument(
        reply_limit,
        dest="reply_tokens",
        type=positive,
        metavar="N",
        help="most tokens that one reply may have (the provider's own limit)",
    )
    command.add_argument(
        "--timeout",
        type=_positive_number,
        metavar="SECONDS",
        help="how long to wait for one reply (as long as the provider's package does)",
    )
    command.set_defaults(reply_limit=reply_limit)


def positive(written: str) -> int:
    """A whole number above 0."""
    number = int(written)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is below 1")
    return number


def not_negative(written: str) -> int:
    """A whole number, 0 or above."""
    number = int(written)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{number} is below 0")
    return number


def _positive_number(written: str) -> float:
    number = _finite(written)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{written} is not above 0")
    return number


def _not_negative_number(written: str) -> float:
    number = _finite(written)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{written} is below 0")
    return number


def _finite(written: str) -> float:
    try:
        number = float(written)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{written!r} is no finite number")
    return number


def _address(written: str) -> str:
    try:
        address = urlsplit(written)
        # Asking for the port checks it.
        whole = address.scheme in {"http", "https"} and address.hostname and address.port != 0
    except ValueError:
        whole = None
    if not whole or not written.isprintable() or " " in written:
        # A password may stand in it, so it is not repeated.
        raise argparse.ArgumentTypeError(
            "this is no address of a server: give one such as http://localhost:8080/v1"
        )
    return written
