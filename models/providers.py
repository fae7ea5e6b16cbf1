"""What ONNX Runtime computes on. The processor is always there; the others need a build of it that
has them, and hardware.

A provider that is asked for and does not really compute is an error: ONNX Runtime itself falls back
to the processor and says so in a log line.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import onnxruntime

Provider: TypeAlias = "str | tuple[str, Mapping[str, str]]"
"""An execution provider, with its options where it has any."""

CPU = "CPUExecutionProvider"
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
    "cuda": Hardware(("CUDAExecutionProvider", CPU)),
    "tensorrt": Hardware(("TensorrtExecutionProvider", "CUDAExecutionProvider", CPU)),
}
"""By the name in the hall file's [machine]."""
INSTALL = {
    "OpenVINOExecutionProvider": "pip install onnxruntime-openvino, in place of onnxruntime",
    "CUDAExecutionProvider": "pip install onnxruntime-gpu, in place of onnxruntime",
    "TensorrtExecutionProvider": "pip install onnxruntime-gpu tensorrt, in place of onnxruntime",
}


def open_session(
    content: bytes, providers: Sequence[Provider], threads: int | None
) -> onnxruntime.InferenceSession:
    """A session on these providers. Raises ProviderError where one is missing, or where the first
    does not really compute."""
    offered = onnxruntime.get_available_providers()
    for name in map(_name, providers):
        if name not in offered:
            remedy = INSTALL.get(name, "check the name")
            raise ProviderError(
                f"ONNX Runtime offers no {name} here (it offers {', '.join(offered)}): {remedy}, "
                'or say provider = "cpu" in the hall file'
            )
    session = onnxruntime.InferenceSession(
        content, _options(threads), providers=[_name(p) for p in providers],
        provider_options=[dict(_given(p)) for p in providers],
    )  # fmt: skip
    if _name(providers[0]) != CPU:
        _check_computes(content, providers, session)
    return session


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
