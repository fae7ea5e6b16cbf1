"""What is drawn over an alert's clip."""

from __future__ import annotations

from api.alerts.views import BoxSeen
from api.console.alert_film import drawn_boxes
from api.console.strings import Say

CLERK = (100.0, 100.0, 180.0, 220.0)
SAME = (101.0, 99.0, 181.0, 221.0)
OTHER = (300.0, 100.0, 380.0, 220.0)


def seen(label: str, score: float, xyxy: tuple[float, float, float, float]) -> BoxSeen:
    return BoxSeen(label=label, score=score, xyxy=xyxy)


def test_what_a_person_does_is_written_behind_the_person() -> None:
    boxes = [
        seen("person", 0.93, CLERK), seen("person", 0.8, OTHER), seen("eating", 0.89, SAME),
        seen("food", 0.65, (130.0, 120.0, 150.0, 140.0)),
    ]  # fmt: skip
    assert drawn_boxes(boxes, Say("zh")) == [
        ["person", "人 93% · 进食 89%", *CLERK],
        ["person", "人 80%", *OTHER],
        ["food", "食物 65%", 130.0, 120.0, 150.0, 140.0],
    ]


def test_what_is_done_by_nobody_who_is_told_has_a_box_of_its_own() -> None:
    boxes = [seen("head_down", 0.7, CLERK), seen("person", 0.8, OTHER)]
    assert drawn_boxes(boxes, Say("en")) == [
        ["head_down", "head down 70%", *CLERK], ["person", "person 80%", *OTHER],
    ]  # fmt: skip
