# Two commands: `make demo` serves the page, `make test` checks everything. `make lock` writes requirements.lock anew.
PYTHON ?= python3
# pip leaves out the lines of the lock that are for another machine.
INSTALL = .venv/bin/python -m pip install -q -c requirements.lock
MACHINE = python_version == "3.11" and platform_system == "Linux" and platform_machine == "x86_64"

.PHONY: demo test lock

demo: .venv/.installed
	.venv/bin/python app.py

test: .venv/.installed-dev
	.venv/bin/ruff check .
	.venv/bin/pyright
	OMP_NUM_THREADS=1 .venv/bin/python -m pytest -q -n 2 --dist loadgroup --no-loadscope-reorder

lock:
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install -q -r requirements-dev.txt
	.venv-lock/bin/python -m pip list --format=freeze --exclude pip \
	  | tr 'A-Z_' 'a-z-' | sed 's/+.*//; s/$$/ ; $(MACHINE)/' > requirements.lock
	rm -r .venv-lock

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: requirements.txt requirements.lock | .venv/bin/python
	$(INSTALL) -r requirements.txt
	touch $@

.venv/.installed-dev: requirements.txt requirements-studio.txt requirements-segformer.txt requirements-c2pa.txt requirements-dev.txt requirements.lock | .venv/bin/python
	$(INSTALL) -r requirements-dev.txt
	touch .venv/.installed $@
