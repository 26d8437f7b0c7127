"""`LLMAroundAnother`: how a model that samples by itself is known."""

from __future__ import annotations

from typing import Any

from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import LLM
from pydantic import Field, field_validator

from llamaindex_vs.identity.identified_llm import IdentifiedLLM, refuse_dump


class LLMAroundAnother(FunctionCallingLLM):
    """A model around another one. Whoever samples asks the other one, not this.

    Attributes:
        llm: The other model; never one that is around another itself.
    """

    llm: IdentifiedLLM = Field(repr=False)

    @field_validator("llm", mode="before")
    @classmethod
    def _llm_is_the_model_itself(cls, llm: Any) -> Any:
        if not isinstance(refuse_dump(llm), LLM):
            raise ValueError(  # noqa: TRY004  # pydantic turns a ValueError into its own
                f"llm is of type {type(llm).__name__}: pass the LlamaIndex model to wrap. "
                "Settings.llm is never taken, as it may be this model itself"
            )
        return llm.llm if isinstance(llm, LLMAroundAnother) else llm
