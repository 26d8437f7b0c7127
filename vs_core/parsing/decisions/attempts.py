"""`Attempts`: which of several answers to a question counts, as of a draft and a final one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vs_core.parsing.decisions.names import Names
from vs_core.parsing.decisions.said import Said, numbered
from vs_core.values.stated import read_together


@dataclass
class Attempt:
    """One answer to a question.

    Attributes:
        said: What it says.
        cut: Whether the reply ended in it.
        text: The text that says it, where it is not JSON.
    """

    said: Said
    cut: bool = False
    text: str = ""


class Attempts:
    """The answers of one reply to one question, in order.

    Args:
        labels: What its labels are called.
    """

    def __init__(self, labels: Names) -> None:
        self._labels = labels
        self._all: list[Attempt] = []
        self._named: set[str] = set()

    def add(self, attempt: Attempt) -> None:
        """Take what follows: a label in a line of its own goes on with what stands before it.

        Args:
            attempt: What is said next.
        """
        named = numbered(attempt.said, self._labels)
        if self._all and len(named) <= 1 and not named & self._named:
            last = self._all[-1]
            last.said += attempt.said
            last.cut = last.cut or attempt.cut
            last.text += f"\n{attempt.text}"
            self._named |= named
        else:
            self._all.append(Attempt([*attempt.said], attempt.cut, attempt.text))
            self._named = named

    def last(self, most: int) -> list[Attempt]:
        """The last of them.

        Args:
            most: How many.
        """
        return self._all[-most:]

    @property
    def best(self) -> Attempt | None:
        """The one that has a usable number for most labels; of equals the last."""
        return best_of(self._all, self._labels)


def best_of(attempts: Sequence[Attempt], labels: Names) -> Attempt | None:
    """The attempt that has a usable number for most labels; of equals the last.

    One in which every number is 0, as in a form that is said again, is worth less than any other.

    Args:
        attempts: In their order.
        labels: What the labels are called.
    """
    return max(reversed(attempts), key=lambda one: _worth(one.said, labels), default=None)


def _worth(said: Said, labels: Names) -> tuple[bool, int, bool]:
    numbers = read_together([one.raw for one in said])
    usable = {
        label: number
        for one, number in zip(said, numbers, strict=True)
        if number is not None and (label := labels.meant_by(one.label)) is not None
    }
    return any(usable.values()), len(usable), bool(said)
