"""Where langchain-core has no decisions yet, or no one asked for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def run(code: str) -> str:
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


def test_without_decisions_in_langchain_core_asking_says_what_to_install() -> None:
    code = """
import sys
sys.modules['langchain_core.decisions'] = None
import langchain_vs
print('SampleCandidate' in langchain_vs.__all__, 'VerbalizedDecisionModel' in dir(langchain_vs))
try:
    from langchain_vs import VerbalizedDecisionModel
except ImportError as error:
    print(type(error).__name__, error)
"""
    rest, _, said = run(code).partition("\n")
    assert rest == "True False"
    assert said.startswith(
        "MissingExtraError VerbalizedDecisionModel needs langchain-core 1.8 or newer"
    )
    assert "pip install --upgrade 'langchain-core>=1.8'" in said


def test_importing_the_package_imports_no_decisions() -> None:
    code = "import sys, langchain_vs; print('langchain_core.decisions.base' in sys.modules)"
    assert run(code) == "False"
