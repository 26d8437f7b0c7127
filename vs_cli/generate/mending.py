"""What to do about an error of a model call that ended a run."""

from __future__ import annotations

from typing import Any

from vs_cli.models import KEYS, ChosenModel
from vs_core import EmbeddingsError

_WRONG_KEY = frozenset({401, 403})
_NOT_FOUND, _UNPAID, _TOO_MANY = 404, 402, 429
_NO_QUOTA = "insufficient_quota"


def how_to_mend(failure: BaseException, chosen: ChosenModel) -> str:
    """What to check before the command is run again.

    Args:
        failure: What ended the run; the error of the provider's package is its cause.
        chosen: Who was asked.

    Example:
        >>> from vs_cli.generate.mending import how_to_mend
        >>> from vs_cli.models import ChosenModel
        >>> from vs_core import CallFailedError
        >>> error = CallFailedError("no", kind="openai.AuthenticationError", status_code=401)
        >>> how_to_mend(error, ChosenModel(name="openai:m"))
        'check the key in OPENAI_API_KEY'
    """
    if isinstance(failure, EmbeddingsError):
        return "check the name and the key of --embeddings"
    error = failure.__cause__ or failure
    status = _status(error)
    if status == _UNPAID or _NO_QUOTA in str(error):
        return "check what the provider's account has left"
    if status in _WRONG_KEY:
        variable = KEYS.get((chosen.name or "").partition(":")[0])
        return f"check the key in {variable}" if variable else "check the key"
    if status == _NOT_FOUND:
        where = "" if chosen.base_url is None else " and --base-url"
        return f"check the name of the model (--model {chosen.name}){where}"
    if status == _TOO_MANY:
        return "wait until the provider takes calls again, or lower --concurrency"
    return "check the key, the name of the model and where it is served"


def _status(error: Any) -> int | None:
    """The HTTP status, under whichever name a provider's package gives it."""
    places = (error, getattr(error, "response", None))
    names = ("status_code", "code", "status", "http_status")
    told = (getattr(place, name, None) for place in places for name in names)
    return next((status for status in told if type(status) is int), None)
