"""Which media a model takes, by what its profile says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel

from vs_core import PromptError

_INPUTS = {
    "image": "image_inputs",
    "image_url": "image_inputs",
    "audio": "audio_inputs",
    "input_audio": "audio_inputs",
    "video": "video_inputs",
}
_PDF = "application/pdf"


def require_media(models: Iterable[Any], media: Sequence[Mapping[str, Any]]) -> None:
    """Refuse media that a model is known not to take; of others the provider decides.

    Args:
        models: The models that may be called.
        media: Content blocks.

    Raises:
        PromptError: A model's profile says that it takes no such medium.
    """
    for model in models if media else ():
        profile = model.profile if isinstance(model, BaseChatModel) else None
        for medium in media:
            name = _input_of(medium)
            if name and profile and profile.get(name) is False:
                raise PromptError(
                    f"the state or a question holds a medium of type {medium['type']!r}, and "
                    f"{type(model).__name__} takes none (its profile says {name}=False): give a "
                    "model that does, or leave it out"
                )


def _input_of(medium: Mapping[str, Any]) -> str | None:
    if medium["type"] == "file":
        return "pdf_inputs" if medium.get("mime_type") == _PDF else None
    return _INPUTS.get(medium["type"])
