"""`Whole`: text that can be sent and kept."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from vs_core.visible import encodable


def whole(text: str) -> str:
    r"""The text, if no character of it is half.

    Args:
        text: Any text.

    Raises:
        ValueError: It holds half of a surrogate pair.

    Example:
        >>> from vs_core.values.whole import whole
        >>> whole("a joke")
        'a joke'
    """
    if encodable(text) != text:
        raise ValueError(
            f"{text!r} holds half of a surrogate pair, which no model can be sent and no file "
            "can hold: pass whole characters"
        )
    return text


Whole = Annotated[str, AfterValidator(whole)]
