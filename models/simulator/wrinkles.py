"""Smooth noise over points: creases in cloth, strands in hair, the crust of bread."""

from __future__ import annotations

import numpy as np

from models.simulator.mesh import Floats


def wrinkles(points: Floats, per_metre: float, seed: int, octaves: int = 3) -> Floats:
    """Smooth noise (n,) of about unit size: a sum of plane waves in random directions."""
    rng = np.random.default_rng(seed)
    total = np.zeros(len(points))
    amplitude = 1.0
    for octave in range(octaves):
        for _ in range(6):
            wave = rng.normal(size=3)
            wave *= per_metre * 2**octave / np.linalg.norm(wave)
            total += amplitude * np.sin(points @ wave * 6.28 + rng.uniform(0, 6.28))
        amplitude *= 0.55
    return total / 6
