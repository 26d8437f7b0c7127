"""The numeric libraries, loaded where they are used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from vs_core.errors import MissingExtraError


def library(name: str, feature: str, extra: str = "eval") -> Any:
    """Import a library of an extra.

    Args:
        name: The module.
        feature: What needs it, as the user calls it.
        extra: The extra that brings it.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        package, *_ = name.split(".")
        raise MissingExtraError.for_extra(feature, extra, package) from error
