from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from tests.core.calibration.worlds import alternating
from tests.core.distributions import stating
from tests.core.plots.pictures import comparison, summary
from vs_core import MissingExtraError
from vs_core.calibration import evaluate
from vs_core.comparison import Estimate
from vs_core.plots import (
    plot_answers,
    plot_cost,
    plot_distribution,
    plot_diversity,
    plot_reliability,
)

ROOT = Path(__file__).parents[3]
SCORES = comparison(summary("direct", rouge_l=Estimate(mean=0.5)))


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.strip()


def test_importing_loads_no_matplotlib_and_drawing_and_saving_no_pyplot() -> None:
    code = """
import io, sys
import vs_core, vs_core.plots, vs_core.drawing
print('matplotlib' in sys.modules)
drawn = vs_core.parse_reply('{"a": 0.1}').plot()
vs_core.plots.save_figure(drawn, io.BytesIO(), format='png')
print('matplotlib' in sys.modules, 'matplotlib.pyplot' in sys.modules)
"""
    assert run(code).split() == ["False", "True", "False"]


@pytest.mark.parametrize(
    ("feature", "draw"),
    [
        ("plot", lambda: plot_distribution(stating(a=0.1))),
        ("plot_answers", lambda: plot_answers({"direct": ["a"]})),
        ("plot_diversity", lambda: plot_diversity(SCORES)),
        ("plot_cost", lambda: plot_cost(SCORES)),
        ("plot_reliability", lambda: plot_reliability(evaluate(*alternating(30)))),
    ],
)
def test_without_matplotlib_the_error_says_what_to_install(
    feature: str, draw: Callable[[], Figure], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=rf"^{feature}.* needs matplotlib.*\n.*\[eval\]"):
        draw()
