"""What every step on a distribution has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from itertools import count
from typing import Annotated, Any, TypeVar

from langchain_core.callbacks import (
    AsyncCallbackManagerForChainRun,
    CallbackManagerForChainRun,
)
from langchain_core.runnables import Runnable, RunnableConfig, RunnableSerializable
from langchain_core.runnables.base import coerce_to_runnable
from langchain_core.runnables.utils import ConfigurableFieldSpec, get_unique_config_specs
from pydantic import BeforeValidator, ConfigDict

from langchain_vs._leading import LeadingSettings
from langchain_vs._loadable import Loadable
from vs_core import PromptError, VerbalizedDistribution

Output = TypeVar("Output")


def _as_runnable(given: Any) -> Runnable[Any, Any]:
    try:
        as_runnable: Runnable[Any, Any] = coerce_to_runnable(given)
    except TypeError as error:
        raise ValueError(f"{given!r:.80} is neither a Runnable nor a function") from error
    return as_runnable


AnyRunnable = Annotated[Runnable[Any, Any], BeforeValidator(_as_runnable)]
"""A setting that takes a Runnable or a function."""


class DistributionStep(
    LeadingSettings,
    Loadable,
    RunnableSerializable[VerbalizedDistribution[Any], Output],
    ABC,
):
    """A step that takes a distribution; subclasses say in `_apply` what they make of it."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    @property
    def InputType(self) -> type[VerbalizedDistribution[Any]]:  # noqa: N802  # LangChain's name
        """A distribution."""
        return VerbalizedDistribution

    @property
    def config_specs(self) -> list[ConfigurableFieldSpec]:
        """What can be configured at run time, the fields of inner Runnables included."""
        settings = (getattr(self, name) for name in type(self).model_fields)
        inner = [spec for s in settings if isinstance(s, Runnable) for spec in s.config_specs]
        return get_unique_config_specs([*super().config_specs, *inner])

    def invoke(
        self,
        input: VerbalizedDistribution[Any],
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Output:
        """Apply the step.

        Args:
            input: The distribution.
            config: As for any Runnable.
            **kwargs: Passed on.
        """
        return self._call_with_config(self._checked, input, config, **kwargs)

    async def ainvoke(
        self,
        input: VerbalizedDistribution[Any],
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Output:
        """As `invoke`, without blocking."""
        return await self._acall_with_config(self._achecked, input, config, **kwargs)

    @abstractmethod
    def _apply(self, distribution: VerbalizedDistribution[Any], config: RunnableConfig) -> Output:
        """What the step makes of a distribution."""

    async def _aapply(
        self, distribution: VerbalizedDistribution[Any], config: RunnableConfig
    ) -> Output:
        return self._apply(distribution, config)

    def _checked(
        self, distribution: Any, run_manager: CallbackManagerForChainRun, config: RunnableConfig
    ) -> Output:
        return self._apply(_required(distribution, self), config)

    async def _achecked(
        self,
        distribution: Any,
        run_manager: AsyncCallbackManagerForChainRun,
        config: RunnableConfig,
    ) -> Output:
        return await self._aapply(_required(distribution, self), config)


def keep(
    distribution: VerbalizedDistribution[Any], positions: Collection[int]
) -> VerbalizedDistribution[Any]:
    """The candidates at these positions, in the model's order, renormalised."""
    places = count()
    return distribution.filter(lambda _: next(places) in positions)


def _required(received: Any, step: DistributionStep[Any]) -> VerbalizedDistribution[Any]:
    if isinstance(received, VerbalizedDistribution):
        return received
    raise PromptError(
        f"{type(step).__name__} got {type(received).__name__}: it goes behind "
        "VerbalizedSamplingRunnable or VerbalizedSamplingOutputParser, which give distributions"
    )
