"""The settings of `VerbalizedSamplingRetriever` but for those of its exchange. Pure: no I/O."""

from __future__ import annotations

from typing import Annotated, Any

from llama_index.core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, field_validator, model_validator
from typing_extensions import Self

from vs_core.adapters.retrieval import SearchSettings, normalised


class RetrieverSettings(SearchSettings):
    """How to search, with which retrievers, and how many nodes to return."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retrievers: tuple[BaseRetriever, ...] = Field(min_length=1)
    retriever_weights: tuple[Annotated[float, Field(ge=0.0, allow_inf_nan=False)], ...] | None
    similarity_top_k: int | None = Field(ge=1)
    num_workers: int = Field(ge=1)

    @field_validator("retrievers", mode="before")
    @classmethod
    def _one_is_several(cls, retrievers: Any) -> Any:
        return (retrievers,) if isinstance(retrievers, BaseRetriever) else retrievers

    @model_validator(mode="after")
    def _each_retriever_has_a_weight(self) -> Self:
        weights = self.retriever_weights
        if weights is not None and (len(weights) != len(self.retrievers) or not any(weights)):
            raise ValueError(
                f"retriever_weights has {list(weights)} for {len(self.retrievers)} retrievers: "
                "give each a number of 0 or more, and not 0 to all"
            )
        return self

    @property
    def retriever_shares(self) -> list[float]:
        """The weight of each retriever; they sum to 1."""
        return normalised(self.retriever_weights or [1.0] * len(self.retrievers))
