"""Texts for fields, by what the fields are called."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from vs_core.simulation.records import people, things
from vs_core.simulation.records.setting import Setting

_ASKED = frozenset(("question", "problem", "riddle", "exercise"))
_PERSONAL = frozenset(("age", "job", "occupation", "hobbies", "gender", "interests", "email"))
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_GOODS = frozenset(
    ("price", "sku", "stock", "brand", "category", "features", "material", "discount", "currency")
)
_FIRMS = frozenset(("industry", "founded", "employees", "revenue", "headquarters", "ceo", "pitch"))
_MEALS = frozenset(("ingredients", "calories", "servings", "cuisine", "recipe", "steps"))

Maker = Callable[[Setting, random.Random], str]


def words_of(name: str) -> list[str]:
    """The words of a field's name, in lower case and in the singular.

    Args:
        name: As it stands in a schema.

    Example:
        >>> from vs_core.simulation.records.wording import words_of
        >>> words_of("jobTitle"), words_of("favourite_hobbies")
        (['job', 'title'], ['favourite', 'hobby'])
    """
    return [_singular(word.lower()) for word in _WORD.findall(name)]


def text_for(name: str, beside: Mapping[str, object], setting: Setting, rng: random.Random) -> str:
    """A text for a field.

    Args:
        name: What the field is called.
        beside: The fields of the same record, which tell whose name a `name` is.
        setting: What the record is about.
        rng: The source of randomness.

    Example:
        >>> import random
        >>> from vs_core.simulation.records.setting import new_setting
        >>> from vs_core.simulation.records.wording import text_for
        >>> text_for("job", {}, new_setting(random.Random(1), None, whole=False), random.Random(4))
        'gardener'
    """
    words = _kinds_of(name)
    if words & {"answer", "solution"} and _ASKED.isdisjoint(beside):
        return _sentence(setting, rng)
    for kinds, make in _MAKERS:
        if not words.isdisjoint(kinds):
            return make(setting, rng)
    if "name" in words:
        return _name(words, beside)(setting, rng)
    return _phrase(setting, rng)


@lru_cache(maxsize=512)
def _kinds_of(name: str) -> frozenset[str]:
    return frozenset(words_of(name))


def _name(words: frozenset[str], beside: Mapping[str, object]) -> Maker:
    if words & {"first", "given"}:
        return lambda setting, _: setting.first
    if words & {"last", "family"}:
        return lambda setting, _: setting.surname
    if not _PERSONAL.isdisjoint(beside):
        return _person
    for fields, make in ((_GOODS, _product), (_FIRMS, _company), (_MEALS, _dish)):
        if not fields.isdisjoint(beside):
            return make
    return _person


def _person(setting: Setting, _: random.Random) -> str:
    return f"{setting.first} {setting.surname}"


def _company(setting: Setting, _: random.Random) -> str:
    return setting.company


def _product(_: Setting, rng: random.Random) -> str:
    return f"{rng.choice(things.MATERIALS)} {rng.choice(things.PRODUCTS)}"


def _dish(_: Setting, rng: random.Random) -> str:
    return f"{rng.choice(things.ADJECTIVES)} {rng.choice(things.DISHES)}".capitalize()


def _phrase(_: Setting, rng: random.Random) -> str:
    return f"{rng.choice(things.ADJECTIVES)} {rng.choice(things.NOUNS)}"


def _title(setting: Setting, rng: random.Random) -> str:
    adjective, noun = rng.choice(things.ADJECTIVES), rng.choice(things.NOUNS)
    shapes = (
        f"The {adjective.title()} {noun.title()}",
        f"{noun.title()} of {setting.city}",
        f"A {noun.title()} for {setting.first}",
        f"On {setting.topic}: the {adjective} {noun}",
        f"{adjective.title()} {noun.title()}s",
    )
    return rng.choice(shapes)


def _sentence(setting: Setting, rng: random.Random) -> str:
    phrase, verb = _phrase(setting, rng), rng.choice(things.VERBS)
    shapes = (
        f"{setting.first} from {setting.city} knows how {setting.topic} {verb} a {phrase}.",
        f"Nobody expects that a {phrase} {verb} {setting.topic}.",
        f"Since the move to {setting.city}, {setting.topic} {verb} more than any {phrase}.",
        f"It is the {phrase} that {verb} everything about {setting.topic}.",
        f"After years with {setting.company}, a {phrase} {verb} the whole week.",
    )
    return rng.choice(shapes)


def _code(_: Setting, rng: random.Random) -> str:
    letters = "".join(rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ", k=2))
    return f"{letters}-{rng.randrange(10_000):04}"


def _phone(_: Setting, rng: random.Random) -> str:
    # The block 555-01xx is kept free for fiction.
    return f"+1 {rng.randint(201, 989)} 555 01{rng.randrange(100):02}"


def _slug(setting: Setting, rng: random.Random) -> str:
    return f"https://example.com/{_phrase(setting, rng).replace(' ', '-')}"


def _address(setting: Setting, rng: random.Random) -> str:
    return f"{rng.randint(1, 180)} {rng.choice(things.STREETS)}, {setting.city}"


def _of(listed: tuple[str, ...]) -> Maker:
    return lambda _, rng: rng.choice(listed)


_MAKERS: tuple[tuple[frozenset[str], Maker], ...] = tuple(
    (frozenset(kinds.split()), make)
    for kinds, make in (
        ("email mail", lambda setting, _: f"{setting.handle}@example.com"),
        (
            "username handle login nickname",
            lambda setting, rng: f"{setting.handle}{rng.randint(1, 99)}",
        ),
        ("surname", lambda setting, _: setting.surname),
        ("forename firstname", lambda setting, _: setting.first),
        ("phone telephone mobile", _phone),
        ("url website link homepage uri", _slug),
        ("id sku code identifier isbn serial", _code),
        ("question problem riddle exercise", lambda setting, _: setting.exercise.question),
        ("answer solution", lambda setting, _: setting.exercise.answer),
        ("company employer organisation organization startup firm brand", _company),
        ("product item gadget", _product),
        ("job occupation profession role career", _of(people.JOBS)),
        ("city town hometown location birthplace place", lambda setting, _: setting.city),
        ("country nation", lambda setting, _: setting.country),
        ("address street", _address),
        ("hobby interest pastime activity", _of(people.HOBBIES)),
        ("skill strength ability", _of(people.SKILLS)),
        ("goal aim motivation wish", _of(people.GOALS)),
        ("mood emotion feeling", _of(people.MOODS)),
        ("gender sex", _of(people.GENDERS)),
        ("colour color", _of(things.COLOURS)),
        ("animal pet species", _of(things.ANIMALS)),
        ("dish meal food recipe", _dish),
        ("ingredient", _of(things.INGREDIENTS)),
        ("language", _of(things.LANGUAGES)),
        ("currency", _of(things.CURRENCIES)),
        ("topic subject theme genre domain field area", lambda setting, _: setting.topic),
        ("category section department", _of(things.CATEGORIES)),
        ("industry sector", _of(things.INDUSTRIES)),
        ("feature benefit advantage", _of(things.FEATURES)),
        ("tag keyword", _of(things.TOPICS)),
        ("headline title heading film movie book song", _title),
        ("description bio biography summary review abstract background", _sentence),
        ("comment message text body content story sentence quote note", _sentence),
        ("reason explanation fact feedback statement claim", _sentence),
        ("person author user customer character friend speaker member", _person),
    )
)
"""What makes the text for a name that has one of these words; the first decides."""


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word if word.endswith("ss") else word.removesuffix("s")
