# make run    a working bot in the browser, no token needed
# make test   set everything up and run the tests
# make scale  the tests that need a Ray cluster, which is started on this machine
# make check  ruff, mypy, the walls between the rooms, the workflow file
# make languages  the catalogs of translations, brought up to date with what the code says
# make wheel  dist/tunesmith-*.whl, which carries everything
# make lock   write requirements.lock anew from pyproject.toml
# make image  what the Dockerfile builds: the bot without TensorFlow
# make clean  everything away that was made here, but for tunes and settings

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOG    := $(VENV)/pip.log
# With commas, which would part the arguments of a call.
TEST_EXTRAS := [train,dev,postgres]
CLUSTER_EXTRAS := [postgres,scale]

.PHONY: languages run test scale check wheel setup abcjs axe chromium postgresql npm soundfont image cluster lock clean

run: setup
	@echo "Starting the bot; Ctrl-C stops it."
	@exec $(BIN)/python -m bot

setup: $(VENV)/run.stamp abcjs

test: $(VENV)/test.stamp axe chromium postgresql
	$(BIN)/python -m pytest

scale: $(VENV)/test.stamp cluster
	$(BIN)/python -m pytest tests/scale

check: $(VENV)/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

languages: $(VENV)/test.stamp
	$(BIN)/python -m bot.catalogs

wheel: $(VENV)/test.stamp
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

# Install with the versions of the lock. pip's own words, a page where there is no network, go into a file.
define install
@PIP_CONSTRAINT=$(CURDIR)/requirements.lock PIP_RETRIES=2 PIP_DISABLE_PIP_VERSION_CHECK=1 \
	$(BIN)/python -m pip install --editable $(1) >$(LOG) 2>&1 || { \
	if grep -qE "No matching distribution|ResolutionImpossible|Connection|timed out" $(LOG); \
	then echo "The libraries can't be fetched: no way to the network, or to a pip mirror that has them" \
		"(what pip said is in $(LOG))."; \
	else echo "pip can't install the libraries: $$(grep -m1 ERROR $(LOG) || tail -1 $(LOG)) (more in $(LOG))"; \
	fi; exit 1; }
endef

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Tunesmith needs Python 3.11 or newer; say which one: make PYTHON=python3.11"; exit 1; }
	@echo "1 of 3: making a Python environment in $(VENV)."
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
		|| { echo "$(PYTHON) can't make an environment; on Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/run.stamp: pyproject.toml requirements.lock | $(BIN)/python
	@echo "2 of 3: installing the bot and its 60 libraries, 640 MB: one to three minutes."
	$(call install,.)
	@touch $@

$(VENV)/image.stamp: pyproject.toml requirements.lock | $(BIN)/python
	@echo "2 of 3: installing the bot, its 60 libraries and the PostgreSQL driver, 640 MB: one to three minutes."
	$(call install,'.[postgres]')
	@touch $@ $(VENV)/run.stamp

$(VENV)/test.stamp: pyproject.toml requirements.lock | $(BIN)/python
	@echo "2 of 3: installing the bot, its 60 libraries, TensorFlow and the checks, 2.4 GB: some minutes."
	$(call install,'.$(TEST_EXTRAS)')
	@touch $@ $(VENV)/run.stamp

$(VENV)/cluster.stamp: pyproject.toml requirements.lock | $(BIN)/python
	@echo "Installing the bot and Ray, 1 GB: some minutes."
	$(call install,'.$(CLUSTER_EXTRAS)')
	@touch $@ $(VENV)/run.stamp

# Without npm the page takes abcjs from a CDN instead; the tests that need axe-core then skip, or fail in CI.
abcjs axe:
	@if command -v npm >/dev/null; then $(MAKE) --silent --no-print-directory node_modules/.$@.stamp \
		|| echo "npm could not fetch abcjs; the page will take it from a CDN."; \
	else echo "There is no npm here; the page will take abcjs from a CDN."; fi

node_modules/.abcjs.stamp: package.json package-lock.json
	@echo "3 of 3: fetching abcjs, which draws the notes in the browser, 6 MB."
	npm ci --omit=dev --silent --no-audit --no-fund
	@touch $@

node_modules/.axe.stamp: package.json package-lock.json
	@echo "3 of 3: fetching abcjs and axe-core for the pages and their tests, 10 MB."
	npm ci --silent --no-audit --no-fund
	@touch $@ node_modules/.abcjs.stamp

# The browser tests need Chromium: without it they skip, or fail in CI.
chromium:
	@if ! command -v chromium >/dev/null && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		$(APT) chromium >/dev/null; fi

# The tests of several processes need PostgreSQL: without it they skip, or fail in CI.
postgresql:
	@if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && command -v apt-get >/dev/null \
		&& [ "$$(id -u)" = 0 ]; then $(APT) postgresql >/dev/null; fi

# npm, soundfont, image and cluster are the RUN steps of the Dockerfile.
APT := apt-get -qq update && apt-get -qq install -y --no-install-recommends

npm:
	@command -v npm >/dev/null || { $(APT) npm >/dev/null; }

soundfont:
	@test -e /usr/share/fluidr3mono-gm-soundfont/FluidR3Mono_GM.sf3 || { $(APT) fluidr3mono-gm-soundfont >/dev/null; }

cluster: $(VENV)/cluster.stamp

image: $(VENV)/image.stamp abcjs
	@mkdir -p data

lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[train,dev,postgres,scale]'
	build/lock/bin/python -m pip freeze --exclude-editable > requirements.lock
	rm -rf build/lock

clean:
	rm -rf $(VENV) node_modules build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
