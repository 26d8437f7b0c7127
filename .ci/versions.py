"""Say which versions the suite is about to run with."""

from __future__ import annotations

import platform
from importlib.metadata import version

NAMED = ("langchain-core", "langchain", "langgraph", "llama-index-core", "pydantic")

print(
    f"Python {platform.python_version()}:", ", ".join(f"{name} {version(name)}" for name in NAMED)
)
