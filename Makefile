# make run    a working bot in the browser, no token needed
# make test   set everything up and run the tests
# make check  ruff and mypy
# make lock   write requirements.lock anew from pyproject.toml
# make image  what the Dockerfile builds: the bot without TensorFlow

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := PIP_CONSTRAINT=$(CURDIR)/requirements.lock $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test check setup abcjs axe chromium npm soundfont image lock clean

run: setup
	@exec $(BIN)/python -m bot

setup: $(VENV)/run.stamp abcjs

test: $(VENV)/test.stamp axe chromium
	$(BIN)/python -m pytest

check: $(VENV)/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Tunesmith needs Python 3.11 or newer; say which one: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml requirements.lock | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/test.stamp: pyproject.toml requirements.lock | $(BIN)/python
	$(PIP) --editable '.[train,dev]'
	@touch $@ $(VENV)/run.stamp

# Without npm the page takes abcjs from a CDN instead, and the tests that need axe-core skip, visibly.
abcjs axe:
	@if command -v npm >/dev/null; then $(MAKE) --silent --no-print-directory node_modules/.$@.stamp \
		|| echo "npm could not fetch abcjs; the page will take it from a CDN."; \
	else echo "There is no npm here; the page will take abcjs from a CDN."; fi

node_modules/.abcjs.stamp: package.json package-lock.json
	npm ci --omit=dev --silent --no-audit --no-fund
	@touch $@

node_modules/.axe.stamp: package.json package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch $@ node_modules/.abcjs.stamp

# The browser tests skip, visibly, where there is no Chromium.
chromium:
	@if ! command -v chromium >/dev/null && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		$(APT) chromium >/dev/null; fi

# These three are the RUN steps of the Dockerfile.
APT := apt-get -qq update && apt-get -qq install -y --no-install-recommends

npm:
	@command -v npm >/dev/null || { $(APT) npm >/dev/null; }

soundfont:
	@test -e /usr/share/fluidr3mono-gm-soundfont/FluidR3Mono_GM.sf3 || { $(APT) fluidr3mono-gm-soundfont >/dev/null; }

image: setup
	@mkdir -p data

lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[train,dev,postgres]'
	build/lock/bin/python -m pip freeze --exclude-editable > requirements.lock
	rm -rf build/lock

clean:
	rm -rf $(VENV) node_modules build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
