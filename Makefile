# make run     everything from nothing: the demonstration at an address it prints
# make check   what can be checked without running it
# make test    every test, on SQLite and PostgreSQL and in a browser
.POSIX:
.SUFFIXES:
.PHONY: run check test e2e bench audit test-peers docs assets venv lock clean

BIN = .venv/bin
ARGS =

run:
	@tools/setup run assets
	@unset DATABASE_URL KEYSTEAD_DATABASE_URL KEYSTEAD_DATABASE_URL_FILE KEYSTEAD_CONFIG; \
	KEYSTEAD_DATA=var/demo KEYSTEAD_VAULT_KEY_FILE=var/demo-keys/vault.key \
	exec $(BIN)/keystead up --demo $(ARGS)

venv:
	@tools/setup dev

assets:
	@tools/setup assets

check:
	@tools/setup dev node-modules
	@$(BIN)/python -m tools.check

test: venv assets
	@tools/system-packages postgresql chromium
	@$(BIN)/python -m tools.test

e2e: venv assets
	@tools/system-packages chromium
	$(BIN)/python -m pytest -m "e2e and not audit" $(ARGS)

bench: venv assets
	@tools/system-packages postgresql
	$(BIN)/python tools/with_postgres.py $(BIN)/python -m tests.bench $(ARGS)

test-peers:
	@echo "There are no tests against the software of others yet."

# Known holes in what we depend on; asks the public advisory databases.
audit:
	@tools/setup dev node-modules
	@tools/audit

docs: venv
	$(BIN)/python -m pytest tests/docs

# After a change of dependencies in pyproject.toml. One package: make lock ARGS=django
lock:
	@tools/lock $(ARGS)

# Not var/, which holds data.
clean:
	rm -rf .venv .cache dist frontend/node_modules src/keystead/web/static/keystead/dist
