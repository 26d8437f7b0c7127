"""Which passage a judgement means, and what the reader keeps of a judgement."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core import PromptSettings, VerbalizedDistribution
from vs_core.adapters import ReplyPiece, expect_reply
from vs_core.adapters.relevance import Passages, passage_number

PASSAGES = (
    "Espresso is brewed under pressure.",
    "Paris is in France.",
    "Cold brew steeps overnight.",
)
JUDGED = ((1, 0.8), (3, 0.1))
AMONG = Passages(
    8,
    texts=(
        ("Title: Brewing\n\n3 ways to brew coffee at home", "3 ways to brew coffee at home"),
        ("Brew coffee with 2 spoons for each cup.",),
        ("Passage 2 of the canal is closed.",),
        ("Tea",),
        ("Brew coffee with 2 spoons for each pot.",),
        ("咖啡是一种饮料。它来自埃塞俄比亚。",),
        ("Tea",),
        ("The Suez canal, says the notice, was blocked for six days by a ship.",),
    ),
    ids=tuple(f"node-{letter}" for letter in "abcdefgh"),
)


def each(form: str, between: str = "\n") -> str:
    """A reply that says something of the first and the third passage."""
    return between.join(form.format(n=n, p=p, t=PASSAGES[n - 1]) for n, p in JUDGED)


def in_tags(fields: str) -> str:
    return each(f"<response>{fields}<probability>{{p}}</probability></response>")


def in_objects(judged: Callable[[int, str], dict[str, Any]]) -> str:
    return json.dumps([judged(n, PASSAGES[n - 1]) | {"probability": p} for n, p in JUDGED])


def in_mapping(name: Callable[[int, str], str]) -> str:
    return json.dumps({name(n, PASSAGES[n - 1]): p for n, p in JUDGED})


def in_table(head: str, row: str) -> str:
    columns = head.count("|") - 1
    return f"{head}\n|{'---|' * columns}\n{each(row)}"


def read(reply: str) -> VerbalizedDistribution[Any]:
    schema = passage_number(3, [(passage,) for passage in PASSAGES], ["one", "two", "three"])
    incoming = expect_reply(PromptSettings(k=3, value_schema=schema))
    return incoming.feed(ReplyPiece(text=reply)) + incoming.close()


REPLIES = {
    "number beside the text": in_tags("\n<number>{n}</number>\n<text>{t}</text>\n"),
    "number behind the text": in_tags("<text>{t}</text><number>{n}</number>"),
    "number alone": in_tags("<number>{n}</number>"),
    "number beside a summary": in_tags("<number>{n}</number><text>a summary</text>"),
    "probability in the middle": each(
        "<response><number>{n}</number><probability>{p}</probability><text>{t}</text></response>"
    ),
    "passage and text": in_tags("<passage>{n}</passage><text>{t}</text>"),
    "Passage": in_tags("<Passage>{n}</Passage>"),
    "document": in_tags("<document>{n}</document>"),
    "id and text": in_tags("<id>{n}</id><text>{t}</text>"),
    "text is the number": in_tags("<text>{n}</text>"),
    "text is the passage": in_tags("<text>{t}</text>"),
    "text is the passage, labelled": in_tags("<text>Passage {n}: {t}</text>"),
    "text is the passage, counted": in_tags("<text>{n}. {t}</text>"),
    "text begins the passage": in_tags('<text>"{t:.16}\u2026"</text>'),
    "text is the passage, in lower case": in_tags('<text>"{t}"</text>').lower(),
    "passage is the passage": in_tags("<passage>{t}</passage>"),
    "no field for the number": in_tags("{n}"),
    "no field for the passage": in_tags("{t}"),
    "attribute of the response": each(
        '<response number="{n}"><probability>{p}</probability></response>'
    ),
    "attribute of the text": in_tags('<text number="{n}">{t}</text>'),
    "a counter beside the number": in_tags("<text>{n}</text>").replace(
        "<response>", '<response id="7">'
    ),
    "attribute of a passage": each('<passage id="{n}"><probability>{p}</probability></passage>'),
    "attribute of a bare number": each('<passage id="{n}">{p}</passage>'),
    "attribute of a bare text": each(
        '<passage number="{n}">\n{t}\n<probability>{p}</probability></passage>'
    ),
    "attributes alone": each('<passage number="{n}" probability="{p}"/>'),
    "attributes beside the text": each('<passage number="{n}" probability="{p}">{t}</passage>'),
    "counted tags": each("<passage_{n}><probability>{p}</probability></passage_{n}>"),
    "counted tags, bare": each("<passage_{n}>{p}</passage_{n}>"),
    "numbers and probabilities in turn": each(
        "<number>{n}</number>\n<probability>{p}</probability>"
    ),
    "in a fence": f"```xml\n{in_tags('<number>{n}</number><text>{t}</text>')}\n```",
    "in a wrapper": f"<responses>{in_tags('<number>{n}</number>')}</responses>",
    "json: number and text": in_objects(lambda n, t: {"number": n, "text": t}),
    "json: in a set": json.dumps({"responses": json.loads(in_objects(lambda n, _: {"text": n}))}),
    "json: number": in_objects(lambda n, _: {"number": n}),
    "json: passage": in_objects(lambda n, _: {"passage": n}),
    "json: Passage": in_objects(lambda n, _: {"Passage": n}),
    "json: id in quotes": in_objects(lambda n, _: {"id": str(n)}),
    "json: index": in_objects(lambda n, _: {"index": n}),
    "json: passage_id": in_objects(lambda n, _: {"passage_id": n}),
    "json: passageNumber": in_objects(lambda n, _: {"passageNumber": n}),
    "json: text": in_objects(lambda n, _: {"text": str(n)}),
    "json: label": in_objects(lambda n, _: {"text": f"Passage {n}"}),
    "json: quotation": in_objects(lambda _, t: {"text": t}),
    "json: passage quoted": in_objects(lambda _, t: {"passage": t}),
    "json: object": in_objects(lambda n, t: {"passage": {"number": n, "text": t}}),
    "json: mapping": in_mapping(lambda n, _: str(n)),
    "json: mapping of labels": in_mapping(lambda n, _: f"Passage {n}"),
    "json: mapping of passages": in_mapping(lambda _, t: t),
    "json: mapping in a set": f'{{"responses": {in_mapping(lambda n, _: f"passage_{n}")}}}',
    "json: mapping to objects": json.dumps({n: {"probability": p} for n, p in JUDGED}),
    "json: list of mappings": json.dumps([{n: p} for n, p in JUDGED]),
    "json: pairs": json.dumps(JUDGED),
    "json: columns": '{"passages": [1, 3], "probabilities": [0.8, 0.1]}',
    "json: lines": each('{{"number": {n}, "probability": {p}}}'),
    "lines: label": each("Passage {n}: {p}"),
    "lines: percentages": "Passage 1: 80%\nPassage 3: 10%",
    "lines: number": each("{n}: {p}"),
    "lines: brackets": each("[{n}] {p}"),
    "lines: list": each("{n}. {p}"),
    "lines: list with a bracket": each("{n}) {p}"),
    "lines: list of labels": each("- **Passage {n}**: {p}"),
    "lines: numbered list of labels": "1. Passage 1: 0.8\n2. Passage 3: 0.1",
    "lines: list of passages": each("- {t}: {p}"),
    "lines: numbered list of passages": each("{n}. {t} - {p}"),
    "lines: labelled passages": each("Passage {n}: {t} ({p})"),
    "lines: block": each("Passage: {n}\nText: {t}\nProbability: {p}", "\n\n"),
    "lines: block without the text": each("Passage {n}\nProbability: {p}", "\n\n"),
    "lines: headings": each("## Passage {n}\n{t}\n**Probability:** {p}", "\n\n"),
    "lines: yaml": each("- number: {n}\n  text: {t}\n  probability: {p}"),
    "table: passage": in_table("| Passage | Probability |", "| {n} | {p} |"),
    "table: passage and text": in_table(
        "| Passage | Text | Probability |", "| {n} | a summary | {p} |"
    ),
    "table: number and passage": in_table(
        "| Number | Passage | Probability |", "| {n} | {t} | {p} |"
    ),
    "table: label and reason": in_table(
        "| Passage | Probability | Reason |", "| Passage {n} | {p} | it says so |"
    ),
    "table: csv": "passage,probability\n1,0.8\n3,0.1",
}


@pytest.mark.parametrize("notation", ["json", "lines", "table", None])
def test_a_judgement_is_read_however_it_names_its_passage(notation: str | None) -> None:
    of_notation = {
        form: reply
        for form, reply in REPLIES.items()
        if (form.partition(": ")[0] if ": " in form else None) == notation
    }
    assert len(of_notation) >= 5
    found = {
        form: [(judged.value, judged.stated) for judged in read(reply)]
        for form, reply in of_notation.items()
    }
    assert found == {form: list(JUDGED) for form in of_notation}


QUOTATIONS = {
    "3 ways to brew coffee at home": 1,
    "3 WAYS to brew,  coffee\nat home!": 1,
    "3 ways to brew...": 1,
    "Title: Brewing. 3 ways to brew coffee": 1,
    "3. 3 ways to brew coffee at home": 1,
    "Passage 2 of the canal is closed.": 3,
    "Passage 2 of the\u2026": 3,
    "Brew coffee with 2 spoons for each cup": 2,
    "\u201ctea\u201d": 4,
    "咖啡是一种饮料": 6,
    "was blocked for six days by a ship": 8,
    "Brew coffee with 2 spoons for each pot. This answers the query.": 5,
}


def meant(judgement: object) -> int | str:
    """The number of the passage that a judgement means, or why there is none."""
    try:
        return AMONG.meant_by(judgement)
    except ValueError as error:
        return str(error)


def test_a_passage_is_known_by_its_own_words() -> None:
    assert {quotation: meant(quotation) for quotation in QUOTATIONS} == QUOTATIONS
    assert {quotation: meant({"text": quotation}) for quotation in QUOTATIONS} == QUOTATIONS


def test_the_words_of_a_passage_count_more_than_a_number_beside_them() -> None:
    expected: list[tuple[object, int]] = [
        ({"number": 1, "text": "Passage 2 of the canal is closed."}, 3),
        ({"number": 9, "text": "Brew coffee with 2 spoons for each pot."}, 5),
        ("Passage 1: Passage 2 of the canal is closed.", 3),
        ({"number": 7, "text": "Tea"}, 7),
        ({"number": 1, "text": "Tea"}, 4),
        ("Passage 7: Tea", 7),
    ]
    assert [(judgement, meant(judgement)) for judgement, _ in expected] == expected


def test_a_number_is_taken_from_the_field_that_names_the_passage() -> None:
    expected: list[tuple[object, int]] = [
        ({"number": 2, "text": "it gives the dose"}, 2),
        ({"passage": 3, "rank": 1}, 3),
        ({"passage": 3, "id": 1}, 3),
        ({"id": 1, "text": "3"}, 3),
        ({"passage": {"id": 4}}, 4),
        ({"Passage ID": "[3]"}, 3),
        ({"number": 3.0}, 3),
        ({"number": 3, "text": None}, 3),
        ({"id": "node-c"}, 3),
        ("node-c", 3),
        ({"id": 2, "text": "it says to use 2 spoons for each cup"}, 2),
        ("2. It says to use 2 spoons for each cup", 2),
        ("Passage 3 is about the canal", 3),
        ("Passage 3:it is closed", 3),
        ([3], 3),
    ]
    assert [(judgement, meant(judgement)) for judgement, _ in expected] == expected


def test_what_may_mean_several_passages_or_none_is_refused() -> None:
    ambiguous: list[object] = [
        "closed",
        "Brew coffee with 2 spoons for each",  # two passages begin so
        "Passages 1 and 3",
        "Passage 1 and 3",
        "1, 3",
        [1, 3],
        {"passage": 1, "document": 3},
        {"number": 1, "text": "Passage 3"},
        {"id": 2, "text": "Hot water is forced through the powder."},
        "2. Hot water is forced through the powder.",
        {"rank": 1},
        {},
        None,
        True,
    ]
    found = [(judgement, meant(judgement)) for judgement in ambiguous]
    refused = "this is not the number of a passage"
    assert [(judgement, said) for judgement, said in found if refused not in str(said)] == []


def test_a_number_that_no_passage_has_is_refused_for_that() -> None:
    with pytest.raises(ValueError, match="no passage has the number 9: there are 8"):
        AMONG.meant_by({"number": 9})


def test_what_was_refused_is_reported_and_the_rest_is_read() -> None:
    found = read(in_tags("<number>{n}</number>").replace(">3<", ">7<"))
    assert found.values == [1]
    assert re.search("no passage has the number 7", found.trace.dropped[0].reason)


passages = st.lists(
    st.text(alphabet="abcdefgh ", min_size=20, max_size=60).filter(lambda t: len(t.split()) > 3),
    min_size=1,
    max_size=5,
    unique_by=lambda text: text.split()[0],
)


@given(passages, st.data())
def test_each_passage_is_known_by_all_its_words_and_by_its_beginning(
    texts: list[str], data: st.DataObject
) -> None:
    among = Passages(len(texts), tuple((text,) for text in texts))
    at = data.draw(st.integers(0, len(texts) - 1))
    words = texts[at].upper().split()
    beginning = data.draw(st.integers(3, len(words)))
    number = data.draw(st.integers())
    assert among.meant_by(" ".join(words)) == at + 1
    assert among.meant_by({"number": number, "text": "  ".join(words[:beginning])}) == at + 1


@given(
    st.recursive(
        st.text() | st.integers() | st.none() | st.floats(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["id", "text", "passage", "x"]), inner)
        ),
    )
)
def test_no_judgement_means_a_passage_that_there_is_not(judgement: object) -> None:
    try:
        number = AMONG.meant_by(judgement)
    except ValueError:
        return
    assert 1 <= number <= AMONG.count
