"""Settings that a component is about, which may be given without their names."""

from __future__ import annotations

from typing import Any, ClassVar


class LeadingSettings:
    """A component that takes its first settings by position too."""

    _leading: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if len(args) > len(self._leading):
            raise TypeError(
                f"{type(self).__name__} takes {len(self._leading)} settings without a name, and "
                f"{len(args)} were given: name the others"
            )
        super().__init__(**dict(zip(self._leading, args, strict=False)), **kwargs)
