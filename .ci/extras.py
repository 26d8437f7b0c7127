"""Install each extra alone in a fresh environment and use what it promises.

A LangChain user must never get LlamaIndex installed, nor the other way round; a package whose
extra is missing must say what to install. Without an extra, pydantic is all that is installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent

MISSING = """
import importlib.util
try:
    import {package}
except ImportError as error:
    assert "pip install 'verbalized-sampling-integrations[{extra}]'" in str(error), error
else:
    raise SystemExit("{package} imports without its extra")
"""
ABSENT = """
import importlib.util
for name in {names}:
    assert importlib.util.find_spec(name) is None, name + " is installed"
"""
ALONE = """
import re
from importlib.metadata import distributions
def plain(name):
    return re.sub("[-_.]+", "-", name).lower()
installed = {plain(found.name): found for found in distributions()}
brought, waiting = set(), {"pydantic"}
while waiting:
    brought |= waiting
    lines = [line for name in waiting for line in installed[name].requires or ()]
    named = {plain(re.match("[A-Za-z0-9._-]+", line)[0]) for line in lines if "extra" not in line}
    waiting = named & set(installed) - brought
others = set(installed) - brought - {"verbalized-sampling-integrations", "pip", "setuptools"}
assert not others, f"the base install brings more than pydantic: {sorted(others)}"
"""
CORE = """
from vs_core import parse_reply
assert parse_reply("<response><text>a</text><probability>1</probability></response>").texts == ["a"]
"""
LANGCHAIN = """
import importlib.util
from langchain_vs import SampleCandidate, SimulatedChatModel, VerbalizedSamplingRunnable
chain = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=1)) | SampleCandidate()
assert chain.invoke("Tell me a joke about coffee")
if importlib.util.find_spec("langchain_core.decisions"):
    from langchain_core.decisions import Noul
    from langchain_vs import VerbalizedDecisionModel
    asked = {"state": "My parcel is late!", "questions": {"urgent": Noul(instructions="Urgent?")}}
    answer = VerbalizedDecisionModel(SimulatedChatModel(seed=1)).invoke(asked)
    assert 0 < answer.nouls["urgent"].noul < 1
"""
LANGCHAIN_OPENAI = """
from langchain_openai import ChatOpenAI
from langchain_vs import VerbalizedSamplingRunnable
llm = ChatOpenAI(model="gpt-4o-mini", api_key="none")
assert VerbalizedSamplingRunnable(llm=llm, structured_output="function_calling").llm is llm
"""
LLAMAINDEX = """
import asyncio
import llamaindex_vs
from llamaindex_vs import SimulatedLLM, VerbalizedSampler
assert all(hasattr(llamaindex_vs, name) for name in llamaindex_vs.__all__)
sampler = VerbalizedSampler(llm=SimulatedLLM(seed=1), k=3)
assert len(sampler.run("Tell me a joke about coffee")) == 3
assert asyncio.run(sampler.arun("Tell me a joke about coffee")).sample().text
assert sum(len(chunk) for chunk in sampler.stream("Tell me a joke about coffee")) == 3
from llamaindex_vs import VerbalizedSelector
chosen = VerbalizedSelector(SimulatedLLM(seed=1)).select(["parcels", "beans"], "Parcels?")
assert abs(sum(chosen.probabilities.values()) - 1) < 1e-9
"""
LLAMAINDEX_OPENAI = """
from llama_index.llms.openai import OpenAI
from llamaindex_vs import VerbalizedSampler
llm = OpenAI(model="gpt-4o-mini", api_key="none")
assert VerbalizedSampler(llm=llm, structured_output="function_calling").llm is llm
"""
AGENTS = """
from langchain.agents import create_agent
from langchain_vs import SimulatedChatModel, VerbalizedSamplingMiddleware
agent = create_agent(SimulatedChatModel(seed=1), middleware=[VerbalizedSamplingMiddleware(k=3)])
assert agent.invoke({"messages": [("user", "Tell me a joke about coffee")]})["messages"][-1].content
"""
CLI = """
from pathlib import Path
from vs_cli import main
asked = ["compare", "Tell me a joke about coffee", "-n", "4", "-k", "2", "--out", "report"]
assert main(asked) == 0
assert "<svg" in Path("report/report.html").read_text(encoding="utf-8")
asked = ["generate", "Tell me a joke about coffee", "-n", "6", "--out", "jokes"]
assert main(asked) == 0
assert len(Path("jokes/data.jsonl").read_text(encoding="utf-8").splitlines()) == 6
assert "<svg" in Path("jokes/report.html").read_text(encoding="utf-8")
"""
WITHOUT_PARQUET = """
from vs_cli import main
assert main(["generate", "Flip a coin", "--parquet", "--out", "coins"]) == 2
"""
PARQUET = """
from pathlib import Path
from vs_cli import main
assert main(["generate", "Flip a coin", "-n", "2", "--parquet", "--out", "coins"]) == 0
assert Path("coins/data.parquet").read_bytes()[:4] == b"PAR1"
"""
EVAL = """
from vs_core.metrics import measure
texts = ["a cup of tea for two", "a mug of tea for two", "a cup of tea for two"] * 3
assert None not in measure(texts, embeddings=lambda texts: [[1.0] for _ in texts]).values()
from vs_core.calibration import calibrate
from vs_core.plots import plot_reliability
found = calibrate([{"tea": 0.9, "coffee": 0.1}] * 30, ["tea", "tea", "coffee"] * 10)
assert plot_reliability(found).axes and found.applied({"tea": 0.9, "coffee": 0.1})["tea"] < 0.7
"""
WITHOUT_GENERATE = """
from pathlib import Path
from vs_core import PromptSettings
from vs_core.adapters.journal import alone_in
def locked():
    with alone_in(Path("data"), name="vs generate"):
        raise SystemExit("a folder is locked without its extra")
for use in (locked, lambda: PromptSettings(value_schema={"type": "integer"})):
    try:
        use()
    except ImportError as error:
        assert "pip install 'verbalized-sampling-integrations[generate]'" in str(error), error
    else:
        raise SystemExit("something of an extra works without it")
"""
WITHOUT_EVAL = """
from vs_core.metrics import distinct_n, rouge_l
assert distinct_n(["a cup", "a mug"]) == 1.0
try:
    rouge_l(["a cup", "a mug"])
except ImportError as error:
    assert "pip install 'verbalized-sampling-integrations[eval]'" in str(error), error
else:
    raise SystemExit("rouge_l runs without its extra")
from vs_core.calibration import calibrate
try:
    calibrate([{"tea": 0.9, "coffee": 0.1}] * 30, ["tea", "tea", "coffee"] * 10)
except ImportError as error:
    assert "pip install 'verbalized-sampling-integrations[eval]'" in str(error), error
else:
    raise SystemExit("calibrate runs without its extra")
"""
GENERATE = """
from vs_core import Candidate
from vs_core.generation import Novelty
novelty = Novelty(embeds=True)
why = "Why do beans never gossip in a cafe? They would espresso too much!"
assert novelty.admit(Candidate(value=why), [1.0, 0.0]) is None
assert novelty.admit(Candidate(value=why.replace(" a ", " the ")), [0.0, 1.0]).how == "near"
assert novelty.admit(Candidate(value="Anything else"), [1.0, 0.0]).how == "meaning"
from pathlib import Path
from vs_core import PromptSettings, instruction
from vs_core.adapters.journal import alone_in
assert "age" in instruction(PromptSettings(value_schema={"properties": {"age": {"minimum": 1}}}))
with alone_in(Path("data"), name="vs generate"):
    assert Path("data").exists()
"""
WITHOUT_AGENTS = """
import langchain_vs
try:
    langchain_vs.VerbalizedSamplingMiddleware
except ImportError as error:
    assert "pip install 'verbalized-sampling-integrations[agents]'" in str(error), error
else:
    raise SystemExit("VerbalizedSamplingMiddleware is there without its extra")
"""
RAY = """
import asyncio
from vs_core import WorkerSetupError
from vs_core.generation import RayEngine
async def calls():
    async with RayEngine("no_such_package:calls"):
        raise SystemExit("something was made of nothing")
try:
    asyncio.run(calls())
except WorkerSetupError as error:
    assert "no_such_package" in str(error), error
"""
WITHOUT_RAY = """
import asyncio
from vs_core.generation import RayEngine
try:
    asyncio.run(RayEngine("no_such_package:calls").__aenter__())
except ImportError as error:
    assert "pip install 'verbalized-sampling-integrations[ray]'" in str(error), error
else:
    raise SystemExit("RayEngine runs without its extra")
"""
CHECKS = {
    "": (
        ALONE,
        CORE,
        WITHOUT_EVAL,
        WITHOUT_RAY,
        WITHOUT_GENERATE,
        MISSING.format(package="langchain_vs", extra="langchain"),
        MISSING.format(package="llamaindex_vs", extra="llamaindex"),
        MISSING.format(package="vs_cli", extra="cli"),
        ABSENT.format(names=["langchain_core", "llama_index", "numpy", "json_repair"]),
    ),
    "langchain": (
        CORE,
        LANGCHAIN,
        WITHOUT_AGENTS,
        MISSING.format(package="llamaindex_vs", extra="llamaindex"),
        ABSENT.format(names=["llama_index", "langchain"]),
    ),
    "llamaindex": (
        CORE,
        LLAMAINDEX,
        MISSING.format(package="langchain_vs", extra="langchain"),
        MISSING.format(package="vs_cli", extra="cli"),
        ABSENT.format(names=["langchain_core", "langchain", "langgraph"]),
    ),
    "langchain-openai": (LANGCHAIN, LANGCHAIN_OPENAI, ABSENT.format(names=["llama_index"])),
    "llamaindex-openai": (
        LLAMAINDEX,
        LLAMAINDEX_OPENAI,
        ABSENT.format(names=["langchain_core", "langchain"]),
    ),
    "agents": (AGENTS, ABSENT.format(names=["llama_index"])),
    "eval": (EVAL, ABSENT.format(names=["langchain_core", "llama_index", "scipy"])),
    "ray": (CORE, RAY, ABSENT.format(names=["langchain_core", "llama_index"])),
    "generate": (GENERATE, ABSENT.format(names=["langchain_core", "llama_index", "scipy"])),
    "cli": (LANGCHAIN, CLI, GENERATE, WITHOUT_PARQUET, ABSENT.format(names=["llama_index"])),
    "cli,parquet": (PARQUET,),
}


def check(extra: str, home: Path) -> None:
    """Install one extra (or none) into a fresh environment and run its checks there."""
    environment = home / (extra or "base")
    venv.create(environment, clear=True)
    python = environment / "bin" / "python"
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    install = [sys.argv[2], "pip", "install", "--quiet", "--python", python, target]
    subprocess.run(install, check=True)
    for code in CHECKS[extra]:
        # From elsewhere, so that what is imported is what was installed.
        subprocess.run([python, "-W", "error", "-c", code], check=True, cwd=environment)
    print(f"extra {extra or '(none)'}: ok", flush=True)
    shutil.rmtree(environment)


if __name__ == "__main__":
    home = Path(sys.argv[1]).resolve()
    home.mkdir(parents=True, exist_ok=True)
    for extra in CHECKS:
        check(extra, home)
