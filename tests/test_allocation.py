"""Memory that was freed goes back to the machine; what stays is not looked through again; nobody
keeps the interpreter for long."""

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


STAYS = """
import gc
from cli.allocation import settle
from cli.main import app

before = len(gc.get_objects())
settle()
print(before, len(gc.get_objects()))
"""


def test_the_collector_leaves_alone_what_was_there_at_the_start() -> None:
    done = subprocess.run([sys.executable, "-c", STAYS], capture_output=True, text=True, check=True)
    before, after = map(int, done.stdout.split())
    assert after < 0.1 * before


TURNS = """
import statistics, threading, time
from cli.allocation import take_short_turns

over = threading.Event()

def computes():
    while not over.is_set():
        sum(range(1000))

def late_ms():
    late = []
    for _ in range(60):
        began = time.perf_counter()
        time.sleep(0.001)
        late.append(1000 * (time.perf_counter() - began) - 1)
    return statistics.median(late)

thread = threading.Thread(target=computes)
thread.start()
before = late_ms()
take_short_turns()
after = late_ms()
over.set()
thread.join()
print(before / after)
"""


def test_who_wakes_up_need_not_wait_long_for_who_computes() -> None:
    done = subprocess.run([sys.executable, "-c", TURNS], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 2
