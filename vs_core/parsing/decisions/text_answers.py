"""What text says of the labels of questions: lines, lists, tables, tags."""

from __future__ import annotations

from collections.abc import Mapping

from vs_core.errors import NoCandidatesError
from vs_core.parsing.decisions.attempts import Attempt, Attempts, best_of
from vs_core.parsing.decisions.flattened import flattened
from vs_core.parsing.decisions.mentions import LabelPattern, said_in_lines
from vs_core.parsing.decisions.names import Names
from vs_core.parsing.decisions.said import Said, SaidOfLabel, numbered
from vs_core.parsing.decisions.sections import Section, sections_in
from vs_core.parsing.record.json_fields import is_fraction
from vs_core.parsing.reply import parse_reply
from vs_core.parsing.segment.number_place import number_alone
from vs_core.values.question import YES, LabelQuestion

_MOST_ATTEMPTS = 8
"""So many answers to a question, the last ones, are read as any reply is."""


class TextAnswers:
    """Finds in text what is said of each question.

    Args:
        questions: The questions, by what they are called in the reply.
        labels: For each question what its labels are called.
    """

    def __init__(self, questions: Mapping[str, LabelQuestion], labels: Mapping[str, Names]) -> None:
        self._questions = questions
        self._labels = labels
        self._names = Names.of_questions(questions)
        self._patterns = {name: LabelPattern(each) for name, each in labels.items()}

    def in_text(self, text: str) -> dict[str, Said]:
        """What a text says, by question; nothing of those that it does not mention.

        Args:
            text: The reply, without thinking.
        """
        attempts = {name: Attempts(labels) for name, labels in self._labels.items()}
        plain = flattened(text, self._names, self._labels)
        for section in sections_in(plain, self._names, self._labels):
            for name in self._questions if section.name is None else [section.name]:
                said = self._of(name, section)
                if said or section.name is not None:
                    attempts[name].add(Attempt(said, text="\n".join(section.lines)))
        found = {}
        for name, labels in self._labels.items():
            read = attempts[name].last(_MOST_ATTEMPTS)
            if len(self._questions) == 1 and [one.text for one in read] != [text]:
                # All of the text may be the answer, in any notation.
                read = [Attempt([], text=text), *read]
            read = [Attempt(_read_otherwise(one, labels)) for one in read]
            best = best_of(read, labels)
            found[name] = [] if best is None else best.said
        return {name: said for name, said in found.items() if said}

    def _of(self, name: str, section: Section) -> Said:
        said = said_in_lines(section, self._patterns[name])
        if section.name is None:
            # What is said of no question belongs to the one that alone has such a label.
            others = [labels for other, labels in self._labels.items() if other != name]
            return [s for s in said if not any(labels.meant_by(s.label) for labels in others)]
        if said or self._questions[name].kind != "yes_no":
            return said
        alone = "\n".join(section.lines).strip()
        raw = alone if is_fraction(alone) else number_alone(alone)
        return [] if raw is None else [SaidOfLabel(YES, raw)]


def _read_otherwise(attempt: Attempt, labels: Names) -> Said:
    """What an attempt says, read as a reply with candidates, if that finds as many labels."""
    try:
        candidates = parse_reply(attempt.text)
    except NoCandidatesError:
        return attempt.said
    said = [SaidOfLabel(c.text, c.raw_probability) for c in candidates]
    return max([said, attempt.said], key=lambda way: len(numbered(way, labels)))
