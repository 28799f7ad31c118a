# Two commands: `make run` serves the course bot, `make test` checks and tests it. `make` alone lists the others.

PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
PIP     = $(BIN)/python -m pip --disable-pip-version-check --quiet

# What the program behind a target is given besides; for example `make test ARGS="tests/dialogue -x"`.
ARGS ?=
# Four processes keep two cores busy, since tests also wait; coverage of bot/ and storage/ under this fails.
WORKERS  ?= 4
COVERAGE ?= 95

.DEFAULT_GOAL := help
.PHONY: help run test install check lock bench questions preview screenshots diagrams browser

help:  ## list what make can do
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

run: $(VENV)/.run $(VENV)/.compiled  ## serve the bot: web chat, and Telegram when a token is set
	@$(BIN)/python -m bot run

test: install browser check  ## check, then run every test with branch coverage
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term --cov-fail-under=$(COVERAGE) $(ARGS)

install: $(VENV)/.dev $(VENV)/.compiled node_modules/.installed  ## .venv with everything that running and testing need

check: $(VENV)/.dev node_modules/.installed  ## ruff, mypy strict, the import contract; of the page's scripts the same
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NODE) node_modules/@biomejs/biome/bin/biome check
	$(NODE) node_modules/typescript/bin/tsc

lock: $(VENV)/.dev  ## pin the dependencies with hashes; ARGS=--upgrade takes the newest
	$(BIN)/uv pip compile $(PINNED) $(ARGS) pyproject.toml --group dev -o requirements/dev.lock
	$(BIN)/uv pip compile $(PINNED) $(ARGS) pyproject.toml -c requirements/dev.lock -o requirements/run.lock

NODE = PATH="$(abspath $(BIN)):$$PATH" node
NPM  = PATH="$(abspath $(BIN)):$$PATH" npm --no-audit --no-fund --no-update-notifier --loglevel=error

PINNED = --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header

bench: $(VENV)/.dev $(VENV)/.compiled  ## speed beside bare echo bots, in turn and in the same run; ARGS=web and ARGS=growth
	@$(BIN)/python -m benchmarks $(ARGS)

questions: $(VENV)/.dev  ## train on the phrases in messages/ and print how well questions are understood
	@$(BIN)/python -m scripts.training.train $(ARGS)
	@[ -n "$(ARGS)" ] || $(BIN)/python -m benchmarks.questions

preview: $(VENV)/.run  ## one page with every message, as Telegram and as mail show it
	@$(BIN)/python -m bot preview artefacts/preview

screenshots: $(VENV)/.dev browser  ## the pictures in docs/images/: of the web chat, and of the editors' preview
	@$(BIN)/python -m scripts.screenshots $(ARGS)
	@[ -n "$(ARGS)" ] || $(BIN)/python -m scripts.guide_pictures

diagrams: $(VENV)/.dev  ## docs/conversation.md, docs/house.md and the bounds in docs/operations.md anew from the code
	@$(BIN)/python -m scripts.conversation_diagram
	@$(BIN)/python -m scripts.house_diagram
	@$(BIN)/python -m scripts.bounds_table

browser:
	@scripts/browser.sh

# A stamp for each lock file: installing is skipped until that file changes.
$(VENV)/.run: requirements/run.lock | $(BIN)/python
	$(PIP) install --no-deps --require-hashes -r $<
	@touch $@

$(VENV)/.dev: requirements/dev.lock | $(BIN)/python
	$(PIP) install --no-deps --require-hashes -r $<
	@touch $@

# The lock names no registry: where packages come from is the machine's own setting.
node_modules/.installed: package-lock.json $(VENV)/.dev
	@$(NPM) ci
	@touch $@

# Python compiles what changed, also where it is told not to by itself: every start would do it again.
$(VENV)/.compiled: $(shell find bot storage -name '*.py') | $(BIN)/python
	@$(BIN)/python -m compileall -q bot storage
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "This needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -f $@; \
	  echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
