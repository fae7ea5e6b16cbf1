"""How many processor cores this process may really use."""

from __future__ import annotations

import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")


def usable_cores(quota: Path = QUOTA) -> int:
    """Cores that the scheduler may put us on, cut to what a container is allowed (at least 1)."""
    cores = len(os.sched_getaffinity(0))
    try:
        allowed, period = quota.read_text().split()
    except (OSError, ValueError):
        return cores
    if allowed == "max":
        return cores
    return max(min(cores, int(allowed) // int(period)), 1)
