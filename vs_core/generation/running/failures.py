"""What an error of a model call means for the calls that follow, whatever client it comes from."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from vs_core.errors import CallFailedError, VSError, WorkerLostError
from vs_core.exchange.reported import field_of

Meaning = Literal["limited", "passing", "hopeless", "final"]
"""Too many calls at present; worth another try; every call will fail so; this call is lost."""

_HOPELESS_STATUS = frozenset({401, 402, 403, 404})
_PASSING_STATUS = frozenset({408, 409, 425, 500, 502, 503, 504, 529})
_LIMITED_STATUS = 429
_NO_QUOTA = "insufficient_quota"
# Clients call them so, whatever they derive from.
_PASSING_NAMES = (
    *("APIConnectionError", "APITimeoutError", "ServiceUnavailable", "InternalServerError"),
    *("TransportError", "TimeoutException", "ConnectError", "ReadError", "RemoteProtocolError"),
    *("ClientConnectionError", "ClientError"),
)


def meaning_of(error: BaseException) -> Meaning:
    """What an error of a model call means for the calls that follow.

    Args:
        error: What the call raised.

    Example:
        >>> from vs_core.generation.running.failures import meaning_of
        >>> meaning_of(ConnectionResetError()), meaning_of(ValueError("no"))
        ('passing', 'final')
    """
    if isinstance(error, CallFailedError):
        return error.meaning
    if isinstance(error, WorkerLostError):
        return "passing"
    chain = list(_causes(error))
    status = status_of(error)
    if status == _LIMITED_STATUS or any(type(one).__name__ == "RateLimitError" for one in chain):
        return "hopeless" if any(_NO_QUOTA in str(one) for one in chain) else "limited"
    if status in _HOPELESS_STATUS:
        return "hopeless"
    if status is not None:
        return "passing" if status in _PASSING_STATUS else "final"
    if isinstance(error, VSError):
        return "final"
    return "passing" if any(map(_is_passing, chain)) else "final"


def status_of(error: BaseException) -> int | None:
    """The HTTP status that a provider gave; None if there was none.

    Args:
        error: What the call raised.
    """
    return next((s for one in _causes(error) if (s := _status(one)) is not None), None)


def retry_after(error: BaseException) -> float | None:
    """Seconds that a provider asks to wait for; None if it asks for none.

    Reads `Retry-After` (seconds or a date, RFC 9110, section 10.2.3) and `retry-after-ms`.

    Args:
        error: What the call raised.
    """
    for one in _causes(error):
        told = getattr(one, "retry_after", None)
        if isinstance(told, int | float):
            return max(0.0, float(told))
        headers = field_of(getattr(one, "response", None), "headers")
        if headers is not None and (seconds := _seconds_in(headers)) is not None:
            return seconds
    return None


def _seconds_in(headers: Any) -> float | None:
    told = {str(name).lower(): str(value) for name, value in dict(headers).items()}
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        with suppress(ValueError):
            return max(0.0, float(told.get(name, "")) * unit)
    try:
        then = parsedate_to_datetime(told.get("retry-after", ""))
    except (ValueError, TypeError):
        return None
    return max(0.0, then.timestamp() - time.time())


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in seen:
        seen.append(one)
        yield one
        one = one.__cause__ or one.__context__


def _status(error: BaseException) -> int | None:
    places = (error, getattr(error, "response", None))
    names = ("status_code", "status", "code", "http_status")
    told = (field_of(place, name) for place in places if place is not None for name in names)
    return next((s for s in told if type(s) is int and 100 <= s < 600), None)


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, OSError) or any(
        kind.__name__ in _PASSING_NAMES for kind in type(error).__mro__
    )
