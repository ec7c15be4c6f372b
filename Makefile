# Two commands: `make demo` serves the page, `make test` checks everything.
PYTHON ?= python3

.PHONY: demo test

demo: .venv/.installed
	.venv/bin/python app.py

test: .venv/.installed-dev
	.venv/bin/ruff check .
	.venv/bin/python -m pytest -q

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: requirements.txt | .venv/bin/python
	.venv/bin/python -m pip install -q -r requirements.txt
	touch $@

.venv/.installed-dev: requirements.txt requirements-studio.txt requirements-segformer.txt requirements-dev.txt | .venv/bin/python
	.venv/bin/python -m pip install -q -r requirements-dev.txt
	touch .venv/.installed $@
