"""What the fields of one record have in common, so that they go together."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from vs_core.simulation.records import people, things
from vs_core.simulation.records.exercises import Exercise, exercise


@dataclass(frozen=True)
class Setting:
    """A person, a place and a subject, of which a record tells.

    Attributes:
        first: The person's first name.
        surname: The person's surname.
        city: Where the person lives.
        country: In which country that is.
        company: For whom the person works.
        topic: What the record is about.
        seed: Fixes the exercise.
        whole: Whether the answer of the exercise is a whole number.
    """

    first: str
    surname: str
    city: str
    country: str
    company: str
    topic: str
    seed: float
    whole: bool

    @cached_property
    def exercise(self) -> Exercise:
        """A question with its answer."""
        return exercise(random.Random(self.seed), self.topic, whole=self.whole)

    @property
    def handle(self) -> str:
        """The person's name in plain letters, as in addresses."""
        plain = unicodedata.normalize("NFKD", f"{self.first}.{self.surname}".lower())
        return "".join(letter for letter in plain if letter.isascii() and letter not in " '")


def new_setting(rng: random.Random, topic: str | None, *, whole: bool) -> Setting:
    """A setting for one record.

    Args:
        rng: The source of randomness.
        topic: What the request is about; None leaves it open.
        whole: Whether answers have to be whole numbers.

    Example:
        >>> import random
        >>> from vs_core.simulation.records.setting import new_setting
        >>> new_setting(random.Random(1), "tea", whole=False).topic
        'tea'
    """
    city, country = rng.choice(things.CITIES)
    return Setting(
        first=rng.choice(people.FIRST_NAMES),
        surname=rng.choice(people.SURNAMES),
        city=city,
        country=country,
        company=f"{rng.choice(things.COMPANY_HEADS)} {rng.choice(things.COMPANY_TAILS)}",
        topic=topic or rng.choice(things.TOPICS),
        seed=rng.random(),
        whole=whole,
    )
