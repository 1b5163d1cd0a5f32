# Two commands do all the set-up on a fresh Debian or Ubuntu with Python 3.11 (as root): `make demo` and `make test`.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STORE ?= exports/store

.PHONY: demo test check install packages lock vendor clean train

demo: install  ## read seeds/ into a graph, ask it, draw it
	rm -rf $(STORE)
	$(BIN)/kg build seeds --store $(STORE)
	$(BIN)/kg query --name contested --store $(STORE)
	$(BIN)/kg query --name top-dyads --store $(STORE)
	$(BIN)/kg view --store $(STORE) --out exports/graph.html
	$(BIN)/kg export trig --store $(STORE) --out exports/graph.trig
	$(BIN)/kg export facts --store $(STORE) --out exports/facts.csv
	@echo "The graph: exports/graph.html (open it in a browser), exports/graph.trig, exports/facts.csv"

test: install packages  ## every test, with what they need
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -p no:cacheprovider

check: install  ## the quick checks, before every commit
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -m "not slow"

install: $(VENV)/installed

$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kg needs Python 3.11 or later: make PYTHON=python3.11 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { apt-get update -q && apt-get install -y -q python3-venv && $(PYTHON) -m venv $(VENV); }
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

packages:  ## what tests need beside Python: a browser, and the database servers that they start
	@command -v chromium >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends chromium; }
	@command -v virtuoso-t >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends virtuoso-opensource-7-bin; }
	@command -v java >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends default-jre-headless; }
	@command -v mvn >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends maven; }
	tests/servers/fetch

lock:  ## pin every dependency by version and hash
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-header --python-version 3.11 -o requirements.lock

vendor:  ## fetch the editor of the query page through npm into the package, where it is kept (needs node)
	cd web && npm ci --ignore-scripts --no-audit --no-fund && node vendor.mjs

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
