# Two commands: `make run` serves the application with demo data, `make test` tests it. Both set up what they need.
SHELL := /bin/bash
PORT ?= 8000
CASES ?= 338
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUNBUFFERED := 1

.PHONY: setup setup-test services run test check types contracts unit drills drills-firefox bench bench-statistics bench-coverage bench-drawing screenshots screenshots-reading clean

setup: $(VENV)/.ready

# what is never imported need not be compiled: half the time of an installation
$(VENV)/.ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	@$(PYTHON) -m venv $(VENV) || { echo "The module venv is missing: apt-get install python3-venv"; exit 1; }
	@echo "Installing requirements (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements.txt
	@touch $@

setup-test: $(VENV)/.ready-test node_modules/.ready services

$(VENV)/.ready-test: requirements-test.txt $(VENV)/.ready
	@echo "Installing test requirements (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-test.txt
	@touch $@

node_modules/.ready: package.json package-lock.json | services
	@npm ci --silent --no-audit --no-fund
	@touch $@

services:
	@scripts/test-services

run: setup
	@exec $(BIN)/python manage.py serve --port $(PORT) --cases $(CASES) --data "$(DATA)"

# what can go side by side does; a check that fails ends it before the tests begin
test:
	@$(MAKE) --no-print-directory -j2 setup-test
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory unit

check: setup-test
	@$(MAKE) --no-print-directory -j2 types contracts

types:
	$(BIN)/mypy lymphus_web readers annotations

contracts:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	npx tsc -p tsconfig.json
	$(BIN)/lint-imports --no-cache
	$(BIN)/python manage.py makemigrations --check --dry-run
	node --test --test-reporter=dot tests/js/

# PostgreSQL for all; then the main job, the races and the job rows once more on SQLite
unit: setup-test
	$(BIN)/python -m tests.with_services --redis $(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow_drill"
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "both_databases and not slow_drill"

drills: setup-test
	$(BIN)/python -m tests.with_services --redis $(BIN)/python -m pytest -m "drill or slow_drill"

# the reading page in Firefox beside Chromium; installs firefox-esr, which `make test` does without
drills-firefox: setup-test
	@scripts/test-services firefox-esr
	$(BIN)/python -m pytest tests/drills/test_firefox_drills.py

bench-statistics: setup-test
	$(BIN)/python bench/statistics.py --write

bench-coverage: setup-test
	$(BIN)/python bench/coverage.py --write

bench: setup-test
	$(BIN)/python -m tests.with_services $(BIN)/python bench/end_to_end.py

bench-drawing: setup-test
	$(BIN)/python bench/drawing.py

clean:
	rm -rf $(VENV) node_modules var

# pictures of every page, of demo data only
screenshots: setup-test
	LYMPHUS_SCREENSHOTS=docs/screenshots LYMPHUS_SCREENSHOT_CASES=40 $(BIN)/python -m pytest tests/e2e/test_main_job.py

# every state of the reading page, dark and light, at three sizes (docs/reading.md shows them)
screenshots-reading: setup-test
	LYMPHUS_STATES=docs/screenshots/reading $(BIN)/python -m pytest tests/states
