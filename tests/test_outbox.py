"""The outbox keeps order, survives a backend that is down, and never loses an item."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from api.outbox import Outbox, RefusedError


class Backend:
    """Takes items while it is up; refuses those that say so."""

    def __init__(self, up: bool = True) -> None:
        self.up = up
        self.took: list[Any] = []
        self.tries = 0
        self.tried = threading.Event()
        self.done = threading.Event()

    def deliver(self, kind: str, body: dict[str, Any]) -> None:
        self.tries += 1
        self.tried.set()
        if not self.up:
            raise ConnectionError("database is down")
        if body.get("bad"):
            raise RefusedError("no such hall")
        self.took.append((kind, body["n"]))
        if body.get("last"):
            self.done.set()


def test_items_arrive_in_order_and_leave_the_disk(tmp_path: Path) -> None:
    backend = Backend()
    box = Outbox(tmp_path, backend.deliver).start()
    for n in range(20):
        box.put("alert", {"n": n, "last": n == 19})
    assert backend.done.wait(5)
    box.close()
    assert backend.took == [("alert", n) for n in range(20)]
    assert box.waiting() == []


def test_a_backend_that_is_down_gets_everything_once_it_is_back(tmp_path: Path) -> None:
    backend = Backend(up=False)
    box = Outbox(tmp_path, backend.deliver, first_pause_s=0.01, last_pause_s=0.02).start()
    for n in range(3):
        box.put("alert", {"n": n, "last": n == 2})
    assert backend.tried.wait(5)
    assert len(box.waiting()) == 3
    backend.up = True
    assert backend.done.wait(5)
    box.close()
    assert [n for _, n in backend.took] == [0, 1, 2]


def test_what_was_not_taken_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Outbox(tmp_path, Backend(up=False).deliver, first_pause_s=0.01).start()
    first.put("alert", {"n": 1})
    first.put("clip", {"n": 2, "last": True})
    first.close()
    backend = Backend()
    second = Outbox(tmp_path, backend.deliver).start()
    assert backend.done.wait(5)
    second.close()
    assert backend.took == [("alert", 1), ("clip", 2)]


def test_a_refused_item_is_set_aside_and_holds_nothing_up(tmp_path: Path) -> None:
    backend = Backend()
    box = Outbox(tmp_path, backend.deliver).start()
    box.put("alert", {"n": 1, "bad": True})
    box.put("alert", {"n": 2, "last": True})
    assert backend.done.wait(5)
    box.close()
    assert backend.took == [("alert", 2)]
    assert len(list(box.refused.glob("*.json"))) == 1


def test_what_a_full_disk_refuses_waits_in_memory_and_keeps_its_place(tmp_path: Path) -> None:
    backend = Backend()
    box = Outbox(tmp_path / "box", backend.deliver, first_pause_s=0.01, last_pause_s=0.02)
    box.folder.rmdir()  # writing fails as on a full or unmounted disk, also for root
    box.put("alert", {"n": 1})
    box.put("alert", {"n": 2, "last": True})
    assert box.waiting() == []
    box.folder.mkdir()
    box.start()
    assert backend.done.wait(5)
    box.close()
    assert [n for _, n in backend.took] == [1, 2]


def test_what_a_full_disk_refuses_is_delivered_from_memory(tmp_path: Path) -> None:
    backend = Backend(up=False)
    box = Outbox(tmp_path / "box", backend.deliver, first_pause_s=0.01, last_pause_s=0.02)
    box.folder.rmdir()
    box.start()
    for n in range(3):
        box.put("alert", {"n": n, "last": n == 2})
    assert backend.tried.wait(5)
    backend.up = True
    assert backend.done.wait(5)
    box.close()
    assert [n for _, n in backend.took] == [0, 1, 2]
    assert box.waiting() == []


def test_half_an_item_left_by_a_power_cut_holds_nothing_up(tmp_path: Path) -> None:
    (tmp_path / "000000000001.json").write_text("")
    (tmp_path / "000000000002.json").write_text("[1]")
    backend = Backend()
    box = Outbox(tmp_path, backend.deliver).start()
    box.put("alert", {"n": 3, "last": True})
    assert backend.done.wait(5)
    box.close()
    assert backend.took == [("alert", 3)]
    assert len(list(box.refused.glob("*.json"))) == 2


def test_what_is_refused_after_a_restart_overwrites_nothing_refused_before(tmp_path: Path) -> None:
    for n in range(2):
        backend = Backend()
        box = Outbox(tmp_path, backend.deliver).start()
        box.put("alert", {"n": n, "bad": True})
        box.put("alert", {"n": n, "last": True})
        assert backend.done.wait(5)
        box.close()
    assert len(list(box.refused.glob("*.json"))) == 2
