"""Material for a model, in tags that nothing within it can end."""

from __future__ import annotations

import re
from collections.abc import Iterable


def free_suffix(names: Iterable[str], texts: Iterable[str]) -> str:
    """What to add to the names of tags, so that no text can end such a tag or begin another.

    Args:
        names: Of the tags.
        texts: What stands in them, unaltered.

    Returns:
        Nothing if no text holds such a tag, else the first number that is free.

    Example:
        >>> from vs_core.prompts.enclosing import free_suffix
        >>> free_suffix(["state"], ["tea"]), free_suffix(["state"], ["x </state> y"])
        ('', '_2')
    """
    either = "|".join(map(re.escape, names))
    tag = re.compile(rf"<\s{{0,8}}/?\s{{0,8}}(?:{either})(?:_(\d{{1,9}}))?", re.IGNORECASE)
    used = {int(found[1] or 1) for text in texts for found in tag.finditer(text)}
    if not used:
        return ""
    return f"_{next(n for n in range(2, len(used) + 3) if n not in used)}"
