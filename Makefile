# Two commands for a user: `make report` and `make test`. Both make the environment first, once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
VERSIONS ?= 1.37
READY  := $(VENV)/.ready

LOCK   := --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate

.PHONY: report test test-versions binaries lock bench clean
.DEFAULT_GOAL := report

report: $(READY)
	$(BIN)/k8snb report demo --out reports

test: $(READY) $(VENV)/.browser binaries
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

# The programs of `k8snb sandbox`, into the cache of the user, once: downloaded, or built by Go in about ten
# minutes. Without them the tests that need a real API server are skipped.
binaries: $(READY)
	@for version in $(VERSIONS); do $(BIN)/python -m k8snb.sandbox $$version || echo "Tests of the sandbox will be skipped."; done

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# The tests that need a real API server, on every version that the sandbox knows.
test-versions: $(READY)
	$(MAKE) binaries VERSIONS="1.35 1.36 1.37"
	$(BIN)/python -m k8snb.sandbox 1.37 kube-scheduler kwok || echo "Tests of pretended nodes will be skipped."
	@for version in 1.35 1.36 1.37; do \
	  K8SNB_TEST_VERSION=$$version $(BIN)/pytest tests/sandbox tests/live tests/access || exit 1; done

# Browser tests need Chromium. It is installed where that can be done without asking; elsewhere those tests say what is missing.
$(VENV)/.browser: $(READY)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq \
	       && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium fonts-noto-cjk >/dev/null; } \
	  || echo "No Chromium here: browser tests will be skipped."
	@touch $@

# The locks hold for every supported Python at once and name no index, so any mirror will do.
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile $(LOCK) --group dev pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile $(LOCK) --constraint requirements.lock pyproject.toml --output-file binder/requirements.txt

# Speed and memory against what the machine could do at best; see the README.
bench: $(READY)
	$(BIN)/python tests/benchmarks/speed.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
