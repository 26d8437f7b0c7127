"""A record as a file of its own: JSON that says what it is, and in which version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from vs_core.errors import NotWrittenError
from vs_core.visible import visible_json


@dataclass(frozen=True)
class DocumentKind:
    """What the files of one kind have in common.

    Attributes:
        name: What such a file is, as it says itself under "format".
        version: Of the format, as this package writes it.
        remedy: What helps where a file is of a later version, besides a newer package.

    Example:
        >>> from vs_core.documents import DocumentKind
        >>> print(DocumentKind("note", version=1, remedy="write it again").written({"text": "tea"}))
        {
          "format": "note",
          "version": 1,
          "text": "tea"
        }
    """

    name: str
    version: int
    remedy: str

    def written(self, content: Mapping[str, Any]) -> str:
        """The whole file as text.

        Args:
            content: Plain JSON.
        """
        document = {"format": self.name, "version": self.version, **content}
        return visible_json(json.dumps(document, indent=2, ensure_ascii=False))

    def write(self, path: str | PathLike[str], content: Mapping[str, Any]) -> None:
        """Write the file; an earlier one is replaced.

        Args:
            path: The file.
            content: Plain JSON.

        Raises:
            NotWrittenError: It cannot be written.
        """
        try:
            Path(path).write_text(self.written(content) + "\n", encoding="utf-8")
        except OSError as error:
            raise NotWrittenError.of(Path(path), error) from error

    def read(self, path: str | PathLike[str]) -> dict[str, Any]:
        """What such a file holds, without what it says of itself.

        Args:
            path: The file.

        Raises:
            OSError: It cannot be read.
            ValueError: It is no JSON, of another kind or version, or holds half a character.
        """
        try:
            document = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{path} is no JSON: {error}") from error
        if not isinstance(document, dict) or document.pop("format", None) != self.name:
            raise ValueError(
                f"{path} is no {self.name}: pass a file that `save` wrote, which begins with "
                f'"format": "{self.name}"'
            )
        self._require_version(path, document.pop("version", None))
        _require_whole(path, document)
        return document

    def _require_version(self, path: str | PathLike[str], version: Any) -> None:
        # True and 1.0 equal 1, and are none.
        if type(version) is not int or version < 1:
            said = "no version" if version is None else f"{json.dumps(version)[:40]} as version"
            raise ValueError(
                f'{path} has {said} of its format: write "version": {self.version}, as `save` does'
            )
        if version != self.version:
            raise ValueError(
                f"{path} is a {self.name} in version {version} of the format, and this package "
                f"reads version {self.version}: update the package, or {self.remedy}"
            )


def _require_whole(path: str | PathLike[str], document: Any) -> None:
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{path} holds half of a surrogate pair, {error.object[error.start]!r}, which no model "
            "can be sent: write whole characters"
        ) from error
