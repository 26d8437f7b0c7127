"""Keys: what is not to be passed on to other processes, kept, or told.

They are known by the names that they go by: `api_key`, `HF_TOKEN`, `Authorization`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_NAMED_SO = re.compile(
    r"(^|[-_.])(api)?(key|token|secret|passw(or)?d|credentials?|authorization)$"
    r"|secret|password",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"://[^/@\s]+@")
_SHORTEST = 8
"""Shorter ones are no secrets, and stand in any text by chance."""


def is_secret(name: str) -> bool:
    """Whether a setting or a variable of that name holds a key.

    Args:
        name: The name.

    Example:
        >>> from vs_core.generation.ray.secrets import is_secret
        >>> [name for name in ("OPENAI_API_KEY", "max_tokens", "model") if is_secret(name)]
        ['OPENAI_API_KEY']
    """
    return bool(_NAMED_SO.search(name))


def secrets_in(options: Mapping[str, Any], within: str = "") -> Iterator[str]:
    """The names of those settings that hold a key, or an address with a password.

    Args:
        options: The settings; they may be nested.
        within: The name of what they belong to.

    Example:
        >>> from vs_core.generation.ray.secrets import secrets_in
        >>> list(secrets_in({"default_headers": {"Authorization": "Bearer x"}, "top_p": 0.9}))
        ['default_headers.Authorization']
    """
    for name, value in options.items():
        path = f"{within}{name}"
        if isinstance(value, list | tuple):
            value = dict(enumerate(value))  # noqa: PLW2901  # named by their places
        if isinstance(value, Mapping):
            yield from secrets_in(value, f"{path}.")
        elif value is not None and (is_secret(str(name)) or _IN_ADDRESS.search(str(value))):
            yield path


def without_secrets(text: str, environment: Mapping[str, str]) -> str:
    """A text without the keys of an environment, should a server have repeated them.

    Args:
        text: The text.
        environment: Variables and their values.

    Example:
        >>> from vs_core.generation.ray.secrets import without_secrets
        >>> without_secrets("bad key: sk-1234567", {"OPENAI_API_KEY": "sk-1234567"})
        'bad key: ***'
    """
    for name, value in environment.items():
        if len(value) >= _SHORTEST and value in text and is_secret(name):
            text = text.replace(value, "***")
    return text
