"""`decision_rounds`: what is asked about an input, and what follows from each reply.

The calls of a decision are asked the same and do not depend on each other. Those that leave a
question without an answer are asked for it once more, each in its own conversation.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple

from vs_core.decisions.decision import Decision
from vs_core.decisions.pooling import pooled
from vs_core.errors import NoCandidatesError, VSError
from vs_core.exchange.ask import Ask
from vs_core.exchange.conversation import Dialect, M, place_instruction
from vs_core.exchange.record import NOTHING, Record
from vs_core.exchange.settings import ExchangeSettings
from vs_core.parsing.advice import advice
from vs_core.parsing.decisions.reading import StatedLabels, read_labels
from vs_core.parsing.reply import shown
from vs_core.prompts.decisions import decision_instruction, decision_re_ask, decision_schema
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.question import LabelQuestion
from vs_core.values.trace import Trace

_log = logging.getLogger(__name__)

Questions = Mapping[str, LabelQuestion]


class StatedLabel(NamedTuple):
    """What one call states of one label, as the value of a candidate.

    Attributes:
        call: Which of the calls, from 0.
        question: What the question is called in the reply.
        label: The label.

    Example:
        >>> from vs_core.adapters.decisions import StatedLabel
        >>> StatedLabel(call=0, question="urgent", label="yes").label
        'yes'
    """

    call: int
    question: str
    label: str


class LabelReading:
    """Reads a reply about some questions; nothing is complete before its end.

    Args:
        call: Which of the calls it is, from 0.
        questions: The questions, by what they are called in the reply.
    """

    def __init__(self, call: int, questions: Questions) -> None:
        self.stated = StatedLabels()
        self._call = call
        self._questions = questions
        self._chunks: list[str] = []

    def feed(self, chunk: str) -> VerbalizedDistribution[Any]:
        """Collect."""
        self._chunks.append(chunk)
        return NOTHING

    def close(self, *, truncated: bool | None = None) -> VerbalizedDistribution[Any]:
        """The labels of the questions that are answered."""
        self.stated = read_labels("".join(self._chunks), self._questions, truncated=truncated)
        trace = Trace(
            layout=self.stated.layout,
            truncated=bool(truncated),
            dropped=tuple(self.stated.dropped),
            notes=tuple(self._left_out()),
        )
        return VerbalizedDistribution.of(
            [
                Candidate(
                    value=StatedLabel(self._call, name, label),
                    stated=number,
                    raw_probability=self.stated.raw[name].get(label),
                )
                for name, numbers in self.stated.numbers.items()
                for label, number in numbers.items()
            ],
            trace,
        )

    def _left_out(self) -> Iterator[str]:
        for name, numbers in self.stated.numbers.items():
            labels = self._questions[name].labels
            if left := len(labels) - len(numbers):
                yield f"{name!r}: {left} of {len(labels)} labels were left out, and count as 0"


def decision_rounds(
    prompt: Sequence[M],
    questions: Questions,
    settings: ExchangeSettings,
    dialect: Dialect[M],
    calls: int = 1,
) -> Iterator[tuple[Ask[M], ...]]:
    """Ask a model for the probability of each label, in as many rounds as it needs.

    Args:
        prompt: The input to judge, in a message.
        questions: The questions, as `names_in_reply` names them.
        settings: How it is asked, as `DecisionSettings.exchange` gives them and `auto` is decided.
        dialect: How the framework writes messages.
        calls: How many calls are asked the same.

    Yields:
        Rounds of calls to make; each ask must be fed and closed before the next round. The values
        of what is read are `StatedLabel`s, for `decisions_of`.

    Raises:
        NoCandidatesError: A question has no answer in any call. It carries the last reply that is
            not blank, behind earlier ones that answered other questions; if a call failed besides,
            its error is the cause.
        RefusalError: The provider reports that the model refused.
        UnexpectedToolCallError: The model called another tool instead of answering.
        Exception: The first call's own error, where no call gave a whole reply.

    Each of the last three only if it left a question without an answer.

    Example:
        >>> from vs_core.adapters import DictDialect, ReplyPiece, read_reply, run_rounds
        >>> from vs_core.adapters.decisions import DecisionSettings, decision_rounds, decisions_of
        >>> from vs_core.adapters.decisions import names_in_reply, state_prompt
        >>> from vs_core.decisions import yes_no
        >>> questions = names_in_reply([yes_no("urgent", "Is it urgent?")])
        >>> dialect, settings = DictDialect(), DecisionSettings(structured_output=None).exchange()
        >>> prompt = [dialect.user(state_prompt("The shop is down!"))]
        >>> rounds = decision_rounds(prompt, questions, settings, dialect)
        >>> found = run_rounds(rounds, lambda ask: ReplyPiece(text="yes: 90 %"), read_reply)
        >>> decisions_of(found, questions)["urgent"].probabilities
        {'yes': 0.9, 'no': 0.1}
    """
    labels = sum(len(question.labels) for question in questions.values())
    settings = settings.model_copy(update={"k": labels})
    instruction = decision_instruction(questions, settings.shaping, settings.instructions)
    messages = place_instruction(prompt, instruction, settings.placement, dialect)
    conversations = [
        _Conversation(messages, questions, settings, dialect, call=call, calls=calls)
        for call in range(calls)
    ]
    yield tuple(conversation.ask() for conversation in conversations)
    for _ in range(settings.max_reasks):
        open_ones = [each for each in conversations if each.missing and not each.error]
        if not open_ones:
            break
        _log.debug("%d calls left a question open: asking again", len(open_ones))
        yield tuple(conversation.ask_again() for conversation in open_ones)
    _require_answers(questions, conversations, shaped=settings.shaping is not None)


def decisions_of(found: VerbalizedDistribution[Any], questions: Questions) -> dict[str, Decision]:
    """The decisions that the calls amount to, by the ids of their questions.

    Args:
        found: All that was read, as a driver of `decision_rounds` adds it up.
        questions: The questions, by what they are called in the reply.

    Example:
        >>> from vs_core import Candidate, VerbalizedDistribution
        >>> from vs_core.adapters.decisions import StatedLabel, decisions_of
        >>> from vs_core.decisions import yes_no
        >>> said = Candidate(value=StatedLabel(0, "urgent", "yes"), stated=0.9)
        >>> found = VerbalizedDistribution.of([said])
        >>> decisions_of(found, {"urgent": yes_no("urgent", "Urgent?")})["urgent"].label
        'yes'
    """
    stated: dict[str, dict[int, dict[str, float]]] = {name: {} for name in questions}
    for candidate in found:
        said: StatedLabel = candidate.value
        if candidate.stated is not None:
            stated[said.question].setdefault(said.call, {})[said.label] = candidate.stated
    return {
        question.id: pooled(question, list(stated[name].values()))
        for name, question in questions.items()
    }


class _Conversation(Generic[M]):
    """One of the calls, with what follows it.

    Attributes:
        answering: Its earlier replies that answered some of the questions.
    """

    def __init__(
        self,
        messages: Sequence[M],
        questions: Questions,
        settings: ExchangeSettings,
        dialect: Dialect[M],
        *,
        call: int,
        calls: int,
    ) -> None:
        self._messages = list(messages)
        self._call = self._replica = call
        self._calls = calls
        self._asked = questions
        self._settings = settings
        self._dialect = dialect
        self._record = Record(settings, keeps_replies=settings.keep_replies)
        self._reading = LabelReading(call, questions)
        self._asks: list[Ask[M]] = []
        self.answering: list[str] = []

    @property
    def missing(self) -> Questions:
        """The questions of the last call that it left without an answer."""
        answered = self._reading.stated.numbers
        return {name: q for name, q in self._asked.items() if name not in answered}

    @property
    def error(self) -> Exception | None:
        """The error of the last call."""
        return self._asks[-1].error if self._asks else None

    @property
    def replies(self) -> list[str]:
        """What the model wrote, as far as its calls did not fail."""
        return [ask.text for ask in self._asks if ask.error is None]

    def ask(self) -> Ask[M]:
        """The next call."""
        self._reading = LabelReading(self._call, self._asked)
        ask = Ask(
            self._messages,
            self._settings,
            self._record,
            sum(len(question.labels) for question in self._asked.values()),
            replica=self._replica,
            reading=self._reading,
            schema=decision_schema(self._asked),
        )
        self._asks.append(ask)
        return ask

    def ask_again(self) -> Ask[M]:
        """A call for what the last one left open."""
        if self._reading.stated.numbers:
            self.answering.append(self._asks[-1].text)
        self._asked = self.missing
        # Providers refuse an empty assistant message; after a blank reply the same is asked again.
        reply = self._asks[-1].text
        if reply.strip():
            turn = decision_re_ask(self._asked, self._settings.shaping)
            self._messages += [self._dialect.assistant(reply), self._dialect.user(turn)]
        else:
            self._replica += self._calls
        return self.ask()


def _require_answers(
    questions: Questions, conversations: Sequence[_Conversation[Any]], *, shaped: bool
) -> None:
    """Refuse to leave a question open, whatever the others say.

    Raises:
        NoCandidatesError: No call answered it; or the error of a call.
    """
    open_ones = [name for name in questions if all(name in each.missing for each in conversations)]
    if not open_ones:
        return
    errors = [each.error for each in conversations if each.error]
    if told := next((error for error in errors if isinstance(error, VSError)), None):
        raise told
    replies = [reply for each in conversations for reply in each.replies]
    if errors and not replies:
        raise errors[0]
    named = ", ".join(repr(questions[name].id) for name in open_ones)
    reply = next((each for each in reversed(replies) if each.strip()), "")
    answering = [text for each in conversations for text in each.answering if text != reply]
    raise NoCandidatesError(
        f"no probability above 0 could be read for a label of {named}; {shown(reply)}. "
        f"{advice(fewer='fewer questions or labels in a call', shaped=shaped)}",
        # What was answered and paid for is not lost with the rest.
        reply="\n\n".join([*answering, reply]),
    ) from (errors[0] if errors else None)
