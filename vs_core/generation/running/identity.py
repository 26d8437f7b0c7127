"""What tells one model from another, of what clients have; nothing that is secret."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

_PLACES = ("base_url", "openai_api_base", "api_base", "azure_endpoint", "endpoint", "endpoint_url")


def place_of(model: Any) -> str | None:
    """Where a model is served, without name, password and query; None if its client does not tell.

    Args:
        model: A client of any framework.

    Example:
        >>> from types import SimpleNamespace
        >>> from vs_core.adapters.generation import place_of
        >>> place_of(SimpleNamespace(api_base="http://me:secret@localhost:8080/v1"))
        'http://localhost:8080/v1'
    """
    told = (getattr(model, name, None) for name in _PLACES)
    address = next((place for place in told if isinstance(place, str) and place), None)
    if address is None:
        return None
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def named(model: Any) -> str:
    """What a model is called that has no name: as the function or the class that it is.

    Args:
        model: A function, or an object of any class.

    Example:
        >>> from vs_core.adapters.generation import named
        >>> named(len), named(3)
        ('len', 'int')
    """
    return getattr(model, "__qualname__", None) or type(model).__qualname__
