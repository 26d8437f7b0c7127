"""What is loaded when, and what is said where a library is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from vs_core import MissingExtraError
from vs_core.metrics import METRICS, measure

HEAVY = ("numpy", "scipy", "rapidfuzz", "sacrebleu", "matplotlib", "langchain_core", "llama_index")
NEEDS = {
    "rouge_l": {"rapidfuzz", "numpy"},
    "self_bleu": {"sacrebleu"},
    "semantic_diversity": {"numpy"},
    "vendi_score": {"numpy"},
}


def embed(texts: list[str]) -> list[list[float]]:
    return [[float(len(text)), 1.0] for text in texts]


def test_importing_the_metrics_loads_nothing_heavy() -> None:
    code = f"import sys, vs_core.metrics; print([m for m in {HEAVY} if m in sys.modules])"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "package"),
    [(name, package) for name, all_ in NEEDS.items() for package in sorted(all_)],
)
def test_a_missing_library_is_named_with_the_line_to_run(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [package, *(m for m in sys.modules if m.startswith(f"{package}."))]:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError) as caught:
        measure(["tea", "war"], embeddings=embed, metrics=[name])
    assert str(caught.value).startswith(f"{name} needs {package}, which is not installed")
    assert "pip install 'verbalized-sampling-integrations[eval]'" in str(caught.value)


def test_the_other_metrics_need_no_library() -> None:
    names = [name for name in METRICS if name not in NEEDS]
    code = f"""
import sys
for name in {HEAVY}:
    sys.modules[name] = None
from vs_core.metrics import measure
print(None in measure(["ohio", "utah x"] * 9, reference=["ohio"], metrics={names}).values())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
