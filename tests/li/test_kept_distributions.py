"""LlamaIndex keeps no replies of a model: a distribution is what can be kept."""

from __future__ import annotations

from pathlib import Path

from llamaindex_vs import VerbalizedSampler
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, xml
from vs_core import VerbalizedDistribution


def test_the_same_question_is_asked_again() -> None:
    llm = ScriptedLLM(script=[xml("a", "b"), xml("c", "d")])
    sampler = VerbalizedSampler(llm=llm, k=2)
    assert [sampler.run(QUESTION).texts for _ in range(2)] == [["a", "b"], ["c", "d"]]
    assert len(llm.calls) == 2


def test_a_distribution_in_a_file_serves_many_draws(tmp_path: Path) -> None:
    llm = ScriptedLLM(script=[xml("a", "b")])
    kept = tmp_path / "kept.json"
    kept.write_text(VerbalizedSampler(llm=llm, k=2).run(QUESTION).model_dump_json(), "utf-8")
    drawn = {
        VerbalizedDistribution[str].model_validate_json(kept.read_text("utf-8")).sample().text
        for _ in range(60)
    }
    assert (drawn, len(llm.calls)) == ({"a", "b"}, 1)
