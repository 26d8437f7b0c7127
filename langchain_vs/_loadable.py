"""What `langchain_core.load` asks of a class."""

from __future__ import annotations


class Loadable:
    """A component that `dumps` writes and `loads` finds in this package.

    It serializes if all of its settings do. A function, a type, an embedding model, or any other
    setting that LangChain does not serialize is written as a `not_implemented` entry, which
    `loads` refuses.
    """

    @classmethod
    def is_lc_serializable(cls) -> bool:
        """Whether `dumps` may write it."""
        return True

    @classmethod
    def get_lc_namespace(cls) -> list[str]:
        """Where `loads` finds the class."""
        return ["langchain_vs"]
