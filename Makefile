# `make help` lists what there is. Python 3.11 to 3.13; another one: make run PYTHON=python3.12
PYTHON ?= $(or $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done),python3)
INSTALL = @command -v $(PYTHON) >/dev/null || { echo "Python 3.11, 3.12 or 3.13 is needed, but there is no $(PYTHON)."; exit 1; }; $(PYTHON) -m mvp_program.bootstrap
PY = .venv/bin/python
MAKEFLAGS += --no-print-directory
export PYTHONUNBUFFERED = 1
unexport PYTHONDONTWRITEBYTECODE  # compiled files halve the time in which each of our processes starts

run dev: export DEMO = 1
run: export DJANGO_SETTINGS_MODULE = mvp_program.settings.demo
lint test tests test-deep bench screenshots messages: export DJANGO_SETTINGS_MODULE = mvp_program.settings.test

.PHONY: help run dev test tests test-deep lint types bench screenshots messages

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name does; do printf '  make %-12s %s\n' "$$name" "$$does"; done

run: ## the site at http://127.0.0.1:8000 with its database and worker (PORT=, DATABASE_URL=)
	$(INSTALL) run && exec $(PY) manage.py run

dev: ## the same, starting again when a file changes
	$(INSTALL) run && exec $(PY) manage.py run --reload

test: ## lint, types, import contracts, unit, page and browser tests
	$(INSTALL) dev && $(PY) -m tests.browser.chromium && $(MAKE) lint && exec $(MAKE) -j 2 tests types

tests: # three at a time, also on two cores: one of them waits for its browser or its database
	exec $(PY) -m pytest -n 3 --dist worksteal -m "not deep"

test-deep: ## all tests, with larger examples, outside verifiers and drills
	$(INSTALL) dev && $(PY) -m tests.browser.chromium && $(MAKE) lint types && exec $(PY) -m pytest -n 2 --dist worksteal --hypothesis-profile=deep

lint: ## quick checks: format, style, import contracts, missing migrations
	$(INSTALL) dev && $(PY) -m ruff format --check . && $(PY) -m ruff check . && .venv/bin/lint-imports && $(PY) manage.py makemigrations --check --dry-run

types: ## mypy with Django's types
	$(INSTALL) dev && $(PY) -m mypy .

bench: ## the measured table
	$(INSTALL) dev && exec $(PY) -m tests.bench

screenshots: ## the pictures in docs/screenshots
	$(INSTALL) dev && exec $(PY) -m tests.screenshots

messages: ## find the texts to translate, compile locale/
	$(INSTALL) dev && exec $(PY) -m tests.messages
