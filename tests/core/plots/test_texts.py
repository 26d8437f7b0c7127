"""Texts that models write, in pictures: nothing in them is notation, nothing breaks a picture."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.image import imread

from tests.core.plots.pictures import comparison, labels, saved, summary, words
from vs_core import Candidate, VerbalizedDistribution
from vs_core.comparison import Estimate
from vs_core.plots import plot_answers, plot_cost, plot_diversity

AWKWARD = [
    "costs $5, or $6",
    r"$\frac{1}{2}$",
    r"$\notacommand{",
    "_leading and trailing_",
    "<b>bold</b> & more",
    "{braces} %s %(name)s",
    "first\nsecond\r\n\tthird",
    "東京タワー",
    "😀 👩‍👩‍👧 🇩🇪 ❤️",
    "مرحبا بالعالم",
    "हिन्दी",
    # Of all fonts that matplotlib brings, only a regular one has it, not its bold one.
    "𝐴",
    "a\u200bb\ufeffc\u00add",
    "\x00\x07\x1b[31m",
    "\ud800",
    "\ue000\U000f0000",
    "e\u0301" * 200,
    "x" * 5000,
]


@pytest.mark.parametrize("text", AWKWARD, ids=ascii)
def test_any_text_can_be_the_name_of_a_bar_and_a_heading(text: str) -> None:
    distribution = VerbalizedDistribution[str](candidates=(Candidate(value=text, stated=0.2),))
    assert saved(distribution.plot(title=text), "svg")
    assert saved(plot_answers({text: [text]}, reference=[text], title=text), "png")


@given(st.text(st.characters(), max_size=60))
@settings(max_examples=15)
def test_any_text_at_all_can_be_drawn(text: str) -> None:
    assert saved(plot_answers({text: [text]}, title=text), "svg")


def test_the_heading_of_a_comparison_may_be_any_text() -> None:
    found = comparison(summary("direct", rouge_l=Estimate(mean=0.5)))
    assert saved(plot_diversity(found, title=r"$\nothing{ 東"), "png")
    assert saved(plot_cost(found, title=r"$\nothing{ 東"), "png")


def test_dollars_are_shown_as_written() -> None:
    (axes,) = plot_answers({"direct": ["$5 to $6"]}).axes
    assert labels(axes) == ["$5 to $6"]
    assert not any(label.get_parse_math() for label in axes.get_yticklabels())


def test_line_breaks_and_invisible_characters_do_not_reach_a_label() -> None:
    (axes,) = plot_answers({"direct": ["first\r\n\n second\u200b"]}).axes
    assert labels(axes) == ["first second"]


def test_a_character_that_no_font_has_is_a_box_and_the_note_says_so() -> None:
    figure = plot_answers({"direct": ["a\ue000"]})
    assert labels(figure.axes[0]) == ["a□"]
    assert "□ stands for characters that no font at hand has." in words(figure)


def test_without_such_characters_there_is_no_such_note() -> None:
    assert "□" not in words(plot_answers({"direct": ["é 😀"]}))


def test_a_character_of_another_font_is_drawn_in_it() -> None:
    # DejaVu has no circled letters; STIX, which matplotlib brings along too, has.
    (axes,) = plot_answers({"direct": ["Ⓓ"]}).axes
    (label,) = axes.get_yticklabels()
    assert label.get_text() == "Ⓓ"
    assert label.get_fontfamily()[:2] == ["DejaVu Sans", "STIXGeneral"]


def test_a_wide_text_is_cut_sooner_than_a_narrow_one() -> None:
    (axes,) = plot_answers({"direct": ["W" * 200, "i" * 200]}).axes
    wide, narrow = labels(axes)
    assert len(wide) * 2 < len(narrow)


def test_a_png_is_as_wide_as_a_readme_shows_it() -> None:
    image = imread(io.BytesIO(saved(plot_answers({"direct": ["a"]}), "png")))
    assert image.shape[1] == 800
    assert image[..., :3].min() < 0.5
