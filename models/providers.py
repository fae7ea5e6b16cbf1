"""What ONNX Runtime computes on. The processor is always there; the others need a build of it that
has them, and hardware.

A provider that is asked for and does not really compute is an error: ONNX Runtime itself falls back
to the processor and says so in a log line. All builds of it are one module, so that of two that are
installed the later one has overwritten half of the other.
"""

from __future__ import annotations

import importlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import onnxruntime

Provider: TypeAlias = "str | tuple[str, Mapping[str, str]]"
"""An execution provider, with its options where it has any."""

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
TENSORRT = "TensorrtExecutionProvider"
LEAST_SHARE = 0.5
"""Of the network's computing time that must be the first provider's. What it does not know (sorting
boxes, for one) stays on the processor."""


class ProviderError(Exception):
    """ONNX Runtime does not run on the device that was asked for. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Hardware:
    """providers: of ONNX Runtime, in order of preference. a_worker_a_core: several workers, each
    on one core, use it best. batch: pictures of one shape that are best computed together."""

    providers: tuple[Provider, ...]
    a_worker_a_core: bool = False
    batch: int = 16


HARDWARE: dict[str, Hardware] = {
    "cpu": Hardware((CPU,), a_worker_a_core=True, batch=1),
    "openvino": Hardware(
        (("OpenVINOExecutionProvider", {"device_type": "CPU", "num_of_threads": "1"}), CPU),
        a_worker_a_core=True,
        batch=1,
    ),
    "cuda": Hardware((CUDA, CPU)),
    "tensorrt": Hardware((TENSORRT, CUDA, CPU)),
}
"""By the name in the hall file's [machine]; but for the processor, the name of an extra, too."""
BUILDS = ("onnxruntime", "onnxruntime-openvino", "onnxruntime-gpu")
INSTALL = {
    "OpenVINOExecutionProvider": "make hardware FOR=openvino, which puts onnxruntime-openvino",
    CUDA: "make hardware FOR=cuda, which puts onnxruntime-gpu",
    TENSORRT: "make hardware FOR=tensorrt, which puts onnxruntime-gpu",
}


def builds_here(found: Callable[[str], str] = version) -> list[str]:
    """Which builds of ONNX Runtime are installed. found: the version of a package."""
    here = []
    for name in BUILDS:
        with suppress(PackageNotFoundError):
            found(name)
            here.append(name)
    return here


def open_session(
    content: bytes, providers: Sequence[Provider], threads: int | None
) -> onnxruntime.InferenceSession:
    """A session on these providers. Raises ProviderError where one is missing, or where the first
    does not really compute."""
    if _name(providers[0]) != CPU:
        check_one_build(builds_here())
    offered = onnxruntime.get_available_providers()
    for name in map(_name, providers):
        if name not in offered:
            remedy = INSTALL.get(name)
            do = "check the name" if remedy is None else f"{remedy} in place of onnxruntime"
            raise ProviderError(
                f"ONNX Runtime offers no {name} here (it offers {', '.join(offered)}): {do}; "
                'or say provider = "cpu" in the hall file'
            )
    _load_libraries([_name(p) for p in providers])
    session = onnxruntime.InferenceSession(
        content, _options(threads), providers=[_name(p) for p in providers],
        provider_options=[dict(_given(p)) for p in providers],
    )  # fmt: skip
    if _name(providers[0]) != CPU:
        _check_computes(content, providers, session)
    return session


def check_one_build(here: Sequence[str]) -> None:
    """Raises ProviderError where more than one is installed."""
    if len(here) > 1:
        raise ProviderError(
            f"{' and '.join(here)} are both installed, and each overwrites the other: "
            "make hardware FOR=openvino, cuda or tensorrt leaves the one that is wanted"
        )


def _load_libraries(wanted: Sequence[str]) -> None:
    """CUDA's and TensorRT's, from where pip puts them: ONNX Runtime by itself looks for them where
    the system keeps its own, and says that there are none."""
    if CUDA in wanted:
        onnxruntime.preload_dlls()
    if TENSORRT in wanted:
        with suppress(ImportError):  # the system may have it
            importlib.import_module("tensorrt")


def _check_computes(
    content: bytes, providers: Sequence[Provider], session: onnxruntime.InferenceSession
) -> None:
    wanted, active = _name(providers[0]), session.get_providers()
    share = _share_computed(content, providers) if wanted in active else 0.0
    if share < LEAST_SHARE:
        raise ProviderError(
            f"asked for {wanted}, but it computes {share:.0%} of the network (active: "
            f"{', '.join(active)}): check the device and its driver, or say "
            'provider = "cpu" in the hall file'
        )


def _share_computed(content: bytes, providers: Sequence[Provider]) -> float:
    """Which share of the work on one small picture the first provider does, by the profile of a
    session of its own."""
    with tempfile.TemporaryDirectory() as folder:
        options = _options(1)
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder) / "profile")
        probe = onnxruntime.InferenceSession(
            content, options, providers=[_name(p) for p in providers],
            provider_options=[dict(_given(p)) for p in providers],
        )  # fmt: skip
        probe.run(None, {"images": np.zeros((1, 3, 64, 64), np.float32)})
        events = json.loads(Path(probe.end_profiling()).read_text())
    return share_of(events, _name(providers[0]))


def share_of(events: Sequence[Mapping[str, Any]], provider: str) -> float:
    """The provider's share of the computing time in a profile of ONNX Runtime."""
    spent: Counter[str] = Counter()
    for event in events:
        if event.get("cat") == "Node" and event.get("name", "").endswith("_kernel_time"):
            spent[event.get("args", {}).get("provider", "")] += event.get("dur", 0)
    total = sum(spent.values())
    return spent[provider] / total if total else 0.0


def _options(threads: int | None) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others compute too
    options.log_severity_level = 3
    if threads is not None:
        options.intra_op_num_threads = threads
    return options


def _name(provider: Provider) -> str:
    return provider if isinstance(provider, str) else provider[0]


def _given(provider: Provider) -> Mapping[str, str]:
    return {} if isinstance(provider, str) else provider[1]
