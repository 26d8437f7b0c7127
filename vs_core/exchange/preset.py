"""`Preset`: settings in a file, with what was measured of them."""

from __future__ import annotations

import json
from os import PathLike

from pydantic import Field, ValidationError

from vs_core.documents import DocumentKind
from vs_core.exchange.changes import SettingChanges, faults
from vs_core.exchange.model_options import ModelOptions
from vs_core.exchange.preset_findings import PresetFindings, PresetRecord
from vs_core.values.whole import Whole

_KIND = DocumentKind("preset", version=1, remedy="tune again")


class Preset(PresetRecord):
    """Settings for one model and one kind of prompt, with what was measured of them.

    `tune` makes one; a file written by hand needs `settings` only, and has no figures then, which
    whoever uses it is told. It holds no key, and no model is called because of it: `model` says
    with whom the settings were found.

    Attributes:
        settings: What it changes in the default settings of an exchange, as plain JSON: those of
            `vs_core.adapters.ExchangeSettings`, but for `value_schema`, which is of the task.
        model: With which model it was found, by its name; None if that is not known.
        model_options: How that was called.
        found: The figures; None if there are none.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from vs_core import Preset
        >>> preset = Preset(settings={"method": "cot", "k": 10})
        >>> preset.settings
        {'method': 'cot', 'k': 10}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     preset.save(Path(folder) / "preset.json")
        ...     Preset.load(Path(folder) / "preset.json") == preset
        True
    """

    settings: SettingChanges
    model: Whole | None = Field(default=None, min_length=1)
    model_options: ModelOptions | None = None
    found: PresetFindings | None = None

    @classmethod
    def of(cls, preset: Preset | str | PathLike[str]) -> Preset:
        """The preset, or the one that a file holds.

        Args:
            preset: One, or the path of its file.

        Raises:
            OSError: As for `load`.
            ValueError: As for `load`.
        """
        return preset if isinstance(preset, Preset) else cls.load(preset)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Preset:
        """Read one from a file.

        Args:
            path: The file, as `save` writes it.

        Raises:
            OSError: It cannot be read.
            ValueError: It is no preset, that of a later version, or holds what cannot be; the
                message names the file and the place in it.
        """
        document = _KIND.read(path)
        try:
            return cls.model_validate_json(json.dumps(document), strict=True)
        except ValidationError as error:
            raise ValueError(f"{path}: {faults(error)}") from error

    def save(self, path: str | PathLike[str]) -> None:
        """Write it to a file, as JSON.

        Args:
            path: The file; an earlier one is replaced.

        Raises:
            NotWrittenError: It cannot be written.
        """
        _KIND.write(path, self.model_dump(mode="json"))
