# The front door: `make help` says what there is. The work is done by the scripts in tools/.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

PORT ?= 1234
ADMIN_PORT ?= $(shell echo $$(($(PORT) + 1)))
STORE ?= sqlite:quire.db
PRESET ?= test
FUZZ_SECONDS ?= 60
export PORT ADMIN_PORT STORE FUZZ_SECONDS

# Folders with npm packages of their own, what is built in some of them, and all the pages together.
EDITORS := examples/editor examples/tiptap examples/codemirror-yjs
NPM := protocol/client $(EDITORS) tests/differential tests/e2e tests/providers
NODE_MODULES := $(NPM:=/node_modules/.installed)
CLIENT := protocol/client/dist/.built
PAGES := build/pages/.built
sources_of = $(shell find $(1) -type f -not -path '*/node_modules/*' -not -path '*/dist/*')

.PHONY: help run test build lint bench fuzz clean packages-%

help: ## Say what there is
	@echo 'make TARGET [VARIABLE=value ...]'
	@sed -nE 's/^([a-z]+):.*## (.*)/  \1\t\2/p' Makefile | expand -t 14
	@echo
	@echo 'Variables, as they are now'
	@echo '  PORT=$(PORT) ADMIN_PORT=$(ADMIN_PORT) STORE=$(STORE)  (run)'
	@echo '  PRESET=$(PRESET)  (test: dev, test, release or asan)  FUZZ_SECONDS=$(FUZZ_SECONDS)  (fuzz, for each)'
	@echo '  JOBS=$(or $(JOBS),by processors and memory)  SKIP_PACKAGES=$(SKIP_PACKAGES)  (1: install nothing)'

run: packages-build $(PAGES) build ## Start the engine and the demo editors on http://localhost:1234
	@tools/serve

build: packages-build ## Build the release, build/release/quire
	@tools/compile release quire

test: packages-test $(NODE_MODULES) $(CLIENT) $(PAGES) ## Build and run every test
	@tools/test $(PRESET)

lint: packages-lint ## Check format, clang-tidy's short list, floors and library doors
	@tools/lint

bench: packages-bench ## Run the standard benchmarks on the release
	@tools/bench

fuzz: packages-fuzz ## Run every fuzzer for FUZZ_SECONDS
	@tools/fuzz

clean: ## Remove what was built (but no database)
	@rm -rf build $(NPM:=/node_modules) $(NPM:=/dist)

# One installation for all that a target needs.
packages-%:
	@tools/install build $(filter-out build,$*)

%/node_modules/.installed: %/package-lock.json %/package.json
	@echo "==> Installing the npm packages of $*"
	@npm --prefix $* ci --no-audit --no-fund --loglevel=error || \
	  { echo "*** npm could not install the packages of $*; its own words are above." >&2; exit 1; }
	@touch $@

%/dist/.built: %/node_modules/.installed
	@echo "==> Building $*"
	@npm --prefix $* run build --silent
	@touch $@

$(CLIENT): $(call sources_of,protocol/client)
examples/editor/dist/.built: $(CLIENT)
$(foreach editor,$(EDITORS),$(eval $(editor)/dist/.built: $(call sources_of,$(editor))))

$(PAGES): tools/pages $(EDITORS:=/dist/.built)
	@tools/pages
	@touch $@
