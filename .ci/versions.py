"""Say which versions the suite is about to run with."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version

NAMED = ("langchain-core", "langchain", "langgraph", "llama-index-core", "pydantic", *sys.argv[1:])

print(
    f"Python {platform.python_version()}:", ", ".join(f"{name} {version(name)}" for name in NAMED)
)
