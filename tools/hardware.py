"""Put the build of ONNX Runtime that a provider needs in place of the one that is there.

usage: python tools/hardware.py cpu|openvino|cuda|tensorrt, in the environment of the product
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = ("openvino", "cuda", "tensorrt")
LOCK = str(ROOT / "requirements" / "run.lock")
BUILDS = ["onnxruntime", "onnxruntime-openvino", "onnxruntime-gpu"]
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


def main(provider: str) -> None:
    """The extra of that name; cpu is what the lock names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {name: project["optional-dependencies"][name] for name in EXTRAS}
    if provider != "cpu" and provider not in extras:
        sys.exit(f"{provider!r} is none of cpu, {', '.join(extras)}: make hardware FOR=openvino")
    wanted = extras.get(provider) or ["--no-deps", "--require-hashes", "-r", LOCK]
    subprocess.run([*PIP, "uninstall", "-y", *BUILDS], check=True)
    subprocess.run([*PIP, "install", *wanted], check=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
