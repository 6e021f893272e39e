# make demo   interpret the example file
# make test   the whole test suite
# make test-long   short benchmarks, killed runs, several workers, Spark, PostgreSQL, the page without a server (minutes)
# make lint   ruff, mypy --strict, the floors of the packages (.importlinter), and the workflows (zizmor)
# make generated   write all files that are made from rules, limits, names and docstrings; review the difference
# make docs   build the documentation site into site/; a warning fails
# make bench  measure everything, and write benchmarks/results.md (about half an hour)
# make kill   kill a run over 10,000,000 rows at random points, and compare the bytes (KILL="--rows 300000" for fewer)
# make soak   ten minutes of the service at full speed, a worker killed every 30 s (SOAK="--seconds 120" for less)
# make page   build the page without a server in build/page, for any host of static files (needs npm; SMART=FILE for EHRs)
# make serve-demo   run the demo of the service on this machine, and print its address
# make oracle   compare with the second reading of the facts in validation/oracle, on a million panels (ORACLE="--patients 20000" for fewer)
# make sql   compare SQL with interpret_frame on 200,000 rows in DuckDB, PostgreSQL and Spark (SQL="--rows 20000 --engine duckdb" for less)
# make mutants   change numbers, rules and code in one place at a time, and check that a test fails (hours; MUTANTS="--package inputs --sample 600")
# make matrix   the test suite with the oldest dependencies allowed, and on every other Python from 3.11 that is installed
# make schemathesis   test the service with requests that its OpenAPI document allows and forbids (a few minutes)
# make pictures   make the pictures of docs/images again (needs Chromium)
# make notebooks   run the notebooks, and write docs/notebooks again (B12LABS_NHANES=FILE for that of NHANES)
# make fuzz   read a million malformed cells, each missing, read or reported, and print the counts by column
# Each command makes the environment that it needs in .venv.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-long schemathesis fuzz lint format generated docs page pictures notebooks bench kill soak serve-demo oracle sql mutants matrix clean

.venv/demo: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "b12labs needs Python 3.11 or later; name one with make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/dev: .venv/demo
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

# The demo needs only the service.
.venv/serve: .venv/demo
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[server]'
	touch $@

serve-demo: .venv/serve
	$(BIN)/b12labs serve --demo $(SERVE)

demo: .venv/demo
	$(BIN)/b12labs interpret examples/labs.csv -o interpreted.csv
	@echo
	$(BIN)/b12labs explain examples/labs.csv --row 1

test: .venv/dev
	$(BIN)/python -m pytest -n 3 --dist worksteal

test-long: .venv/dev $(if $(shell command -v npm),page)
	$(BIN)/python -m pytest -n 2 -m long

schemathesis: .venv/dev
	SCHEMATHESIS_EXAMPLES=500 $(BIN)/python -m pytest -n 2 tests/integrations/server/test_schemathesis.py

fuzz: .venv/dev
	$(BIN)/python -m tests.fuzz 1000000

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet .github

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

generated: .venv/dev
	$(BIN)/python -m tests.generated

pictures: .venv/dev
	$(BIN)/python -m tests.pictures

notebooks: .venv/dev
	$(BIN)/python -m site_pages.notebooks

bench: .venv/dev
	$(BIN)/python -m benchmarks -o benchmarks/results.md

kill: .venv/dev
	$(BIN)/python -m benchmarks.kill $(KILL)

soak: .venv/dev
	$(BIN)/python -m benchmarks.soak $(SOAK)

oracle: .venv/dev
	$(BIN)/python -m validation.oracle $(or $(ORACLE),--patients 1000000)
sql: .venv/dev
	$(BIN)/python -m validation.sql $(SQL)

mutants: .venv/dev
	$(BIN)/python -m mutants $(MUTANTS)

matrix: .venv/dev
	.ci/matrix

# Python for the browser is an npm package; package-lock.json holds its hash.
static_page/node_modules: static_page/package-lock.json
	npm ci --prefix static_page --no-audit --no-fund
	touch $@

page: .venv/dev static_page/node_modules
	$(BIN)/python -m static_page $(if $(SMART),--smart $(SMART))

# With npm, the site has the page without a server under try/.
docs: .venv/dev $(if $(shell command -v npm),page)
	$(BIN)/zensical build --clean --strict
	if [ -d build/page ]; then cp -r build/page site/try; fi

clean:
	rm -rf .venv site build .cache interpreted.csv dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
