# Two commands matter: `make demo` and `make test`. The rest is for developers.
PY := .venv/bin/python
STAMP := .venv/.stamp
# Debian's packages are put in place beside Python's
MAKEFLAGS += --jobs=2

.PHONY: demo test test-slow check test-train test-teach train-env lock clean accuracy bench bench-long hardware

demo: $(STAMP)-run
	.venv/bin/hallwatch demo

# two at once, a file in one process: the machine has two cores, and some files share a server
TESTS := $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder
test: $(STAMP)-dev
	$(TESTS)

# what may befall a camera, each to its end, and an hour of footage: fifteen minutes on a quiet machine
test-slow: $(STAMP)-dev
	$(PY) -m pytest -m slow

check: $(STAMP)-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	$(TESTS)

# accuracy on the bundled clips; on more rendered ones, real footage and single pictures where TRIALS,
# FOOTAGE and SET name them. docs/accuracy.md is made with all of them
accuracy: $(STAMP)-run
	mkdir -p build
	.venv/bin/hallwatch accuracy --pace-hz 1 $(if $(TRIALS),--trials $(TRIALS)) \
	  $(if $(FOOTAGE),--footage $(FOOTAGE)) $(if $(SET),--pictures $(SET)) \
	  --out $(if $(TRIALS),docs/accuracy.md,build/accuracy.md)

# some twenty minutes on a machine that does nothing else; WEIGHTS: ultralytics' own, to compare
# with, and PYTHON: of an environment with ultralytics and supervision
bench: $(STAMP)-run
	$(PY) -m benchmarks.machine $(if $(WEIGHTS),--weights $(WEIGHTS)) $(if $(PYTHON),--python $(PYTHON))

# eight hours of a camera's time, as fast as it goes (about one hour), then one real hour
bench-long: $(STAMP)-dev
	$(PY) -m benchmarks.long_run --hours 8 --cameras 1
	$(PY) -m benchmarks.long_run --live --hours 1 --cameras 2

# another build of ONNX Runtime in place of the one that is there: FOR=openvino, cuda or tensorrt are the
# extras of pyproject.toml, FOR=cpu is back to the first; again after every update
hardware: $(STAMP)-run
	$(PY) tools/hardware.py $(FOR)

# torch, ultralytics, bpy: only for training and rendering, in an environment of their own
train-env: .venv-train/.stamp
test-train: .venv-train/.stamp
	.venv-train/bin/python -m pytest --confcutdir=tests/train -o addopts="-q --import-mode=importlib" tests/train

# judged alerts become a model that is measured, used and put back: both environments, ten minutes
test-teach: $(STAMP)-dev .venv-train/.stamp
	$(PY) -m pytest -o addopts="-q --import-mode=importlib" tests/teaching

$(STAMP)-venv: tools/system-packages
	tools/system-packages run
	test -x $(PY) || python3 -m venv .venv
	touch $@

$(STAMP)-run: $(STAMP)-venv requirements/run.lock pyproject.toml
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/run.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(STAMP)-system: $(STAMP)-venv
	tools/system-packages test
	touch $@

$(STAMP)-dev: $(STAMP)-run $(STAMP)-system requirements/dev.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.lock
	touch $@

.venv-train/.stamp: requirements/train.txt
	test -x .venv-train/bin/python || python3 -m venv .venv-train
	.venv-train/bin/pip install --quiet -r requirements/train.txt
	.venv-train/bin/pip install --quiet --no-deps -r requirements/train-nodeps.txt
	touch $@

lock:
	.venv/bin/pip install --quiet uv
	.venv/bin/uv pip compile pyproject.toml --group build --universal --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --quiet -o requirements/run.lock
	.venv/bin/uv pip compile pyproject.toml --group build --group dev --universal --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --quiet -c requirements/run.lock -o requirements/dev.lock

clean:
	rm -rf .venv .venv-train build dist var
