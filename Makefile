# Thin on purpose: what is stale, and what a stage needs, is decided by content in src/helpers/pipeline.
# Settings:  CITY=rosario  PERIOD=2022 (or all)  ENGINE=auto|quarto|pandoc  DEBUG=1

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python,$(shell \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
ENV := .venv
BIN := $(ENV)/bin
MONITOR := $(BIN)/monitor $(if $(DEBUG),--debug)
CHOICE := $(if $(CITY),--city $(CITY)) $(if $(PERIOD),--period $(PERIOD))
export ENGINE ?= auto

.DEFAULT_GOAL := help
.PHONY: help monitor registries index reports data test test-slow lint bench lab lock gallery clean

help:  ## list these targets
	@echo "Citizen Participation Monitor"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  CITY=... PERIOD=... (a period, or all) choose what monitor, registries, index and reports work on"

monitor: $(ENV)/quarto.tried  ## everything that is stale, for CITY and PERIOD; says where to open the result
	@$(MONITOR) run $(CHOICE)

registries: $(ENV)/ready  ## clean the registries of CITY
	@$(MONITOR) run $(CHOICE) --only registries

index: $(ENV)/ready  ## compute the indicators and the index of CITY and PERIOD from the clean registries
	@$(MONITOR) run $(CHOICE) --only index

reports: $(ENV)/quarto.tried  ## render the reports of CITY and PERIOD from the computed index
	@$(MONITOR) run $(CHOICE) --only reports

data: $(ENV)/ready  ## download the open data of CITY, checksums verified
	@$(MONITOR) data $(CITY)

test: $(ENV)/ready  ## the tests, under ten minutes on two cores
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow" $(TESTS)

test-slow: $(ENV)/ready  ## the long suites: every city, language, document, width and theme
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m slow $(TESTS)

lint: $(ENV)/ready  ## style and the one-way flow between rooms
	@$(BIN)/ruff check src tests notebooks reports && $(BIN)/lint-imports

bench: $(ENV)/ready  ## speed, as ratios within one run
	@for script in tests/bench/*.py; do OPENBLAS_NUM_THREADS=1 $(BIN)/python $$script || exit 1; done

gallery: $(ENV)/ready  ## pictures of every page and PDF into reports/gallery (needs Chromium; pdftoppm for PDFs)
	@$(BIN)/python -m tests.gallery

lab: .venv-lab/ready  ## JupyterLab, in an environment of its own
	@.venv-lab/bin/jupyter lab notebooks

lock:  ## renew the pinned versions (needs uv); no registry address is written
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--python-version 3.11 --extra test pyproject.toml --output-file requirements.lock $(UPGRADE)
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--python-version 3.11 --extra lab pyproject.toml --output-file requirements-lab.lock $(UPGRADE)

clean:  ## remove what was built (not the environment, not the raw data)
	@rm -rf data/processed reports/site reports/gallery .monitor

# An environment is ready when everything of its lock is installed; the stamp makes a second call free.
$(ENV)/ready: requirements.lock pyproject.toml
	@$(call set-up,$(ENV),requirements.lock)

.venv-lab/ready: requirements-lab.lock pyproject.toml
	@$(call set-up,.venv-lab,requirements-lab.lock)

define set-up
	if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed; install it and call make again." >&2; exit 1; fi; \
	if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "Python's venv module is missing; install python3-venv (on Debian: apt install python3-venv) and call make again." >&2; \
		exit 1; fi; \
	echo "Setting up $(1) (once, about a minute)"; \
	rm -rf $(1) && $(PYTHON) -m venv $(1) && \
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $(2) && \
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . && \
	touch $(1)/ready
endef

# Quarto's package downloads its program while it installs, so it stays outside the lock and may fail: one attempt
# per version, with a time limit; the reports then use pandoc.
$(ENV)/quarto.tried: $(ENV)/ready src/helpers/reporting/quarto_setup.py
	@$(BIN)/python -m helpers.reporting.quarto_setup
	@touch $@
