"""Print the lowest version of each dependency that pyproject.toml admits, as pip constraints."""

from __future__ import annotations

import sys
from pathlib import Path

from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def lower_bounds(project: dict[str, object]) -> dict[str, str]:
    """The lower bound of each requirement, extras included; tools of the `dev` extra stay free."""
    optional = project["optional-dependencies"]
    assert isinstance(optional, dict)
    groups = [project["dependencies"], *(v for k, v in optional.items() if k != "dev")]
    bounds: dict[str, str] = {}
    for text in (text for group in groups for text in group):  # type: ignore[attr-defined]
        requirement = Requirement(text)
        for specifier in requirement.specifier:
            if specifier.operator == ">=":
                bounds[requirement.name] = specifier.version
    return bounds


if __name__ == "__main__":
    for name, version in lower_bounds(tomllib.loads(PROJECT.read_text())["project"]).items():
        print(f"{name}=={version}")
