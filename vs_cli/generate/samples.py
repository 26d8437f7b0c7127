"""`Samples`: some of the answers, for the report."""

from __future__ import annotations

from dataclasses import dataclass, field

from vs_core.adapters.generation import Judged
from vs_core.generation import GeneratedRecord, RefusedAnswer

SHOWN_PROMPTS = 25
SHOWN_ANSWERS = 10
SHOWN_OF_ONE_PROMPT = 50
SHOWN_REFUSED = 15


@dataclass
class Samples:
    """The first answers to the first prompts, and the first that were refused.

    Attributes:
        answers: For each prompt, the records.
        refused: What was refused, of all prompts.
    """

    answers: dict[str, list[GeneratedRecord]] = field(default_factory=dict)
    refused: list[RefusedAnswer] = field(default_factory=list)

    def add(self, answer: Judged) -> None:
        """Take an answer, or leave it.

        Args:
            answer: The next one that was judged.
        """
        if isinstance(answer, RefusedAnswer):
            if len(self.refused) < SHOWN_REFUSED:
                self.refused.append(answer)
        elif answer.prompt in self.answers or len(self.answers) < SHOWN_PROMPTS:
            shown = self.answers.setdefault(answer.prompt, [])
            if len(shown) < SHOWN_OF_ONE_PROMPT:
                shown.append(answer)

    def of(self, prompt: str) -> list[GeneratedRecord]:
        """The records of a prompt: more where there is no other.

        Args:
            prompt: The prompt.
        """
        most = SHOWN_OF_ONE_PROMPT if len(self.answers) == 1 else SHOWN_ANSWERS
        return self.answers.get(prompt, [])[:most]
