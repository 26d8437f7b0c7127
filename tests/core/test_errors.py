"""One tree of errors, and what they carry."""

from __future__ import annotations

import inspect
import pickle

import pytest

import vs_core
from vs_core import NoCandidatesError, VSError, errors, parse_reply

EVERY_ERROR = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)
]


@pytest.mark.parametrize("kind", EVERY_ERROR)
def test_every_error_is_of_one_tree(kind: type[Exception]) -> None:
    assert issubclass(kind, VSError)


@pytest.mark.parametrize("kind", EVERY_ERROR)
def test_every_error_is_public_and_drawn_in_the_tree(kind: type[Exception]) -> None:
    assert kind.__name__ in vs_core.__all__
    assert kind.__name__ in (errors.__doc__ or "")


def test_an_unreadable_reply_travels_with_the_error() -> None:
    with pytest.raises(NoCandidatesError) as failure:
        parse_reply("I cannot do that.")
    assert failure.value.reply == "I cannot do that."


def test_an_unreadable_reply_survives_a_pickle() -> None:
    error = pickle.loads(pickle.dumps(NoCandidatesError("nothing", reply="raw")))
    assert (str(error), error.reply) == ("nothing", "raw")
