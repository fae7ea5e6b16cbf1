"""How many cameras a machine carries, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.capacity import Cost, Disk, Plan, advice, camera_ms, carried
from cli.main import app

COST = Cost(whole_ms=27.0, close_up_ms=21.0, second_ms=4.4, main_ms=27.0)
DISK = Disk(write_mb_s=400.0, commit_ms=5.0)
PLAN = Plan(cameras=10, windows=2.0, without_second=0)


def test_a_camera_costs_its_looks_and_its_decoding() -> None:
    assert camera_ms(COST, 0.0, True) == pytest.approx(1.2 * (0.65 * 27 + 4.4))
    assert camera_ms(COST, 2.0, True) == pytest.approx(1.2 * (0.65 * 27 + 21 + 4.4 + 13.5))
    assert camera_ms(COST, 2.0, False) > camera_ms(COST, 2.0, True)


@pytest.mark.parametrize(
    ("cores", "windows", "cameras"), [(1, 2.0, 12), (2, 2.0, 25), (8, 2.0, 100), (2, 8.0, 11)]
)
def test_more_cores_carry_more_and_more_windows_less(
    cores: int, windows: float, cameras: int
) -> None:
    assert carried(COST, cores, windows) == pytest.approx(cameras, abs=1)


def test_the_weakest_machine_carries_one() -> None:
    assert carried(replace(COST, whole_ms=5000.0), 1, 2.0) == 1


@pytest.mark.parametrize(
    ("cores", "disk", "plan", "said"),
    [
        (2, DISK, PLAN, []),
        (2, DISK, replace(PLAN, cameras=60), ["More cameras than this machine carries"]),
        (2, DISK, replace(PLAN, without_second=3), ["3 cameras have no second stream"]),
        (2, replace(DISK, write_mb_s=8.0), PLAN, ["The disk takes 8 MB/s"]),
        (2, replace(DISK, commit_ms=400.0), PLAN, ["The database takes 400 ms"]),
        (
            1,
            Disk(5.0, 900.0),
            Plan(40, 3.0, 40),
            ["More cameras", "40 cameras have no", "The disk", "The database"],
        ),
    ],
)
def test_what_to_change(cores: int, disk: Disk, plan: Plan, said: list[str]) -> None:
    told = advice(COST, disk, cores, plan)
    assert len(told) == len(said)
    for (chinese, english), beginning in zip(told, said, strict=True):
        assert english.startswith(beginning)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


def test_the_command_measures_this_machine(tmp_path: Path) -> None:
    hall = Path(__file__).parent / "footage" / "phone" / "hall.toml"
    done = CliRunner().invoke(app, ["doctor", "--hall", str(hall), "--var", str(tmp_path / "var")])
    assert done.exit_code == 0, done.output
    assert "路摄像机" in done.output
    assert "sub_url" in done.output
    assert list((tmp_path / "var").iterdir()) == []
