"""`Judge`: asks a model about a state, and tells what came of it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from vs_cli.advice import in_flags
from vs_cli.decide.outcome import Outcome
from vs_cli.decide.questions import Questions
from vs_cli.decide.states import State
from vs_cli.errors import FailureError, calling_model
from vs_cli.models import ChosenModel
from vs_cli.setting_arguments import settings_in
from vs_core import PromptError, UnsuitableModelError, VSError
from vs_core.calibration import Calibration


class Judge:
    """A model that decides, as a command line asks for it.

    Args:
        asked: The command line.
        chosen: Who is asked.
        questions: What is asked about each state.
        calibrations: By the ids of their questions.

    Attributes:
        model: Who is asked; None is the simulation.
        questions: What is asked about each state.

    Raises:
        ModelUnavailableError: The model cannot be set up.
        pydantic.ValidationError: A setting is out of range.
    """

    def __init__(
        self,
        asked: argparse.Namespace,
        chosen: ChosenModel,
        questions: Questions,
        calibrations: Mapping[str, Calibration],
    ) -> None:
        from langchain_vs import VerbalizedDecisionModel  # noqa: PLC0415  # older LangChains lack it

        self.model = chosen.name
        self.questions = questions
        self._calibrations = calibrations
        self._threshold: float | None = asked.threshold
        self._hide = chosen.without_secrets
        self._decisions = VerbalizedDecisionModel(
            llm=chosen.model(asked.seed), calibration=calibrations or None, **settings_in(asked)
        )

    def decide(self, state: State) -> Outcome:
        """Judge a state.

        Args:
            state: What to judge.

        Raises:
            FailureError: The call failed, the model refused or called a tool, or no answer could
                be read in the reply.
            PromptError: No model can be asked this.
            UnsuitableModelError: The model cannot be asked in this way.
        """
        try:
            with calling_model(self._hide):
                response = self._decisions.invoke(self._request(state))
        except (PromptError, UnsuitableModelError):
            raise
        except VSError as error:
            raise FailureError(self._hide(self._told(error))) from error
        return self._outcome(state, response)

    async def attempt(self, state: State) -> Outcome:
        """Judge a state without blocking; what fails is an outcome, too.

        Args:
            state: What to judge.

        Raises:
            PromptError: No model can be asked this.
            UnsuitableModelError: The model cannot be asked in this way.
        """
        try:
            response = await self._decisions.ainvoke(self._request(state))
        except (PromptError, UnsuitableModelError):
            raise
        except Exception as error:  # noqa: BLE001  # each provider's package has its own
            return Outcome(state, error=self._hide(self._told(error)))
        return self._outcome(state, response)

    def _request(self, state: State) -> Any:
        return {"state": state.content, "questions": self.questions.asked}

    def _outcome(self, state: State, response: Any) -> Outcome:
        return Outcome.of(state, response, self.questions, self._calibrations, self._threshold)

    @staticmethod
    def _told(error: Exception) -> str:
        if isinstance(error, VSError):
            return in_flags(str(error))
        return f"the model call failed: {type(error).__name__}: {error}"
