# The recipes; CI and pre-commit call these and nothing else.
.DEFAULT_GOAL := help
PYTHON ?= python3
PY := .venv/bin/python
BIN := .venv/bin

.PHONY: help setup run test test-all check fix migrate policy messages guide bench clean

help: ## list the recipes
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

setup: ## build the environment: .venv, front-end packages, translations
	@$(PYTHON) tools/setup.py

run: setup ## set up, load the Ningde demonstration and serve it with its worker
	@$(PY) manage.py demo

test: setup ## set up and run the tests on SQLite
	@$(PY) -m pytest -n auto -m "not browser"

test-all: setup ## the tests on SQLite and PostgreSQL, then the browser journeys
	@$(PY) -m pytest -n auto -m "not browser"
	@WAYSTATION_DATABASE_URL=$${WAYSTATION_TEST_PG:-postgres://postgres@127.0.0.1:5432/postgres} $(PY) -m pytest -n auto -m "not browser"
	@$(PY) -m pytest -m browser

check: ## format, lint, import contracts, migrations, translations, lock file
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py messages --check
	@$(PY) tools/templates.py --check
	@$(BIN)/uv lock --check --quiet

fix: ## format and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(PY) tools/templates.py

migrate: setup ## bring the database up to date
	@$(PY) manage.py migrate

policy: setup ## write docs/policy.md and tests/matrix.csv from the code
	@$(PY) manage.py print_policy --write
	@WAYSTATION_WRITE_MATRIX=1 $(PY) -m pytest -q -n 0 -p no:randomly tests/test_matrix.py

messages: setup ## bring the message catalogues up to date and compile them
	@$(PY) manage.py messages

guide: setup ## take the pictures of the user guide from the demonstration
	@$(PY) tools/screenshots.py

bench: setup ## measure and write docs/performance.md
	@$(PY) -m bench.all

clean: ## remove what set-up and the demonstration made
	@rm -rf .venv node_modules var build
