# Every target is one or two plain commands; README has the same lines for Windows, where there is no make.
PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
LOCK := $(BIN)/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run dev demo test test-faults bench coverage check quick lock migrations openapi docs clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.ok ## Start the server on PORT (8000), data in DATA_DIR (var/)
	@exec $(PY) manage.py serve

dev: .venv/dev.ok ## Start it with DEBUG and a restart at every change of the code
	@exec $(PY) manage.py serve --reload

demo: .venv/run.ok ## Fill the database with a small company's projects
	@exec $(PY) manage.py demo

test: .venv/dev.ok ## Checks, then the suite on each database that answers; T=path runs one file on TEST_DB
	@exec $(PY) -m tests.run $(T)

test-faults: .venv/dev.ok ## Kill each part under load, a minute each (FAULT_SECONDS), and count what came of it
	@FAULT_SECONDS=$${FAULT_SECONDS:-60} exec $(PY) -m pytest -q -p no:randomly tests/faults

bench: .venv/dev.ok ## Measure beside two other servers (needs wrk and PostgreSQL); ARGS=--quick rehearses, see bench/README.md
	@exec $(PY) -m bench.side_by_side $(ARGS)

coverage: .venv/dev.ok ## The suite on SQLite with branch coverage, HTML in htmlcov/; fails under 90 %
	$(BIN)/coverage erase
	$(PY) -m pytest -q -n 2 --ignore=tests/faults --cov --cov-branch --cov-report=html --cov-report=term

check: .venv/dev.ok ## Linters, types, layers, migrations, generated documents
	@exec $(PY) -m tests.check

quick: .venv/dev.ok ## The quick half of check, as before a commit
	@exec $(PY) -m tests.check --quick

migrations: .venv/dev.ok ## Write the migrations that the models need
	$(PY) manage.py makemigrations

docs: .venv/dev.ok ## Write the generated documents: settings, events, problem codes, OpenAPI
	$(PY) manage.py write_docs

lock: .venv/dev.ok ## Renew requirements/*.txt from pyproject.toml, with hashes
	$(LOCK) --group build -o requirements/base.txt
	$(LOCK) --group build --all-extras -c requirements/base.txt -o requirements/all.txt
	$(LOCK) --group build --group dev --all-extras -c requirements/all.txt -o requirements/dev.txt

clean: ## Remove the environment and what tools leave behind, not your data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache htmlcov build src/*.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name yours, for example: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run.ok: requirements/all.txt pyproject.toml | .venv/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/all.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/dev.ok: requirements/dev.txt pyproject.toml | .venv/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch .venv/run.ok $@
