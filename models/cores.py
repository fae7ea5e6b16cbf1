"""What the processor offers: how many cores this process may really use, and which features."""

from __future__ import annotations

import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")
CPUINFO = Path("/proc/cpuinfo")
FEATURES = {"vnni": {"avx_vnni", "avx512_vnni", "asimddp"}}
"""What a model may need, and the processor flags of which one supplies it."""


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


def processor_features(cpuinfo: Path = CPUINFO) -> frozenset[str]:
    """Which of FEATURES the processor has; none where the system does not tell."""
    try:
        flags = set(cpuinfo.read_text().split())
    except OSError:
        return frozenset()
    return frozenset(name for name, any_of in FEATURES.items() if flags & any_of)
