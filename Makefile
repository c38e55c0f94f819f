# `make` lists the targets. Only python3 (3.11 or later) and make are needed; the rest is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run dev lint format test javascript trestle focus test-all test-slow hunt mutate bench bench-peers clients generated docs lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "%-12s %s\n", $$1, $$2}'

$(UV):
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Remit needs Python 3.11 or later, this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(STAMP): requirements.lock pyproject.toml | $(UV)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(STAMP) | $(UV)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

run: $(STAMP) ## set everything up and serve; ARGS="--port 8000" for options
	$(BIN)/remit serve $(ARGS)

dev: $(DEV_STAMP) ## set up the environment with everything tests and checks need

lint: $(DEV_STAMP) ## format, style, types, import contracts: seconds
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/basedpyright

format: $(DEV_STAMP) ## put the code into the house's form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: $(DEV_STAMP) ## the tests, without those that need PostgreSQL, Node.js, trestle or the FOCUS validator and without the slow ones
	$(BIN)/pytest -m "not postgres and not javascript and not trestle and not focus and not slow" $(ARGS)

javascript: ## install the AWS SDK for JavaScript, for its tests; needs Node.js
	npm ci --prefix tests/conformance/javascript --no-audit --no-fund

trestle: $(DEV_STAMP) ## install compliance-trestle, for its tests, beside our own environment
	$(UV) venv --quiet --clear --python $(BIN)/python $(VENV)/trestle
	$(UV) pip install --quiet --python $(VENV)/trestle/bin/python compliance-trestle==5.2.0

# It needs the older multimethod that it does not ask for.
focus: $(DEV_STAMP) ## install the FOCUS project's validator, for its test, beside our own environment
	$(UV) venv --quiet --clear --python $(BIN)/python $(VENV)/focus
	$(UV) pip install --quiet --python $(VENV)/focus/bin/python focus-validator==1.0.0 "multimethod<2"

test-all: $(DEV_STAMP) javascript trestle focus ## every test but the slow ones; needs Node.js, starts a PostgreSQL server of its own
	$(BIN)/pytest -m "not slow" $(ARGS)

test-slow: $(DEV_STAMP) ## the slow tests: 200 killed writers, 100,000 hostile requests; minutes each
	HYPOTHESIS_PROFILE=ci $(BIN)/pytest -m slow $(ARGS)

hunt: $(DEV_STAMP) ## policies that a backend answers wrongly, written as cases; ARGS="--minutes 60"
	PYTHONPATH=tests $(BIN)/python -m policy.hunting $(ARGS)

mutate: $(DEV_STAMP) ## mutants of the policy engine that no test notices; an hour
	$(UV) pip install --quiet --python $(BIN)/python mutmut==3.8.1
	$(BIN)/mutmut run --max-children 2 $(ARGS)
	$(BIN)/mutmut results

bench: $(DEV_STAMP) ## the figures of benchmarks/README.md, moto beside them
	$(BIN)/python benchmarks/endpoint.py $(ARGS)
	$(BIN)/python benchmarks/signature.py
	$(BIN)/python benchmarks/passwords.py
	$(BIN)/python benchmarks/store.py
	$(BIN)/python benchmarks/accounts.py
	$(BIN)/python benchmarks/authorization_details.py
	$(BIN)/python benchmarks/pdf.py
	$(BIN)/python benchmarks/compliance.py
	$(BIN)/python benchmarks/evidence.py
	$(BIN)/python benchmarks/learning.py
	$(BIN)/python benchmarks/billing.py
	$(BIN)/python benchmarks/billing_month.py

bench-peers: $(DEV_STAMP) ## right answers and time of other policy evaluators; ARGS="--workload FILE"
	$(UV) pip install --quiet --python $(BIN)/python cedarpy==4.12.2 principalmapper==1.1.5
	$(BIN)/python benchmarks/policy_peers.py $(ARGS)

clients: $(DEV_STAMP) ## third-party tools on a served account, installed below .clients/: docs/clients.md; minutes
	$(BIN)/python tools/clients.py $(ARGS)

generated: $(DEV_STAMP) ## write every generated file again; nothing may change
	$(BIN)/python tools/generate.py
	git diff --exit-code

docs: $(DEV_STAMP) ## write the generated tables of the documentation
	$(BIN)/python tools/documentation.py

lock: | $(UV) ## choose versions anew within pyproject.toml's bounds
	$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --python-version 3.11 --extra bulk --extra pdf --extra postgres pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --python-version 3.11 --extra bulk --extra pdf --extra postgres --group dev pyproject.toml -o requirements-dev.lock

clean: ## remove what was installed and cached
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .pytest_cache .benchmarks .import_linter_cache
