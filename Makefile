# Everything runs in a virtual environment of its own; only Python (3.10 or newer) and make are needed.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTHON310 ?= python3.10
# Installs what is only checked, in a fraction of pip's time; pip has no way to ask for the lowest
# versions either.
UV := $(VENV)-uv/bin/uv
# The tests in as many processes as there are processors; one that is done takes over from others.
SIDE_BY_SIDE := --numprocesses auto --dist worksteal

# Tests start many processes, each of which would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test lint types format lowest python310 ray extras picture notebooks docs \
	bench bench-ray bench-real clean

help:
	@echo "make demo       set up and show verbalized sampling, with a simulated model and no key"
	@echo "make test       set up and run the whole test suite"
	@echo "make lint       check style and formatting"
	@echo "make types      check types"
	@echo "make lowest     run the suite on the oldest versions that pyproject.toml admits"
	@echo "make python310  run the LangChain part on Python 3.10, whose langchain-core is older"
	@echo "make ray        run the tests that need Ray, which is in no other environment"
	@echo "make extras     check that each extra works alone"
	@echo "make picture    draw the README's pictures again"
	@echo "make notebooks  execute the notebooks again, in place"
	@echo "make docs       build the documentation site into site/, warnings as errors"
	@echo "make bench      measure reader, components, retrieval, metrics, calibration, tuning, data sets, and draws from a cache"
	@echo "make bench-ray  measure calls and the removal of duplicates by Ray"
	@echo "make bench-real URL=http://127.0.0.1:8000/v1 MODEL=name"
	@echo "                compare the ways of asking on a model that you serve; resumable"
	@echo "make clean      remove the virtual environments and caches"

demo: $(VENV)/.demo-ready
	@$(BIN)/vs sample "Tell me a joke about coffee" --direct 5

test: $(VENV)/.dev-ready
	@$(BIN)/python .ci/versions.py
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

lint: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev-ready
	$(BIN)/mypy

format: $(VENV)/.dev-ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lowest: $(VENV)-lowest/.dev-ready
	@$(VENV)-lowest/bin/python .ci/versions.py
	$(VENV)-lowest/bin/python -m pytest $(SIDE_BY_SIDE)

# The newest langchain-core for Python 3.10 is a 1.7; later ones need 3.11.
python310: $(VENV)-python310/.dev-ready
	@$(VENV)-python310/bin/python .ci/versions.py
	$(VENV)-python310/bin/python -m pytest $(SIDE_BY_SIDE) tests/lc tests/wire \
		tests/test_scenarios.py tests/test_parity.py tests/test_retriever_parity.py langchain_vs

# One after another: each starts processes of its own, and four nodes fill a laptop.
ray: $(VENV)-ray/.dev-ready
	@$(VENV)-ray/bin/python .ci/versions.py ray
	$(VENV)-ray/bin/python -m pytest tests/ray

extras: $(UV)
	$(PYTHON) .ci/extras.py $(VENV)-extras $(UV)

picture: $(VENV)/.dev-ready
	$(BIN)/python docs/picture.py

notebooks: $(VENV)/.dev-ready
	$(BIN)/python notebooks/execute.py

# Not --quiet: MkDocs would then count no warning, and strict would mean nothing.
docs: $(VENV)-docs/.ready
	NO_MKDOCS_2_WARNING=1 $(VENV)-docs/bin/mkdocs build --strict
	@echo "built: site/index.html"

bench: $(VENV)/.dev-ready
	$(BIN)/python benchmarks/bench_reader.py
	PYTHONPATH=. $(BIN)/python benchmarks/bench_langchain.py
	PYTHONPATH=. $(BIN)/python benchmarks/bench_retrieval.py
	PYTHONPATH=. $(BIN)/python benchmarks/bench_metrics.py
	PYTHONPATH=. $(BIN)/python benchmarks/bench_novelty.py
	PYTHONPATH=. $(BIN)/python benchmarks/bench_unseen.py
	PYTHONPATH=. $(BIN)/python benchmarks/bench_calibration.py
	PYTHONPATH=. $(BIN)/python benchmarks/bench_tuning.py 100
	PYTHONPATH=. $(BIN)/python benchmarks/bench_generate.py
	PYTHONPATH=. $(BIN)/python benchmarks/cached_draws.py

bench-ray: $(VENV)-ray/.dev-ready
	PYTHONPATH=. $(VENV)-ray/bin/python benchmarks/bench_ray.py
	$(VENV)-ray/bin/python benchmarks/bench_duplicates.py

bench-real: $(VENV)/.dev-ready
	@test -n "$(URL)" -a -n "$(MODEL)" \
		|| { echo "say which model: make bench-real URL=http://127.0.0.1:8000/v1 MODEL=name"; exit 1; }
	PYTHONPATH=. $(BIN)/python benchmarks/real/record.py --url "$(URL)" --model "$(MODEL)" $(OPTIONS)

clean:
	rm -rf $(VENV) $(VENV)-uv $(VENV)-lowest $(VENV)-python310 $(VENV)-ray $(VENV)-extras $(VENV)-docs \
		.mypy_cache .pytest_cache .ruff_cache .hypothesis build dist site
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

$(UV):
	$(PYTHON) -m venv $(VENV)-uv
	$(VENV)-uv/bin/python -m pip install --quiet uv

# The site's tools read the code and need no framework.
$(VENV)-docs/.ready: pyproject.toml | $(UV)
	$(PYTHON) -m venv --without-pip $(VENV)-docs
	$(UV) pip install --quiet --compile-bytecode --python $(VENV)-docs/bin/python --editable '.[docs]'
	@touch $@

# Where pyenv is in use, it has to be told that this Python is meant.
$(VENV)-python310/.dev-ready: export PYENV_VERSION := 3.10
$(VENV)-python310/.dev-ready: pyproject.toml | $(UV)
	@$(PYTHON310) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' \
		|| { echo "Python 3.10 is needed: make PYTHON310=/path/to/python3.10"; exit 1; }
	$(PYTHON310) -m venv --without-pip $(VENV)-python310
	$(UV) pip install --quiet --compile-bytecode --python $(VENV)-python310/bin/python --editable '.[dev]'
	@touch $@

$(VENV)-ray/.dev-ready: pyproject.toml | $(UV)
	$(PYTHON) -m venv --without-pip $(VENV)-ray
	$(UV) pip install --quiet --compile-bytecode --python $(VENV)-ray/bin/python --editable '.[dev,ray]' 'ray[data]'
	@touch $@

$(VENV)-lowest/.dev-ready: pyproject.toml .ci/constraints.txt | $(UV)
	$(PYTHON) -m venv --without-pip $(VENV)-lowest
	$(UV) pip install --quiet --compile-bytecode --python $(VENV)-lowest/bin/python \
		--resolution lowest-direct --constraint .ci/constraints.txt --editable '.[dev]'
	@touch $@
