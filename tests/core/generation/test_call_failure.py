"""An error, told as data: what is decided by stays, and keys do not."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.every import for_every
from vs_core import (
    CallFailedError,
    NoCandidatesError,
    PromptError,
    RefusalError,
    VSError,
    WorkerLostError,
)
from vs_core.generation.ray.call_failure import CallFailure
from vs_core.generation.running.failures import meaning_of, retry_after, status_of


@dataclass
class Response:
    """As httpx and requests have it."""

    status_code: int
    headers: dict[str, str] = field(default_factory=dict)


class ClientError(Exception):
    """As clients raise it: it cannot be made without the response."""

    def __init__(self, *, response: Response) -> None:
        super().__init__(f"status {response.status_code}")
        self.response = response


def _wrapped(error: Exception) -> Exception:
    wrapped = RuntimeError("a framework's own")
    wrapped.__cause__ = error
    return wrapped


ERRORS: list[Exception] = [
    ClientError(response=Response(429, {"Retry-After": "3"})),
    _wrapped(ClientError(response=Response(503))),
    ClientError(response=Response(401)),
    ClientError(response=Response(400)),
    _wrapped(TimeoutError("60 s")),
    ConnectionResetError("by peer"),
    ValueError("nothing of a provider"),
    PromptError("empty"),
    WorkerLostError("gone"),
]


def _across(error: Exception) -> VSError:
    """What another process raises for it."""
    described = CallFailure.of(error).model_dump_json()
    return CallFailure.model_validate_json(described).error()


@for_every("error", ERRORS, ids=repr)
def test_another_process_decides_as_this_one_would(error: Exception) -> None:
    crossed = _across(error)
    assert isinstance(crossed, CallFailedError)
    assert meaning_of(crossed) == meaning_of(error)
    assert status_of(crossed) == status_of(error)
    assert retry_after(crossed) == retry_after(error)
    assert str(error) in str(crossed)
    assert type(error).__name__ in crossed.kind


def test_a_lost_worker_is_worth_another_try() -> None:
    assert meaning_of(WorkerLostError("gone")) == "passing"


def test_a_refusal_and_an_unreadable_reply_come_out_as_what_they_are() -> None:
    refusal = _across(RefusalError("I can't.", reply="Sorry."))
    assert isinstance(refusal, RefusalError)
    assert (refusal.refusal, refusal.reply) == ("I can't.", "Sorry.")
    unread = _across(NoCandidatesError("none", reply="Well.", mismatches=("age: no number",)))
    assert isinstance(unread, NoCandidatesError)
    assert (str(unread), unread.reply, unread.mismatches) == ("none", "Well.", ("age: no number",))


@for_every(
    "error",
    [
        ValueError("the key is sk-123"),
        RefusalError("not with sk-123", reply="sk-123"),
        NoCandidatesError("sk-123?", reply="sk-123", mismatches=("sk-123",)),
    ],
    ids=repr,
)
def test_what_is_to_be_hidden_is_nowhere(error: Exception) -> None:
    told = CallFailure.of(error, lambda text: text.replace("sk-123", "***"))
    assert "sk-123" not in told.model_dump_json()
    assert "***" in told.model_dump_json()


def test_the_error_of_a_call_survives_a_pickle() -> None:
    told: dict[str, Any] = {"meaning": "limited", "status_code": 429, "retry_after": 2.5}
    error = CallFailedError("slow down", kind="shop.TooMany", **told)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), vars(again)) == (str(error), vars(error))


def test_it_names_what_failed_in_one_line() -> None:
    assert str(CallFailedError("", kind="TimeoutError")) == "TimeoutError"
    with pytest.raises(CallFailedError, match=r"^shop\.TooMany: slow down$"):
        raise CallFailedError("slow down", kind="shop.TooMany")
