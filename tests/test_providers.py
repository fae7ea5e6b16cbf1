"""Hardware that is asked for and does not compute is an error, not a warning."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import onnxruntime
import pytest

from models.manifest import load_manifest, verified_bytes
from models.providers import (
    BUILDS,
    CPU,
    HARDWARE,
    ProviderError,
    builds_here,
    check_one_build,
    open_session,
    share_of,
)


def event(name: str, provider: str, took_us: int) -> dict[str, object]:
    return {"cat": "Node", "name": name, "dur": took_us, "args": {"provider": provider}}


@pytest.mark.parametrize(
    ("events", "share"),
    [
        ([], 0.0),
        ([event("conv_kernel_time", CPU, 9)], 0.0),
        ([event("conv_kernel_time", "CUDAExecutionProvider", 9)], 1.0),
        (
            [event("a_kernel_time", "CUDAExecutionProvider", 6), event("b_kernel_time", CPU, 2)],
            0.75,
        ),
        (
            [event("a_fence_before", "CUDAExecutionProvider", 6), event("b_kernel_time", CPU, 2)],
            0.0,
        ),
        ([{"cat": "Session", "name": "model_loading", "dur": 100}], 0.0),
    ],
)
def test_the_share_of_a_profile(events: list[dict[str, object]], share: float) -> None:
    assert share_of(events, "CUDAExecutionProvider") == share


@pytest.mark.parametrize("name", sorted(set(HARDWARE) - {"cpu"}))
def test_hardware_that_is_not_there_is_named_with_what_to_install(name: str) -> None:
    wanted = str(HARDWARE[name].providers[0])
    if any(offered in wanted for offered in onnxruntime.get_available_providers()):
        pytest.skip("this build has it")
    with pytest.raises(ProviderError, match=rf'make hardware FOR={name}.*provider = "cpu"'):
        open_session(verified_bytes(load_manifest().entry()), HARDWARE[name].providers, 1)


def test_a_provider_that_is_active_and_computes_nothing_is_an_error() -> None:
    """AzureExecutionProvider is in every build, becomes active, and takes no node of ours."""
    azure = "AzureExecutionProvider"
    assert azure in onnxruntime.get_available_providers()
    with pytest.raises(ProviderError, match="computes 0% of the network"):
        open_session(verified_bytes(load_manifest().entry()), (azure, CPU), 1)


def test_two_builds_in_one_environment_are_told_apart() -> None:
    """Whatever was installed last has overwritten half of the other."""

    def found(name: str) -> str:
        if name == "onnxruntime-gpu":
            raise PackageNotFoundError(name)
        return "1.24.1"

    here = builds_here(found)
    assert here == ["onnxruntime", "onnxruntime-openvino"]
    with pytest.raises(ProviderError, match="each overwrites the other: make hardware"):
        check_one_build(here)
    check_one_build(here[1:])
    assert builds_here() == ["onnxruntime"]


def test_every_provider_but_the_processor_is_an_extra() -> None:
    table = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    extras = table["project"]["optional-dependencies"]
    assert set(HARDWARE) - set(extras) == {"cpu"}
    for name in set(HARDWARE) - {"cpu"}:
        assert any(extra.startswith(BUILDS[1:]) for extra in extras[name]), name
