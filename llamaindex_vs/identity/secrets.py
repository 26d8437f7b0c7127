"""Telling secrets by what they are called. Pure: no I/O."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ENDINGS = ("key", "token", "password", "passwd", "passphrase", "secret", "bearer", "jwt")
_WORDS = frozenset(
    {
        "auth",
        "authorization",
        "cookie",
        "cookies",
        "credential",
        "credentials",
        "creds",
        "header",
        "headers",
        "keys",
        "oauth",
        "passwords",
        "pwd",
        "secrets",
    }
)
# `eos_token`, `stop_token_ids`: tokens of the kind that a model reads and writes.
_ABOUT_TEXT = frozenset(
    {"bos", "budget", "count", "eos", "ids", "limit", "mask", "max", "min", "pad", "stop", "unk"}
)


def is_secret(name: object) -> bool:
    """Whether a field, a parameter or a header is called as secrets are.

    Args:
        name: The name.

    Example:
        >>> from llamaindex_vs.identity.secrets import is_secret
        >>> [is_secret(name) for name in ("api_key", "azureAdToken", "max_tokens", "eos_token")]
        [True, True, False, False]
    """
    words = [word.lower() for word in _WORD.findall(str(name))]
    if "token" in words and not _ABOUT_TEXT.isdisjoint(words):
        words = [word for word in words if word != "token"]
    return any(word in _WORDS or word.endswith(_ENDINGS) for word in words)


def without_secrets(text: str) -> str:
    """A text; if it is an address, without its user, password and secret parameters.

    Args:
        text: Any text.

    Example:
        >>> from llamaindex_vs.identity.secrets import without_secrets
        >>> without_secrets("https://me:pass@host/v1?api-key=abc&version=2")
        'https://host/v1?version=2'
    """
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    host = parts.netloc.rpartition("@")[2]
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not is_secret(k)]
    return parts._replace(netloc=host, query=urlencode(query)).geturl()
