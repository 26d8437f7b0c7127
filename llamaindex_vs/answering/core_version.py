"""What only newer versions of llama-index-core have."""

from __future__ import annotations

import inspect
from typing import Any

from llama_index.core.response_synthesizers import BaseSynthesizer

from vs_core import MissingExtraError

_SINCE = {
    "empty_response": "0.14.13",
    "multimodal": "0.14.22",
    "chat_prompt_helper": "0.14.22",
    "chat_content_qa_template": "0.14.22",
    "chat_content_refine_template": "0.14.22",
}
# By what tells the version: both came with `multimodal`, to synthesizers that use it.
_WITH_MULTIMODAL = ("chat_content_qa_template", "chat_content_refine_template")


def require_core(component: str, **settings: Any) -> None:
    """Refuse settings that the installed llama-index-core has nothing to do with.

    Args:
        component: The class that is given them.
        **settings: The settings; those not given are None or False.

    Raises:
        MissingExtraError: The message says which version has it.
    """
    known = inspect.signature(BaseSynthesizer.__init__).parameters
    for name, value in settings.items():
        told_by = "multimodal" if name in _WITH_MULTIMODAL else name
        if value not in (None, False) and told_by not in known:
            raise MissingExtraError(
                f"{component} can take {name} with llama-index-core {_SINCE[name]} or newer, and "
                f"an older one is installed. Run:\n"
                f"    pip install 'llama-index-core>={_SINCE[name]},<0.15'"
            )
