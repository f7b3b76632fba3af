# The verbs of one service: make -C services/targets test
ROOT := ../..
PYTHON := $(ROOT)/.venv/bin/python

.PHONY: run migrate revision openapi test

run: ## API and worker in one process; settings from the environment (deploy/env)
	$(PYTHON) -m $(SERVICE) all

migrate: ## bring the database to this version (KECHUANG_MIGRATOR_DATABASE_URL)
	$(PYTHON) -m $(SERVICE) migrate

revision: ## write a migration from the models (MESSAGE=…)
	$(PYTHON) -m $(SERVICE) revision -m "$(MESSAGE)"

openapi: ## write the snapshot of the API document
	$(PYTHON) -m $(SERVICE) openapi > openapi.json.new && mv openapi.json.new openapi.json

test: ## this service's tests
	cd $(ROOT) && .venv/bin/python -m pytest services/$(SERVICE) $(ARGS)
