# Needs Python 3.11+, make and a package index. Everything else is fetched into this folder.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(if $(shell $(name) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null),$(name))))

INSTALL := tools/uv pip install --quiet --python .venv/bin/python

# Two at a time, each one's output in one piece where make can (4.0 and newer).
SIDE_BY_SIDE := $(MAKE) --no-print-directory --jobs 2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.PHONY: help setup setup-dev setup-ocr parts run demo test lint lint-style lint-types lint-imports format bench torture \
	fuzz audit secrets lock clean

help:
	@echo "make run      start the assistant on http://127.0.0.1:8000"
	@echo "make demo     watch four people file on web, WeChat, WeCom and Telegram: a month in two minutes"
	@echo "make test     lint, types, import rules and all tests"
	@echo "make lint     the first three of these"
	@echo "make bench    measure against the peers, writes bench/results.json"
	@echo "make torture  kill, starve and confuse it, and count what is lost: more than an hour"
	@echo "make fuzz     a million spoilt inputs, writes bench/fuzz.json"
	@echo "make audit    ask for published weaknesses of the pinned packages"
	@echo "make secrets  look for keys and tokens that slipped into a file"
	@echo "make setup    only make .venv with everything to run"
	@echo "make setup-ocr  besides, what reads papers in photos (about 275 MB more)"
	@echo "make format   let ruff put the code in shape"
	@echo "make lock     choose the newest pinned versions that pyproject.toml allows"
	@echo "make clean    remove what set-up, running the tests and building left behind"

# ---- set-up: each stamp says that its step is done for the files it depends on

setup: .venv/.run-stamp

setup-dev: .venv/.dev-stamp

.bootstrap/.stamp: requirements/bootstrap.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed. Install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python lacks venv. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear .bootstrap
	.bootstrap/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

.venv/.stamp: .bootstrap/.stamp
	tools/uv venv --quiet --allow-existing --python .bootstrap/bin/python .venv
	@touch $@

.venv/.run-stamp: .venv/.stamp pyproject.toml requirements/run.txt requirements/build.txt
	$(INSTALL) --compile-bytecode --require-hashes -r requirements/run.txt
	$(INSTALL) --no-deps --build-constraints requirements/build.txt --editable .
	@# Compiled here too: where Python may not write, every command would compile it again.
	@.venv/bin/python -m compileall -q filing knowledge dialogs scheduler storage desk bot
	@touch $@

.venv/.dev-stamp: .venv/.run-stamp requirements/dev.txt
	$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

# Reads licences and ID cards in photos, offline. Everything else works without it.
setup-ocr: .venv/.run-stamp
	$(INSTALL) --require-hashes -r requirements/ocr.txt
	@.venv/bin/python -c 'import rapidocr, onnxruntime'

# What the tests need beside Python: a browser, PostgreSQL, Node and some npm packages.
parts: .venv/.dev-stamp
	.venv/bin/python -m tests.parts

# ---- using it

run: setup
	.venv/bin/beian serve

demo: setup
	.venv/bin/beian demo

bench: setup-dev
	.venv/bin/python -m bench

torture: setup-dev
	.venv/bin/python -m bench.torture

fuzz: setup-dev
	.venv/bin/python -m bench.fuzz

# ---- checking it

# The tests' own modules are compiled once and kept, also where Python is told not to: else every
# process they start compiles anew what it imports.
test: setup-dev
	@$(SIDE_BY_SIDE) lint-types lint-style lint-imports parts
	env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m pytest --numprocesses 2 --dist loadgroup

lint: lint-style lint-types lint-imports

lint-style: setup-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

lint-types: setup-dev
	.venv/bin/mypy

lint-imports: setup-dev
	.venv/bin/lint-imports

format: setup-dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# Exit status 1 for a known weakness, 2 if nobody could be asked.
audit: setup-dev
	$(INSTALL) --require-hashes -r requirements/audit.txt
	@.venv/bin/python -m tools.audit || exit $$?

secrets: setup-dev
	.venv/bin/python -m tools.secret_scan

# ---- keeping it

COMPILE := env -u PIP_FIND_LINKS -u UV_FIND_LINKS tools/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --annotation-style line

lock: .bootstrap/.stamp
	$(COMPILE) --output-file requirements/bootstrap.txt requirements/bootstrap.in
	$(COMPILE) --output-file requirements/build.txt requirements/build.in
	$(COMPILE) --output-file requirements/run.txt pyproject.toml
	$(COMPILE) --constraints requirements/run.txt --extra ocr --output-file requirements/ocr.txt pyproject.toml
	$(COMPILE) --constraints requirements/run.txt --group pyproject.toml:dev --output-file requirements/dev.txt pyproject.toml
	$(COMPILE) --constraints requirements/dev.txt --group pyproject.toml:audit --output-file requirements/audit.txt pyproject.toml
	@if grep -n '://' requirements/*.txt; then echo "An address slipped into the pinned files" >&2; exit 1; fi

clean:
	rm -rf .bootstrap .venv .parts build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
