# Every verb of the project. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA_DIR ?= .local
PORT ?= 8000
PACKAGES := shared/contracts shared/servicekit shared/client \
	services/targets services/funding services/parks services/supervision services/gateway deploy/local
SERVICES := targets funding parks supervision
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE ?= copy

.PHONY: help setup run demo test check bench migrate openapi contracts plan lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## make the environment from the lock (run and test do it themselves)

$(VENV)/.ready: requirements.lock bootstrap.lock $(addsuffix /pyproject.toml,$(PACKAGES))
	@echo "==> making the environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3")'
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps $(addprefix -e ,$(PACKAGES))
	@touch $@

lock: ## resolve again and write the locks
	$(BIN)/uv lock --upgrade
	$(BIN)/uv export --quiet --frozen --all-packages --all-extras --all-groups --no-emit-workspace --no-header -o requirements.lock
	$(BIN)/uv export --quiet --frozen --only-group bootstrap --no-header -o bootstrap.lock
	for s in $(SERVICES) gateway; do $(BIN)/uv export --quiet --frozen --package $$s --no-dev --no-emit-workspace --no-header -o services/$$s/requirements.lock; done
