"""The `vs` command: verbalized sampling from a terminal."""

try:
    import langchain_core as _langchain_core  # noqa: F401  # only whether it is there
    import rich as _rich  # noqa: F401  # as above
except ImportError as error:
    from vs_core import MissingExtraError

    raise MissingExtraError.for_extra("the vs command", "cli", "langchain or rich") from error

from vs_cli.command import main

__all__ = ["main"]
