"""Alerts as JSON and back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.observations import stamp
from tests.test_evidence import ENDED, RAISED
from vision.records import Alert, Severity, Step, alert_uid
from vision.wire import alert_from_table, alert_table


@pytest.mark.parametrize("alert", [RAISED, ENDED, replace(RAISED, why={"count": 9, "x": None})])
def test_an_alert_survives_the_wire(alert: Alert) -> None:
    assert alert_from_table(json.loads(json.dumps(alert_table(alert)))) == alert


@pytest.mark.parametrize("spoilt", [{"step": "gone"}, {"severity": "dire"}, {"began": {}}])
def test_what_is_no_alert_is_refused(spoilt: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        alert_from_table(alert_table(RAISED) | spoilt)


def test_one_event_has_one_name_to_the_millisecond() -> None:
    began = stamp(1).wall
    assert alert_uid("cam1", "eating", "w1", began) == alert_uid(
        "cam1", "eating", "w1", began.replace(microsecond=400)
    )
    names = {
        alert_uid("cam1", "eating", "w1", began),
        alert_uid("cam2", "eating", "w1", began),
        alert_uid("cam1", "phone_use", "w1", began),
        alert_uid("cam1", "eating", "w2", began),
        alert_uid("cam1", "eating", "w1", stamp(2).wall),
    }
    assert len(names) == 5


def test_an_alert_without_its_end_is_no_ended_alert() -> None:
    with pytest.raises(ValueError, match="exactly when"):
        replace(RAISED, step=Step.ENDED, severity=Severity.NOTICE)
