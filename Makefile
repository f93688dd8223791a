# What a person or CI runs. `make test` is the whole check, set-up included, on
# a bare Debian machine with rustup's stable toolchain.

CARGO ?= cargo
CHROMIUM ?= /usr/bin/chromium

.PHONY: help test test-rust test-fuzz test-web fuzz wasm demo bench speed speed-check node-modules setup-wasm

help:
	@echo "make test   format, lints, all tests of crate, package and demo"
	@echo "make wasm   rebuild pkg/ from the crate"
	@echo "make demo   serve the demo on localhost"
	@echo "make bench  native speed, and the package's in Node"
	@echo "make speed  reports/speed.md: against gzip and others; BIG=1: memory over 1 GB"
	@echo "make speed-check  instructions a byte against the committed limit (valgrind)"
	@echo "make fuzz   every fuzz target for SECONDS=1800, or one: TARGETS=jsonl"

test: test-rust test-fuzz test-web

test-rust:
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets --all-features -- -D warnings
	$(CARGO) test --all-features
	tools/deny.sh

# A short run of every fuzz target.
test-fuzz:
	$(CARGO) fmt --check --manifest-path fuzz/Cargo.toml
	tools/fuzz.sh 10

fuzz:
	tools/fuzz.sh $(or $(SECONDS),1800) $(TARGETS)

# The module must build here, but the committed pkg/ is what is tested.
test-web: setup-wasm node-modules
	tools/build-wasm.sh --check
	CHROMIUM=$(CHROMIUM) npm test

setup-wasm:
	tools/setup-wasm.sh --browser

node-modules: node_modules/.package-lock.json

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

wasm:
	tools/setup-wasm.sh
	tools/build-wasm.sh

demo:
	@node tools/serve.mjs

bench: node-modules
	$(CARGO) bench --bench clean
	$(CARGO) build --release --quiet --example as_json
	BODYCOPY_SECONDS=5 node --test --test-reporter=spec tests/js/speed.test.js

# On an idle machine; some minutes, more the first time.
speed:
	tools/speed.py $(if $(BIG),--big)

speed-check:
	tools/speed-check.sh
