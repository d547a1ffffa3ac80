# The words to work with: run test check fix bench package deploy

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash

PYTHON := $(firstword $(shell command -v python3.11 python3))
VENV := .local/venv
BIN := $(VENV)/bin
TOOLS := .local/tools
PORT ?= 8400

VENV_READY := $(VENV)/.ready
TOOLS_READY := $(TOOLS)/.ready
WEB_READY := web/node_modules/.ready
PAGE := web/dist/index.html
PAGE_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)

.PHONY: help
help: ## These words
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | column -t -s '|'

# Environments, each made once and again when its list changes.

.PHONY: python
python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if v >= (3, 11) else "Python 3.11 or later is needed, this is %d.%d" % v)'

$(VENV_READY): requirements.txt requirements-dev.txt | python
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(TOOLS_READY): local/requirements.txt | python
	@test -x $(TOOLS)/bin/python || $(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check -r local/requirements.txt
	@touch $@

$(WEB_READY): web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

$(PAGE): $(WEB_READY) $(PAGE_SOURCES)
	cd web && npm run build
	@touch $@

.PHONY: venv tools web chromium
venv: $(VENV_READY)
tools: $(TOOLS_READY)
web: $(PAGE)
chromium:
	@local/chromium

# Work.

.PHONY: run
run: $(VENV_READY) $(TOOLS_READY) $(PAGE) ## The whole stack on this machine; PORT=8400, RESET=1 begins anew
	@exec $(BIN)/python -m local.run --port $(PORT) $(if $(RESET),--reset) $(if $(AUTH),--auth)

.PHONY: test
test: $(VENV_READY) $(TOOLS_READY) $(PAGE) chromium ## Every test, the cheap ones first
	$(BIN)/pytest -n 2 --ignore=tests/e2e tests
	cd web && npm test
	$(BIN)/pytest -n 2 --dist loadfile tests/e2e

.PHONY: check check-python check-types check-template check-page
check: check-python check-types check-template check-page ## Style, types, layers, template, contracts; with -j2 in half the time
check-python: $(VENV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
check-types: $(VENV_READY)
	$(BIN)/mypy
check-template: $(VENV_READY)
	$(BIN)/python -m infra.package
	$(BIN)/cfn-lint --template .local/package/template.json
	$(BIN)/python -m infra.contracts --check
check-page: $(WEB_READY)
	cd web && npm run check

.PHONY: fix
fix: $(VENV_READY) $(WEB_READY) ## What can be put right without thinking
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	cd web && npx biome check --write .

.PHONY: bench
bench: $(VENV_READY) $(TOOLS_READY) $(PAGE) chromium ## Budgets and latency, beside their floor
	$(BIN)/python -m bench

.PHONY: package
package: $(VENV_READY) ## The zip and the template, in .local/package
	@$(BIN)/python -m infra.package

.PHONY: deploy
deploy: $(VENV_READY) $(PAGE) ## One agency's stack on AWS; AGENCY=x REGION= ADMIN_EMAIL=
	@test -n "$(AGENCY)" || { echo "make deploy AGENCY=x [REGION=sa-east-1] [ADMIN_EMAIL=ana@x]" >&2; exit 2; }
	@exec $(BIN)/python -m infra.deploy --agency $(AGENCY) $(if $(REGION),--region $(REGION)) $(if $(ADMIN_EMAIL),--admin-email $(ADMIN_EMAIL))

.PHONY: support-code
support-code: $(VENV_READY) ## Whether a support code is good; CODE=123456 AGENCY=x REGION=, else of the stack on PORT
	@test -n "$(CODE)" || { echo "make support-code CODE=123456 [AGENCY=x [REGION=sa-east-1]]" >&2; exit 2; }
	@exec $(BIN)/python -m infra.support_code $(CODE) $(if $(AGENCY),--agency $(AGENCY),--port $(PORT)) $(if $(REGION),--region $(REGION))
