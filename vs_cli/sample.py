"""`vs sample`: ask once, and draw."""

from __future__ import annotations

import argparse
from typing import Any

from langchain_vs import VerbalizedSamplingRunnable
from vs_cli.errors import FailureError, calling_model
from vs_cli.models import ChosenModel
from vs_cli.reading import one_prompt
from vs_cli.setting_arguments import settings_in
from vs_cli.show import as_json, show_direct, show_distribution
from vs_cli.terminal import Terminal
from vs_cli.waiting import waiting_for
from vs_core import Candidate, VerbalizedDistribution, VSError
from vs_core.simulation import SIMULATION_NOTICE


def sample(asked: argparse.Namespace) -> None:
    """Run `vs sample`.

    Args:
        asked: The command line.

    Raises:
        MisuseError: Something was asked that cannot be done.
        pydantic.ValidationError: A setting is out of range.
        FailureError: The model call failed.
        VSError: The reply cannot be used.
    """
    prompt = one_prompt(asked.prompt)
    chosen = ChosenModel.of(asked)
    vs = _runnable(asked, chosen)
    errors = Terminal(stderr=True)
    if chosen.name is None:
        errors.say(SIMULATION_NOTICE)
    direct, failure = None, None
    with waiting_for(chosen.name, errors):
        with calling_model(chosen.without_secrets):
            distribution = vs.invoke(prompt)
        try:
            direct = _ask_directly(chosen, vs.llm, prompt, asked.direct)
        except (FailureError, VSError) as error:
            failure = error
    picked = _pick(distribution, asked.pick, asked.seed)
    terminal = Terminal()
    if asked.json:
        simulated = chosen.name is None
        terminal.print_document(as_json(prompt, distribution, picked, direct, simulated=simulated))
    else:
        # Written at once, so that `| head` has all of it before it ends.
        with terminal:
            show_distribution(terminal, distribution, picked)
            if direct:
                show_direct(terminal, direct)
    if failure:
        # Only now: the distribution has been paid for.
        raise failure


def _runnable(asked: argparse.Namespace, chosen: ChosenModel) -> VerbalizedSamplingRunnable:
    return VerbalizedSamplingRunnable(llm=chosen.model(asked.seed), **settings_in(asked))


def _ask_directly(chosen: ChosenModel, llm: Any, prompt: str, times: int) -> list[str] | None:
    if not times:
        return None
    with calling_model(chosen.without_secrets):
        return VerbalizedSamplingRunnable(llm=llm, method="direct", k=times).invoke(prompt).texts


def _pick(
    distribution: VerbalizedDistribution[Any], how: str, seed: int | None
) -> Candidate[Any] | None:
    if how == "best":
        return distribution.best()
    return distribution.sample(seed=seed) if how == "sample" else None
