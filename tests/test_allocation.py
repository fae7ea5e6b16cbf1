"""Memory that was freed goes back to the machine, wherever it was freed."""

from __future__ import annotations

import subprocess
import sys

FREED = """
import threading
import numpy as np
from benchmarks.held import made_of
from cli.allocation import keep_little

assert keep_little()

def pictures():
    for _ in range(20):
        kept = [np.ones((1080, 1920, 3), np.uint8), np.ones((360, 640, 3), np.uint8)]

threads = [threading.Thread(target=pictures) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(made_of().idle)
"""


def test_little_is_kept_of_what_threads_freed() -> None:
    done = subprocess.run([sys.executable, "-c", FREED], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 16
