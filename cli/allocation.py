"""How many threads share one process: what they free goes back to the machine, what stands after
the start is not looked through again, and nobody keeps the interpreter for long.

glibc gives each thread an arena of its own, and from the first large piece that is freed it keeps
ever larger ones for later (https://man7.org/linux/man-pages/man3/mallopt.3.html). Pictures of some
megabytes come and go on dozens of threads: that kept more memory than the cameras themselves need
(docs/benchmarks.md).
"""

from __future__ import annotations

import ctypes
import gc
import sys

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
MIB = 2**20
SETTINGS = {ARENA_MAX: 2, MMAP_THRESHOLD: MIB, TRIM_THRESHOLD: 4 * MIB}


def keep_little() -> bool:
    """Set it for this process; best before threads are started. False where the C library is
    another one, which then keeps memory as it likes."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and all(mallopt(name, value) for name, value in SETTINGS.items())


TURN_S = 0.0005


def take_short_turns() -> None:
    """A thread that wants the interpreter gets it after half a millisecond, not after Python's
    five: each look asks for it dozens of times, and with 32 cameras somebody always has it
    (https://docs.python.org/3/library/sys.html#sys.setswitchinterval)."""
    sys.setswitchinterval(TURN_S)


def settle() -> None:
    """Tell Python's collector that all that is there now stays: modules, routes, models. Otherwise
    every full collection walks through it again, and all threads wait meanwhile
    (https://docs.python.org/3/library/gc.html#gc.freeze)."""
    gc.collect()
    gc.freeze()
