# make run: crawl, load and report what sources.toml names.  make test: everything that proves it.
# make check: style, types, SQL.  make bench: what the README promises, measured.  All on a bare machine with Python 3.11.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SQL := src/oshealth/warehouse warehouse/queries

.DEFAULT_GOAL := help
.PHONY: help run test check contract bench docs lock clean

help:
	@sed -n '1,2s/^# //p' Makefile | sed 's/  make /\nmake /g'

# Installed again whenever the lock or the project's settings change. Hashes are checked, and nothing outside the lock
# is fetched: the build backend is in it too.
$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "oshealth needs Python 3.11 or later; try make PYTHON=python3.11"; exit 1; }
	@echo "Installing into $(VENV): a minute or two …"
	@$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: $(VENV)/installed
	@$(BIN)/oshealth run

test: $(VENV)/installed
	@test -d ../shared/histories || echo "note: ../shared/histories is not here: the tests on real histories are skipped"
	@$(BIN)/pytest --quiet --numprocesses 2 --dist worksteal

check: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint $(SQL)

# What GitHub and GitLab publish of their interfaces, held against our queries and recorded answers. Needs npm and the
# network. Where gitlab.com cannot be reached: make contract GITLAB_SCHEMA=file, SDL or what an introspection told.
GITLAB_SCHEMA ?= .contract/gitlab.json

contract:
	npm install --silent --no-save --prefix .contract @octokit/graphql-schema@15 @octokit/openapi@23
	test -e $(GITLAB_SCHEMA) || curl --fail --silent --show-error --location --max-time 120 --output $(GITLAB_SCHEMA) \
		https://gitlab.com/-/graphql/introspection_result.json || true
	$(PYTHON) -m venv .contract/venv
	.contract/venv/bin/pip install --quiet "graphql-core>=3.2,<4" "jsonschema>=4,<5"
	.contract/venv/bin/python tools/contract.py .contract/node_modules $(GITLAB_SCHEMA)

bench: $(VENV)/installed
	@$(BIN)/python -m bench

docs: $(VENV)/installed
	$(BIN)/python tools/make_docs.py

# Names no index: whoever installs uses the one that their pip is configured for.
lock: $(VENV)/installed
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --extra dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache
