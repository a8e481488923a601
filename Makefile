# The portal's commands. On a bare clone each of them first sets up what it needs; the stamps make that one-time.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Without compiled bytecode every start takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

.PHONY: help setup demo demo-reset check test test-all requirements journey bench pictures lock format messages

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: .venv/.base node_modules/.ready $(CATALOGUES) ## Start the portal with demo data; Ctrl-C stops it
	@scripts/demo $(PORT)

demo-reset: ## Forget the demo's data; the next demo begins anew
	@scripts/demo --reset

setup: .venv/.dev node_modules/.ready $(CATALOGUES) ## Set up everything for development

check: setup ## What the last changes call for, under a minute
	@.venv/bin/python scripts/check

test: setup ## Everything on PostgreSQL, in the browser too, and on SQLite what goes through every room
	@scripts/test gate

test-all: setup ## Everything on both databases, and databases of all earlier landings: before a release
	@scripts/test all

requirements: setup ## The tests that prove the requirements, as a table; FAST=1 without browser
	@FAST=$(FAST) .venv/bin/python scripts/requirements

journey: setup ## The first journey alone; VISIBLE=1 shows the browser. PDF files: var/journey/
	@PORTAL_HEADED=$(VISIBLE) PORTAL_JOURNEY_OUT=var/journey .venv/bin/pytest tests/journeys/test_meeting_place.py -m browser

bench: setup ## Measure the pages; prints a table and writes var/bench.json
	@.venv/bin/python -m tests.harness.with_servers .venv/bin/python scripts/bench

pictures: setup ## Every page as a picture in var/pictures/; FOLDER=before keeps those of a change, STATE=usual, PAGE=assessment:
	@.venv/bin/python -m tests.harness.with_servers .venv/bin/python scripts/pictures --name $(or $(FOLDER),now) \
	  $(if $(STATE),--state $(STATE)) $(if $(PAGE),--page $(PAGE))

format: .venv/.dev ## Format the code
	@.venv/bin/ruff check --quiet --fix-only . ; .venv/bin/ruff format .

messages: .venv/.base ## Bring the translations' files up to date with the code and the templates
	@scripts/messages

lock: .venv/.dev ## Lock requirements/*.in anew; no addresses get into the files
	@for name in bootstrap base dev node; do \
	  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-header --no-annotate requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done

# --- set-up ---------------------------------------------------------------------------------------
.venv/.base: requirements/bootstrap.txt requirements/base.txt scripts/venv scripts/apt
	@mkdir -p var && scripts/apt runtime
	@echo "Installing what the portal stands on (once) ..." && scripts/venv base && touch $@

.venv/.dev: requirements/bootstrap.txt requirements/dev.txt scripts/venv scripts/apt
	@mkdir -p var && scripts/apt tests
	@echo "Installing what the portal and its tests stand on (once) ..." && scripts/venv dev && touch $@ .venv/.base

node_modules/.ready: package.json package-lock.json scripts/npm | .venv/.base
	@echo "Installing the front-end packages (once) ..." && scripts/npm ci --silent --no-audit --no-fund && touch $@

%.mo: %.po | .venv/.base
	@.venv/bin/pybabel --quiet compile --input-file $< --output-file $@ --locale $(word 2,$(subst /, ,$<))
