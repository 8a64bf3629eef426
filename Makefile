# 六关 Sixgate. `make run` and `make test` set up everything they need.
PYTHON ?= python3
PY := .venv/bin/python
export DJANGO_SETTINGS_MODULE := sixgate.settings

.PHONY: help run test check setup-run setup-test prepare
help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/run.stamp: requirements/run.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Sixgate 需要 Python 3.11 或更新版本。Python 3.11 or newer is needed.")'
	@test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements/test.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.lock
	@touch $@

prepare: .venv/run.stamp
	@$(PY) scripts/assets.py
	@mkdir -p var
	@$(PY) scripts/translations.py compile
	@$(PY) -m django collectstatic --noinput --verbosity 0

run: prepare ## set up and serve on 127.0.0.1:$$PORT (8000)
	@$(PY) -m django migrate --verbosity 0
	@$(PY) -m sixgate.interfaces.cli demo load --json > var/demo.json 2>&1 || true
	@$(PY) scripts/serve.py

check: .venv/test.stamp ## lint, types, walls
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m sixgate.interfaces.cli rules check

test: .venv/test.stamp prepare ## run everything: unit, property, house, integration on SQLite and PostgreSQL
	$(PY) -m pytest
	$(PY) scripts/with_postgres.py $(PY) -m pytest tests/integration
