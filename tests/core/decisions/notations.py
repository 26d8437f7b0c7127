"""The notations in which labels and their numbers are written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

Stated = Mapping[str, Mapping[str, int]]
"""For each question the percentages of its labels."""


def share(percent: int) -> str:
    return f"{percent / 100:.2f}"


def as_form(said: Stated) -> str:
    return json.dumps(
        {
            name: [{"label": label, "probability": p / 100} for label, p in numbers.items()]
            for name, numbers in said.items()
        }
    )


def as_mapping(said: Stated) -> str:
    return json.dumps({n: {x: p / 100 for x, p in each.items()} for n, each in said.items()})


def as_objects(said: Stated) -> str:
    return "\n".join(
        json.dumps({"question": name, "label": label, "probability": share(p)})
        for name, numbers in said.items()
        for label, p in numbers.items()
    )


def as_lists(said: Stated) -> str:
    return "\n\n".join(
        "\n".join([f"**{name}**", *(f"- {x}: {share(p)}" for x, p in numbers.items())])
        for name, numbers in said.items()
    )


def as_percentages(said: Stated) -> str:
    return "\n".join(
        "\n".join(
            [f"### {name}", *(f"{n}. {x} ({p}%)" for n, (x, p) in enumerate(each.items(), 1))]
        )
        for name, each in said.items()
    )


def as_lines(said: Stated) -> str:
    return "\n".join(
        f"{name}: " + ", ".join(f"{label} ({share(p)})" for label, p in numbers.items())
        for name, numbers in said.items()
    )


def as_conditions(said: Stated) -> str:
    return "\n".join(
        f"P({name} = {label}) = {share(p)}"
        for name, numbers in said.items()
        for label, p in numbers.items()
    )


def as_table(said: Stated) -> str:
    rows = [
        f"| {name} | {label} | {p}% |" for name, each in said.items() for label, p in each.items()
    ]
    return "\n".join(["| Question | Label | Probability |", "|---|---|---|", *rows])


def as_tables(said: Stated) -> str:
    return "\n\n".join(
        f"{name}\n\n| {' | '.join(each)} |\n|{'---|' * len(each)}\n"
        f"| {' | '.join(map(share, each.values()))} |"
        for name, each in said.items()
    )


def as_tags(said: Stated) -> str:
    return "\n".join(
        f"<{name}>"
        + "".join(
            f"<label>{label}</label><probability>{share(p)}</probability>"
            for label, p in numbers.items()
        )
        + f"</{name}>"
        for name, numbers in said.items()
    )


def as_attributes(said: Stated) -> str:
    return "\n".join(
        f'<question name="{name}">\n'
        + "\n".join(f'<answer label="{x}" probability="{share(p)}"/>' for x, p in each.items())
        + "\n</question>"
        for name, each in said.items()
    )


def as_yaml(said: Stated) -> str:
    return "\n".join(
        "\n".join([f"{name}:", *(f"  {label}: {share(p)}" for label, p in numbers.items())])
        for name, numbers in said.items()
    )


NOTATIONS: list[Callable[[Stated], str]] = [
    *(as_form, as_mapping, as_objects, as_lists, as_percentages, as_lines, as_conditions),
    *(as_table, as_tables, as_tags, as_attributes, as_yaml),
]
