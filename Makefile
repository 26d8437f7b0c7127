# Everything runs in a virtual environment of its own; only Python (3.10 or newer) and make are needed.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help demo test lint types format lowest extras picture bench clean

help:
	@echo "make demo     set up and show verbalized sampling, with a simulated model and no key"
	@echo "make test     set up and run the whole test suite"
	@echo "make lint     check style and formatting"
	@echo "make types    check types"
	@echo "make lowest   run the suite on the oldest versions that pyproject.toml admits"
	@echo "make extras   check that each extra works alone"
	@echo "make picture  draw the README's picture again"
	@echo "make bench    measure the reader, the LangChain components and retrieval beside their peers"
	@echo "make clean    remove the virtual environments and caches"

demo: $(VENV)/.demo-ready
	@$(BIN)/vs sample "Tell me a joke about coffee" --direct 5

test: $(VENV)/.dev-ready
	$(BIN)/python -m pytest

lint: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev-ready
	$(BIN)/mypy

format: $(VENV)/.dev-ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lowest: $(VENV)-lowest/.dev-ready
	$(VENV)-lowest/bin/python -m pytest

extras:
	$(PYTHON) .ci/extras.py $(VENV)-extras

picture: $(VENV)/.dev-ready
	$(BIN)/python docs/picture.py

bench: $(VENV)/.dev-ready
	$(BIN)/python benchmarks/bench_reader.py
	PYTHONPATH=. $(BIN)/python benchmarks/bench_langchain.py
	PYTHONPATH=. $(BIN)/python benchmarks/bench_retrieval.py

clean:
	rm -rf $(VENV) $(VENV)-lowest $(VENV)-extras .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
		|| { echo "Python 3.10 or newer is needed: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The demo needs a fraction of what the tests need, and should start soon.
$(VENV)/.demo-ready: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[cli]'
	@touch $@

$(VENV)/.dev-ready: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/.demo-ready

# pip has no way to ask for the lowest versions; uv has.
$(VENV)-lowest/.dev-ready: pyproject.toml .ci/constraints.txt
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/python -m pip install --quiet uv
	$(VENV)-lowest/bin/uv pip install --quiet --python $(VENV)-lowest/bin/python \
		--resolution lowest-direct --constraint .ci/constraints.txt --editable '.[dev]'
	@touch $@
