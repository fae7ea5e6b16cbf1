"""What a process holds: memory and what it is made of, objects, threads, open files.

Read from Linux's /proc, from glibc (https://man7.org/linux/man-pages/man3/mallinfo.3.html) and from
Python's own allocator.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Held:
    """rss_mib: resident in all. anon_mib: of it what no file is behind. objects: blocks of Python's
    allocator that are in use. given_mib, idle_mib: what malloc has given out, and keeps for later;
    sqlite_mib: what SQLite has of it, its caches among that."""

    rss_mib: float
    anon_mib: float
    given_mib: float
    idle_mib: float
    sqlite_mib: float
    objects: int
    threads: int
    files: int


@dataclass(frozen=True, slots=True)
class Made:
    """What the memory is made of, in MiB. python: blocks of Python's allocator. library: what
    malloc has given out, pictures and packets among it. idle: what malloc keeps for later."""

    python: float
    library: float
    idle: float


class _MallInfo(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks",
        "fordblks", "keepcost",
    ))  # fmt: skip


def held_by_us() -> Held:
    """By this process, now."""
    lines = Path("/proc/self/status").read_text().splitlines()
    status = dict(line.split(":", 1) for line in lines)
    given, idle = _malloc_mib()
    return Held(
        rss_mib=int(status["VmRSS"].split()[0]) / 1024,
        anon_mib=int(status["RssAnon"].split()[0]) / 1024,
        given_mib=given,
        idle_mib=idle,
        sqlite_mib=_sqlite_mib(),
        objects=sys.getallocatedblocks(),
        threads=int(status["Threads"]),
        files=len(os.listdir("/proc/self/fd")) - 1,  # the listing's own
    )


def made_of() -> Made:
    """This process, now."""
    return Made(_python_mib(), *_malloc_mib())


def _malloc_mib() -> tuple[float, float]:
    asked = ctypes.CDLL(None).mallinfo2
    asked.restype = _MallInfo
    info = asked()
    return (info.uordblks + info.hblkhd) / MIB, info.fordblks / MIB


def _sqlite_mib() -> float:
    """By the library that Python's own module uses (https://sqlite.org/c3ref/memory_highwater.html);
    0 where that is not a shared one."""
    name = ctypes.util.find_library("sqlite3")
    if name is None:
        return 0.0
    used = ctypes.CDLL(name).sqlite3_memory_used
    used.restype = ctypes.c_int64
    return int(used()) / MIB


def _python_mib() -> float:
    """Python tells of its allocator on the error output only."""
    with tempfile.TemporaryFile() as told:
        sys.stderr.flush()
        kept = os.dup(2)
        os.dup2(told.fileno(), 2)
        try:
            sys._debugmallocstats()
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        told.seek(0)
        text = told.read().decode()
    found = re.search(r"# bytes in allocated blocks\s*=\s*([\d,]+)", text)
    return int(found[1].replace(",", "")) / MIB if found else 0.0
