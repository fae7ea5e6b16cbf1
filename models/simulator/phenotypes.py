"""The fixed library of bodies, as anny's knobs: who may walk into the hall."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

LIBRARY_SEED = 20261
BODY_COUNT = 48
ELDER_AGE = 0.82
YOUTH_AGE = 0.5


@dataclass(frozen=True, slots=True)
class Phenotype:
    """anny's knobs, each 0..1 (gender 0 male, 1 female; age 0.5 about 25 years, 1 about 80)."""

    gender: float
    age: float
    height: float
    weight: float
    muscle: float
    proportions: float
    caucasian: float

    @property
    def female(self) -> bool:
        return self.gender > 0.5

    @property
    def elder(self) -> bool:
        return self.age >= ELDER_AGE

    @property
    def youth(self) -> bool:
        return self.age < YOUTH_AGE


@lru_cache(maxsize=1)
def phenotypes() -> tuple[Phenotype, ...]:
    """The fixed library: half women; a quarter elders, three youths, the rest of working age."""
    rng = np.random.default_rng(LIBRARY_SEED)
    drawn = []
    for index in range(BODY_COUNT):
        elder, youth = index % 4 == 3, index % 16 == 5
        low, high = (ELDER_AGE, 1.0) if elder else (0.40, 0.47) if youth else (0.55, 0.78)
        female = (index // 4 if elder else index) % 2
        drawn.append(
            Phenotype(
                gender=0.92 * female + rng.uniform(0, 0.08),
                age=float(rng.uniform(low, high)),
                height=float(np.clip(rng.normal(0.36 if elder else 0.44, 0.055), 0.3, 0.58)),
                weight=float(np.clip(rng.normal(0.54, 0.11), 0.32, 0.85)),
                muscle=float(np.clip(rng.normal(0.48, 0.08), 0.3, 0.7)),
                proportions=float(rng.uniform(0.4, 0.62)),
                caucasian=float(rng.uniform(0.0, 0.2)),
            )
        )
    return tuple(drawn)
