"""`Shortfall`: why an exchange has not given what was asked for."""

from __future__ import annotations

from vs_core.errors import NoCandidatesError
from vs_core.parsing.advice import advice
from vs_core.parsing.reply import no_candidates, shown
from vs_core.prompts.settings import PromptSettings
from vs_core.values.mismatch import summary
from vs_core.values.schema import name_of
from vs_core.values.trace import Trace


class Shortfall:
    """Collects what was wrong with replies, for the next turn and for the error.

    Args:
        settings: What is asked.
    """

    def __init__(self, settings: PromptSettings) -> None:
        self._schema = settings.value_schema
        self._is_direct = settings.method == "direct"
        self._is_shaped = settings.shaping is not None
        self._asks_for_several = settings.k > 1 and not self._is_direct
        self._mismatches: list[tuple[int, str]] = []
        self._dropped: dict[str, None] = {}
        self._taken_out: dict[str, None] = {}
        self._is_cut = False

    def mismatch(self, turn: int, reason: str) -> None:
        """Note that a value did not fit its type."""
        self._mismatches.append((turn, reason))

    def note(self, reports: Trace) -> None:
        """Note what a reader could not use, and whether the reply was cut off."""
        self._dropped.update(dict.fromkeys(dropped.reason for dropped in reports.dropped))
        self._is_cut = reports.truncated

    def note_unread(self, reason: str) -> None:
        """Note why candidates that were read count as unread."""
        self._dropped[reason] = None

    def note_reason(self, reason: str) -> None:
        """Note why a candidate was taken out."""
        self._taken_out[reason] = None

    def mismatches_of(self, turn: int) -> list[str]:
        """What was wrong with the values of one turn."""
        return [reason for at, reason in self._mismatches if at == turn]

    def error(self, unread: str) -> NoCandidatesError:
        """The error of an exchange that gave no candidate.

        Args:
            unread: The last reply.
        """
        if self._taken_out:
            return NoCandidatesError(
                f"no candidate keeps max_probability: one {'; another '.join(self._taken_out)}; "
                f"{shown(unread)}. Try enforce_bound=False, or a higher bound",
                reply=unread,
            )
        if self._schema is None and not self._is_shaped and not self._is_direct:
            return no_candidates(unread, truncated=self._is_cut, tries=self._advice())
        reasons = tuple(reason for _, reason in self._mismatches)
        return NoCandidatesError(
            f"{self._said(reasons)}; {shown(unread, truncated=self._is_cut)}. {self._advice()}",
            reply=unread,
            mismatches=reasons,
        )

    def _said(self, reasons: tuple[str, ...]) -> str:
        schema = "" if self._schema is None else f" value_schema={name_of(self._schema)}"
        if reasons:
            return f"no candidate fits{schema}: {summary(reasons)}"
        said = f"no candidate could be read{schema and ' for'}{schema}"
        return f"{said}: {'; '.join(self._dropped)}" if self._dropped else said

    def _advice(self) -> str:
        simpler = "" if self._schema is None else "a simpler value_schema"
        return advice(
            truncated=self._is_cut,
            # One plain answer has no notation for a provider to enforce.
            shaped=self._is_shaped or self._is_direct,
            several=self._asks_for_several,
            besides=simpler,
        )
