from __future__ import annotations

import functools
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from tests.core.calibration.worlds import alternating
from tests.core.distributions import stating
from tests.core.plots.pictures import comparison, summary
from vs_core.calibration import evaluate
from vs_core.comparison import Estimate
from vs_core.plots import (
    plot_answers,
    plot_cost,
    plot_diversity,
    plot_reliability,
    save_figure,
)

SCORES = comparison(
    summary("direct", rouge_l=Estimate(mean=0.5, low=0.4, high=0.6)),
    summary("standard", rouge_l=Estimate(mean=0.2, low=0.1, high=0.3)),
    prompts=3,
)
PICTURES: dict[str, Callable[[], Figure]] = {
    "distribution": lambda: stating(heads=0.1, tails=0.3).plot(title="Flip a coin"),
    "answers": lambda: plot_answers(
        {"direct": ["a", "b"], "standard": ["b"]}, reference=["a", "b"]
    ),
    "diversity": lambda: plot_diversity(SCORES),
    "cost": lambda: plot_cost(SCORES),
    "reliability": lambda: plot_reliability(evaluate(*alternating(30)), title="Tea"),
}
each_picture = pytest.mark.parametrize("name", PICTURES)


def written(name: str, kind: Literal["png", "svg"]) -> bytes:
    file = io.BytesIO()
    save_figure(PICTURES[name](), file, format=kind)
    return file.getvalue()


plain = functools.cache(written)
"""A picture drawn once, to compare others with."""


@each_picture
def test_the_same_picture_gives_the_same_file(name: str) -> None:
    assert written(name, "svg") == plain(name, "svg")
    assert written(name, "png") == plain(name, "png")


@each_picture
def test_an_svg_is_xml_with_a_size_and_no_date(name: str) -> None:
    file = plain(name, "svg")
    assert ET.fromstring(file).attrib["width"] == "576pt"  # noqa: S314  # our own file
    assert b"dc:date" not in file


@pytest.mark.parametrize("name", ["picture.png", "picture.SVG"])
def test_the_ending_of_the_path_says_which_kind(tmp_path: Path, name: str) -> None:
    save_figure(stating(a=0.1).plot(), tmp_path / name)
    file = (tmp_path / name).read_bytes()
    assert file[:5] == (b"\x89PNG\r" if name.endswith("png") else b"<?xml")
    assert b"dc:date" not in file


def test_a_path_may_be_a_string(tmp_path: Path) -> None:
    save_figure(stating(a=0.1).plot(), str(tmp_path / "picture.svg"))
    assert b"dc:date" not in (tmp_path / "picture.svg").read_bytes()


def test_a_png_has_the_dots_asked_for(tmp_path: Path) -> None:
    save_figure(stating(a=0.1).plot(), tmp_path / "picture.png", dpi=200)
    assert imread(tmp_path / "picture.png").shape[1] == 1600


def readable_settings() -> dict[str, object]:
    # Merely reading the backend makes matplotlib choose one.
    return {name: mpl.rcParams[name] for name in mpl.rcParams if name != "backend"}


def test_the_settings_of_matplotlib_stay_as_they_were() -> None:
    before = readable_settings()
    for name in PICTURES:
        written(name, "svg")
    assert readable_settings() == before


STYLE: dict[Any, Any] = {
    "axes.facecolor": "black",
    "text.color": "white",
    "figure.facecolor": "black",
    "savefig.facecolor": "black",
    "text.usetex": True,
    "font.family": "serif",
    "font.size": 20.0,
    "axes.grid": False,
    "lines.linewidth": 9.0,
    "patch.linewidth": 9.0,
    "axes.formatter.use_mathtext": True,
    "axes.unicode_minus": False,
    "xtick.direction": "in",
    "ytick.labelsize": 20.0,
    "axes.titlelocation": "right",
}


@each_picture
def test_a_users_own_style_does_not_change_a_picture(name: str) -> None:
    with mpl.rc_context(STYLE):
        changed = written(name, "png") != plain(name, "png")
    # Which setting it is takes many drawings, so that it is only looked for where one is.
    assert not changed, [setting for setting in STYLE if is_changed_by(setting, name)]


def is_changed_by(setting: Any, name: str) -> bool:
    with mpl.rc_context({setting: STYLE[setting]}):
        return written(name, "png") != plain(name, "png")
