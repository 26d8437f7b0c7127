"""`VerbalizedQueryBundle`: a query and the distribution that a model wrote for it."""

from __future__ import annotations

import dataclasses
from functools import cache
from types import new_class
from typing import Any

from dataclasses_json import config
from llama_index.core.schema import QueryBundle

from vs_core import VerbalizedDistribution

Distribution = VerbalizedDistribution[Any]


def _to_json(distribution: Distribution) -> dict[str, Any]:
    return distribution.model_dump(mode="json")


@dataclasses.dataclass
class VerbalizedQueryBundle(QueryBundle):
    """A query bundle that carries what a model wrote for the query.

    Whatever takes a query bundle takes it. It travels with the query, so that queries which run at
    the same time do not see each other's; retrievers may write their embedding into it, as into
    any other bundle.

    Attributes:
        distribution: The rewrites or hypothetical answers; empty if there are none, and then the
            notes of its trace say why.

    Example:
        >>> from llamaindex_vs import VerbalizedQueryBundle
        >>> from vs_core import parse_reply
        >>> rewrites = parse_reply('{"python snake": 0.6, "python language": 0.2}')
        >>> bundle = VerbalizedQueryBundle("python", distribution=rewrites)
        >>> bundle.query_str, bundle.distribution.best().text
        ('python', 'python snake')
        >>> VerbalizedQueryBundle.from_json(bundle.to_json()) == bundle
        True
    """

    distribution: Distribution = dataclasses.field(
        default_factory=VerbalizedDistribution,
        metadata=config(encoder=_to_json, decoder=VerbalizedDistribution.model_validate),
    )


def verbalized(bundle: QueryBundle, **changes: Any) -> VerbalizedQueryBundle:
    """A copy with some fields changed, which carries a distribution beside all other fields.

    `dataclasses.replace` keeps the class of its argument, and a `QueryBundle` has no room for a
    distribution. So this copies into `VerbalizedQueryBundle`, or, for a subclass of `QueryBundle`
    with fields of its own, into a class that is both.

    Args:
        bundle: The bundle; it is left as it is.
        **changes: Fields and their new values.
    """
    if isinstance(bundle, VerbalizedQueryBundle):
        return dataclasses.replace(bundle, **changes)
    carried = {
        field.name: getattr(bundle, field.name)
        for field in dataclasses.fields(bundle)
        if field.init
    }
    return _carrying(type(bundle))(**{**carried, **changes})


@cache
def _carrying(kind: type[QueryBundle]) -> type[VerbalizedQueryBundle]:
    if kind is QueryBundle:
        return VerbalizedQueryBundle

    def reduce(bundle: VerbalizedQueryBundle) -> tuple[object, ...]:
        # Pickle looks classes up by name, and this one stands in no module.
        return _blank, (kind,), vars(bundle)

    made = new_class(
        f"Verbalized{kind.__name__}",
        (VerbalizedQueryBundle, kind),
        exec_body=lambda body: body.update(__doc__=kind.__doc__, __reduce__=reduce),
    )
    return dataclasses.dataclass(made)


def _blank(kind: type[QueryBundle]) -> VerbalizedQueryBundle:
    made = _carrying(kind)
    return made.__new__(made)
