"""What the requests cost, counted by the tokenizer of GPT-4 that comes with llama-index-core."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import llama_index.core
import pytest

from vs_core import Layout, PromptSettings, instruction


@pytest.fixture(scope="module")
def count() -> Callable[[str], int]:
    with pytest.MonkeyPatch.context() as patch:
        static = Path(llama_index.core.__file__).parent / "_static" / "tiktoken_cache"
        patch.setenv("TIKTOKEN_CACHE_DIR", str(static))
        import tiktoken  # noqa: PLC0415  # it reads the variable when imported

        encoding = tiktoken.get_encoding("cl100k_base")
    return lambda text: len(encoding.encode(text))


@pytest.mark.parametrize("layout", get_args(Layout))
def test_the_standard_request_costs_at_most_150_tokens(
    count: Callable[[str], int], layout: Layout
) -> None:
    assert count(instruction(PromptSettings(layout=layout))) <= 150
    assert count(instruction(PromptSettings(layout=layout, k=1000))) <= 150
