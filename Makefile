# Needs Python 3.11 or newer, pip, make and git; everything else is brought by the targets themselves.
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python

.PHONY: help demo test lint fmt lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8

demo: ## everything on this machine with invented patients; PORT=8100 moves it, Ctrl-C stops it
	@$(PYTHON) tools/bootstrap.py run
	@$(VENV_PYTHON) -m app demo

test: ## every check and every test
	@$(PYTHON) tools/bootstrap.py dev
	@$(VENV_PYTHON) tools/check.py test

lint: ## formatting, lint, types and the import contract
	@$(PYTHON) tools/bootstrap.py dev
	@$(VENV_PYTHON) tools/check.py lint

fmt: ## put the code into its format
	@$(PYTHON) tools/bootstrap.py dev
	@.venv/bin/ruff format --quiet .
	@.venv/bin/ruff check --quiet --fix .

lock: ## lock the packages that pyproject.toml asks for (LOCK=--upgrade: the newest of all)
	@$(PYTHON) tools/lock.py $(LOCK)

clean: ## remove the virtual environment and caches; var/ holds data and stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find app locales tests tools -name __pycache__ -prune -exec rm -rf {} +
