"""Verbalized sampling as LlamaIndex components."""

try:
    import llama_index.core as _llama_index_core  # noqa: F401  # only whether it is there
except ImportError as error:
    from vs_core import MissingExtraError

    raise MissingExtraError.for_extra("llamaindex_vs", "llamaindex", "llama-index-core") from error

__all__: list[str] = []
