# Targets for people with make; the plain commands behind each stand in README.md.
VENV ?= .venv
PYTHON ?= python3
PY := $(VENV)/bin/python
PORT ?= 8501
# Browser tests skip with a reason where no Chromium is installed, unless this is 1.
export REQUIRE_BROWSER ?= 0

.PHONY: help run test check fix bench clean

help:
	@echo "make run    install, load the inbox, watch it and serve the dashboard on http://localhost:$(PORT)"
	@echo "make test   install with the test requirements and run every test"
	@echo "make check  format, lint, types, architecture, SQL and tests; changes nothing"
	@echo "make fix    format and fix what can be fixed"
	@echo "make bench  measure the load and the pages"
	@echo "make clean  remove the environment"

$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.test-installed: $(VENV)/.installed tests/requirements.txt
	$(PY) -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

run: $(VENV)/.installed
	$(PY) -m ingest.demo --if-empty
	@# A file that was not loaded is reported and must not keep the dashboard from starting.
	$(PY) -m ingest || case $$? in 1|3) ;; *) exit 1;; esac
	@# The watcher and the dashboard end together: on Ctrl-C, or as soon as one of them ends.
	@trap 'kill $$watcher $$dashboard 2>/dev/null; wait; exit 0' INT TERM HUP; \
	$(PY) -m ingest --watch & watcher=$$!; \
	$(PY) -m streamlit run app.py --server.port $(PORT) & dashboard=$$!; \
	while kill -0 $$watcher 2>/dev/null && kill -0 $$dashboard 2>/dev/null; do sleep 1; done; \
	kill $$watcher $$dashboard 2>/dev/null; wait; exit 1

test: $(VENV)/.test-installed
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.test-installed
	@failed=0; \
	for step in "ruff format --check ." "ruff check ." "mypy" \
		"sqlfluff lint warehouse/sql" "pytest -n 2 --dist loadfile --no-loadscope-reorder"; do \
		echo "== $$step"; $(PY) -m $$step || failed=1; \
	done; \
	echo "== lint-imports"; $(VENV)/bin/lint-imports || failed=1; \
	exit $$failed

fix: $(VENV)/.test-installed
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .
	$(PY) -m sqlfluff fix warehouse/sql

bench: $(VENV)/.test-installed
	$(PY) -m tests.bench

clean:
	rm -rf $(VENV)
