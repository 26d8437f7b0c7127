"""Elements around the candidates: of their own name, or of a name that could be a text's."""

from __future__ import annotations

import pytest

from vs_core import parse_reply


@pytest.mark.parametrize(
    "reply",
    [
        "<response>\n<response>\nA\n</response>\n<response>\nB\n</response>\n</response>",
        '<response>\n<response id="1">A</response>\n<response id="2">B</response>\n</response>',
        "<response><answer>\n<response>A</response>\n<response>B</response>\n</answer></response>",
        "<item>\n<item>\n<city>A</city>\n</item>\n<item>\n<city>B</city>\n</item>\n</item>",
    ],
)
def test_a_wrapper_of_the_candidates_own_name_is_no_candidate(reply: str) -> None:
    found = parse_reply(reply)
    assert [(c.text, c.repairs) for c in found] == [("A", ()), ("B", ())]


def test_a_wrapper_of_one_candidate_leaves_its_number_where_it_is() -> None:
    reply = "<response><response>A</response><probability>0.2</probability></response>"
    assert [(c.text, c.stated) for c in parse_reply(reply)] == [("A", 0.2)]


@pytest.mark.parametrize("line", ["", "\n"])
def test_elements_with_a_number_of_their_own_are_the_candidates(line: str) -> None:
    reply = (
        f'<answer>\n<city probability="0.2">{line}A{line}</city>\n'
        f'<city probability="0.1">{line}B{line}</city>\n</answer>'
    )
    assert [(c.text, c.stated) for c in parse_reply(reply)] == [("A", 0.2), ("B", 0.1)]


def test_elements_that_begin_with_their_reasoning_are_the_candidates() -> None:
    reply = (
        "<response>\n<answer><reasoning>r</reasoning>A</answer>\n"
        "<answer><reasoning>s</reasoning>B</answer>\n</response>"
    )
    assert [(c.text, c.reasoning) for c in parse_reply(reply)] == [("A", "r"), ("B", "s")]
