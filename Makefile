# 六关 Sixgate. `make run` and `make test` set up everything they need; every setting comes from the environment (PORT=8001 make run).
PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check install
LOCALE := src/sixgate/interfaces/web/locale/en/LC_MESSAGES/django
SCRATCH := DATABASE_URL=sqlite:///
FIT := SIXGATE_ENV=production DEBUG=0 ALLOWED_HOSTS=sixgate.example $(SCRATCH) SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')
JOBS ?= 2
ROUNDS ?= 200
KILLS := 20
export DJANGO_SETTINGS_MODULE := sixgate.settings

.PHONY: help run test test-sqlite test-postgres test-rest test-kills check bench soak nemesis clean port
.DELETE_ON_ERROR:

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-9s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: port .venv/run.stamp $(LOCALE).mo ## set up what is missing and serve on 127.0.0.1:8000 (PORT=…)
	@$(PY) scripts/assets.py
	@$(PY) scripts/prepare.py run
	@exec $(PY) scripts/serve.py

test: .venv/test.stamp $(LOCALE).mo ## run everything: unit, property, house, browser, integration and API fuzz on SQLite and PostgreSQL
	@$(PY) scripts/browser.py
	@$(PY) scripts/assets.py
	@$(PY) scripts/prepare.py static
	@echo "四轮测试，同时跑 $(JOBS) 轮，每轮结束后显示结果。Four rounds, $(JOBS) at a time; each is shown when it ends."
	@$(MAKE) --no-print-directory --keep-going --jobs=$(JOBS) --output-sync=target test-sqlite test-postgres test-rest test-kills

test-sqlite:
	$(PY) -m pytest tests/integration

test-postgres:
	$(PY) scripts/with_postgres.py $(PY) -m pytest tests/integration

test-rest:
	$(PY) -m pytest --ignore=tests/integration

test-kills:
	@cd tests && ../$(PY) -m nemesis --rounds $(KILLS)
	@cd tests && ../$(PY) ../scripts/with_postgres.py ../$(PY) -m nemesis --rounds $(KILLS)

check: .venv/test.stamp $(LOCALE).mo ## lint, types, walls, texts, migrations, a production start, the cases of the rules
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pyright
	.venv/bin/lint-imports
	$(PY) scripts/translations.py check
	@$(SCRATCH) $(PY) -m django makemigrations --check --dry-run
	@$(FIT) $(PY) -m django check --deploy --fail-level WARNING
	$(PY) -m sixgate.interfaces.cli rules check

bench: .venv/test.stamp $(LOCALE).mo ## run the benchmarks (NAMES="gate register") and print one JSON object
	@$(PY) scripts/assets.py
	@cd tests && ../$(PY) -m bench $(NAMES)

nemesis: .venv/test.stamp $(LOCALE).mo ## kill the service while people work, on SQLite and PostgreSQL, and see whether it kept its word (ROUNDS=200)
	@$(PY) scripts/assets.py
	@$(PY) scripts/prepare.py static
	@$(MAKE) --no-print-directory test-kills KILLS=$(ROUNDS)

soak: .venv/test.stamp $(LOCALE).mo ## try properties, the API and kills far longer (SIXGATE_PROPERTY_EXAMPLES, SIXGATE_FUZZ_EXAMPLES, ROUNDS)
	@$(PY) scripts/assets.py
	@$(PY) scripts/prepare.py static
	SIXGATE_PROPERTY_EXAMPLES=$${SIXGATE_PROPERTY_EXAMPLES:-5000} SIXGATE_FUZZ_EXAMPLES=$${SIXGATE_FUZZ_EXAMPLES:-200} $(PY) -m pytest tests/property tests/integration/test_api_fuzz.py
	@$(MAKE) --no-print-directory nemesis

clean: ## remove what was built and fetched; the data in var/ stay
	rm -rf .venv node_modules src/sixgate/interfaces/web/assets/vendor src/sixgate/engines/documents/fonts $(LOCALE).mo var/static var/static.stamp
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build src/sixgate.egg-info
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

port:
	@$(PYTHON) scripts/port.py

.venv/run.stamp: requirements/run.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更新版本，可写 PYTHON=python3.11。Python 3.11 or newer is needed: PYTHON=python3.11.")'
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(PIP) --require-hashes -r requirements/run.lock
	$(PIP) --no-deps --editable .
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements/test.lock
	$(PIP) --require-hashes -r requirements/test.lock
	@touch $@

$(LOCALE).mo: $(LOCALE).po .venv/run.stamp
	@$(PY) scripts/translations.py compile
