"""The drawing library, loaded where something is drawn."""

from __future__ import annotations

from importlib import import_module

from vs_core.errors import MissingExtraError


def require_matplotlib(feature: str) -> None:
    """Make sure that something can be drawn.

    Args:
        feature: What is asked for, as the user calls it.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        import_module("matplotlib.figure")
    except ModuleNotFoundError as error:
        raise MissingExtraError.for_extra(feature, "eval", "matplotlib") from error
