# Two commands do everything: `make gallery` and `make test`. Both need Python 3.11 or newer, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: gallery test sweep check bench docs site wheel clean

gallery: $(VENV)/.installed  ## render the shipped presets into outputs/gallery
	$(BIN)/artstudio gallery

test: $(VENV)/.installed-dev  ## the tests
	$(BIN)/python -m pytest -n auto --dist loadfile

sweep: $(VENV)/.installed-dev  ## the long sweeps
	$(BIN)/python -m pytest -n auto --dist load -m sweep

check: $(VENV)/.installed-dev  ## style, types, and which file may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_floors.py

bench: $(VENV)/.installed-dev  ## the benchmarks: tables, docs/performance.json and its figures
	$(BIN)/python benchmarks/run.py --json docs/performance.json --plots docs/images

docs: $(VENV)/.installed-dev  ## what documents derive: the reference of a recipe's fields, the drawing of the rooms
	$(BIN)/python docs/recipe.py > docs/recipe.md
	$(BIN)/python docs/formats.py > docs/reference/formats.md
	$(BIN)/python docs/architecture.py

site: $(VENV)/.installed-dev docs  ## the documentation as a site: build/site/index.html
	$(BIN)/python -m sphinx -W --keep-going -q docs build/site

wheel: $(VENV)/.made  ## dist/artstudio-VERSION-py3-none-any.whl
	$(PIP) wheel --no-deps --wheel-dir dist .

clean:  ## everything that the other commands made, but not the pictures
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("artstudio needs Python 3.11 or newer, found " + sys.version.split()[0] + "; name another with: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.made
	@echo "installing artstudio into $(VENV) ..."
	$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.made
	@echo "installing artstudio and its checks into $(VENV) ..."
	$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.installed
