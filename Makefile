# make demo   see five finished documents        make check  linters and types
# make test   everything that CI runs            make soak   the long tests, before an issue is closed
# make bench  ratios, measured in one run        make reference  write docs/reference/ again
# make journey  write docs/journey.md again   make messages   write templates/_locale/ again

PYTHON ?= python3
VENV := .venv
TEST := .cache/test
VERAPDF := .cache/verapdf
AXE := .cache/axe
PIP := pip install --quiet --disable-pip-version-check --constraint constraints.txt
SOURCES := $(shell find src templates questionnaires examples -type f 2>/dev/null) pyproject.toml

.PHONY: demo test check soak bench journey messages picture reference clean

demo: $(VENV)/ready
	@$(VENV)/bin/piagen demo
	@echo "The five PDFs are in $(CURDIR)/demo"

test: $(TEST)/ready $(TEST)/wheel $(VERAPDF)/ready $(AXE)/ready
	PIAGEN_VERAPDF=$(CURDIR)/$(VERAPDF) PIAGEN_AXE=$(CURDIR)/$(AXE) $(TEST)/bin/pytest \
		-m "not soak" -n auto --dist loadfile --no-loadscope-reorder

check: $(VENV)/dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache
	$(VENV)/bin/piagen questionnaire lint
	$(VENV)/bin/python docs/licences.py

# Branch coverage is printed here: tracing doubles the time of the tests.
soak: $(TEST)/ready $(TEST)/wheel $(VERAPDF)/ready $(AXE)/ready
	HYPOTHESIS_PROFILE=soak PIAGEN_VERAPDF=$(CURDIR)/$(VERAPDF) PIAGEN_AXE=$(CURDIR)/$(AXE) \
		$(TEST)/bin/pytest -n auto --dist loadfile --no-loadscope-reorder \
		--cov=piagen --cov-branch --cov-report=term:skip-covered

bench: $(VENV)/dev
	$(VENV)/bin/python bench/documents.py
	$(VENV)/bin/python bench/batch.py $(N)
	$(VENV)/bin/python bench/start.py
	$(VENV)/bin/python bench/review.py
	$(VENV)/bin/python bench/plain.py
	$(VENV)/bin/python bench/wizard.py
	$(VENV)/bin/python bench/journey.py

journey: $(VENV)/dev
	$(VENV)/bin/python bench/journey.py docs/journey.md

messages: $(VENV)/dev
	$(VENV)/bin/python docs/messages.py

reference: $(VENV)/dev
	$(VENV)/bin/python docs/reference.py

picture: $(VENV)/dev
	$(VENV)/bin/python docs/picture.py

clean:
	rm -rf $(VENV) .cache demo dist

$(VENV)/ready: constraints.txt pyproject.toml .ci/need
	@.ci/need demo
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "piagen needs Python 3.11 or later.")'
	@echo "Making $(VENV) and installing piagen into it."
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/$(PIP) --editable .
	@touch $@

$(VENV)/dev: $(VENV)/ready
	@$(VENV)/bin/$(PIP) pip
	@$(VENV)/bin/$(PIP) --group dev
	@touch $@

# The tests run on the wheel, in an environment of their own.
$(TEST)/ready: constraints.txt pyproject.toml .ci/need
	@.ci/need demo
	@.ci/need test
	@$(PYTHON) -m venv $(TEST)
	@$(TEST)/bin/$(PIP) pip
	@$(TEST)/bin/$(PIP) --group dev
	@touch $@

$(TEST)/wheel: $(SOURCES) $(TEST)/ready
	@rm -rf .cache/dist
	@$(TEST)/bin/python -m build --outdir .cache/dist . >/dev/null
	@$(TEST)/bin/$(PIP) --force-reinstall --no-deps .cache/dist/*.whl
	@$(TEST)/bin/$(PIP) .cache/dist/*.whl
	@touch $@

$(VERAPDF)/ready $(AXE)/ready: .cache/%/ready: tests/tools/%/pom.xml $(TEST)/ready
	@mvn -q -B -f $< org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
		-DoutputDirectory=$(CURDIR)/$(@D)
	@touch $@
