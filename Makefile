# TNW: `make help` lists what can be done. A Python 3.11 or 3.12 with venv is all that has to be there.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help env demo demo-reset test lint format bench shell screenshots messages openapi machines rules lock

PYTHON ?=
SIZE ?= 100000
GB ?= 2
export PYTHON

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: ## Make or update the environment (.venv) from the lock
	@scripts/environment.sh

demo: env ## Start the demo: servers, data, web, worker and beat; Ctrl-C stops all of it
	@exec .venv/bin/python manage.py demo

demo-reset: env ## Start the demo anew, without what was in it
	@.venv/bin/python -m tnw.core.embedded remove
	@exec .venv/bin/python manage.py demo

test: env ## Run every check and every test; the first check that fails ends it
	@scripts/static.sh
	@scripts/tests.sh $(ARGS)

lint: env ## Run the checks that need no test: format, lint, types, floors, migrations, translations
	@scripts/static.sh

format: env ## Put code and templates in form
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .
	@.venv/bin/djlint templates --reformat --quiet

bench: env ## Measure against the floors of the machine (SIZE=100000 dossiers; GB=0 without the large file)
	@SIZE=$(SIZE) GB=$(GB) .venv/bin/python -m benchmarks.run

shell: env ## Django's shell, on the demo's data
	@exec .venv/bin/python manage.py shell

screenshots: env ## The gallery of the README, of the demo that runs (TNW_ADDRESS=http://localhost:8000)
	@TNW_CHROMIUM=$$(scripts/chromium.sh) && export TNW_CHROMIUM && .venv/bin/python -m tests.browser.screenshots

messages: env ## Bring the catalogues of translations up to date, and compile them
	@.venv/bin/python manage.py messages

openapi: env ## Write the OpenAPI document of the API from the code
	@.venv/bin/python manage.py openapi

machines: env ## Draw the state machines into docs/machines, from the code
	@.venv/bin/python manage.py draw_machines

rules: env ## List the tests of each rule of the domain; fails where a rule has none
	@.venv/bin/python scripts/rules.py

lock: env ## Resolve the requirements again (FLAGS=--upgrade for newer ones)
	@scripts/lock.sh $(FLAGS)
