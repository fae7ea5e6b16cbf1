"""By how much a camera's clock runs faster or slower than ours, by its packets' stamps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

DRIFT_SPAN_S = 5.0
LEAST_PACKETS = 25
TOGETHER = 5
PROMPT = 1
"""Of so many packets one after the other, the second to come by its stamp stands for all: a busy
network or machine holds back some of them, and one may be stamped late."""
DRIFT_PPM = 2000.0
"""Less cannot be told from the network's unsteadiness in seconds, and does not matter."""


def drift(stamped_s: Sequence[float | None], arrived_s: Sequence[float]) -> float | None:
    """In millionths, positive where the camera's clock is the faster one, by a line through arrival
    against stamp of the prompt packets. None where too little came, or the scatter hides what
    matters.

    stamped_s: of each packet by the camera's clock (None: it has no stamp); arrived_s: by ours.
    """
    pairs = [
        (stamp, at) for stamp, at in zip(stamped_s, arrived_s, strict=True) if stamp is not None
    ][len(arrived_s) // 5 :]  # the first were waiting when we came
    if len(pairs) < LEAST_PACKETS or pairs[-1][0] - pairs[0][0] < DRIFT_SPAN_S:
        return None
    some = [pairs[n : n + TOGETHER] for n in range(0, len(pairs) - TOGETHER + 1, TOGETHER)]
    prompt = [sorted(few, key=lambda pair: pair[1] - pair[0])[PROMPT] for few in some]
    stamps, arrivals = np.array(prompt).T
    (slope, _), covariance = np.polyfit(stamps - stamps[0], arrivals - stamps, 1, cov=True)
    unsure_ppm = 2e6 * float(np.sqrt(covariance[0, 0]))
    return None if unsure_ppm > DRIFT_PPM else -1e6 * float(slope)
