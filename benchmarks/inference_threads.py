"""Whether inference threads should spin while they wait, and how many a session should have.

    python -m benchmarks.inference_threads

One or two processes infer pictures of 640x384 with the shipped model for some seconds: with one or
two threads each, which spin or sleep between their pieces of work. Printed are pictures a second of
all together, and processor milliseconds a picture.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
import time
from typing import Annotated

import numpy as np
import onnxruntime
import typer

from models.manifest import load_manifest, verified_bytes

SIZE = (384, 640)
WARM_UP = 3


def main(seconds: Annotated[float, typer.Option(help="Of each measurement.")] = 6.0) -> None:
    """Measure every combination, one after the other."""
    print(f"{platform.machine()}, {os.cpu_count()} cores")
    print("| processes | threads each | waiting | pictures/s | CPU ms a picture |")
    print("|---|---|---|---|---|")
    for processes in (1, 2):
        for threads in (1, 2):
            for spins in (True, False):
                with multiprocessing.get_context("spawn").Pool(processes) as pool:
                    found = pool.starmap(measured, [(threads, spins, seconds)] * processes)
                rate = sum(r for r, _ in found)
                cpu_ms = sum(ms for _, ms in found) / processes
                how = "spins" if spins else "sleeps"
                print(
                    f"| {processes} | {threads} | {how} | {rate:.1f} | {cpu_ms:.0f} |", flush=True
                )


def measured(threads: int, spins: bool, seconds: float) -> tuple[float, float]:
    """Pictures a second, and processor milliseconds a picture."""
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads, options.intra_op_num_threads = 1, threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "1" if spins else "0")
    content = verified_bytes(load_manifest().entry(None))
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    picture = np.random.default_rng(1).random((1, 3, *SIZE), np.float32)
    name = session.get_inputs()[0].name
    for _ in range(WARM_UP):
        session.run(None, {name: picture})
    looks, cpu_s, began_s = 0, time.process_time(), time.perf_counter()
    while time.perf_counter() - began_s < seconds:
        session.run(None, {name: picture})
        looks += 1
    spent_s = time.perf_counter() - began_s
    return looks / spent_s, 1000 * (time.process_time() - cpu_s) / looks


if __name__ == "__main__":
    typer.run(main)
