"""Doing something to an alert from a page: the same service as the HTTP interface, kind words."""

from __future__ import annotations

from api.alerts.acts import (
    Act,
    ActRefusedError,
    ReasonMissingError,
    UnknownAlertError,
    act_on,
)
from api.alerts.own import OwnAlertError
from api.audit.record import AccessBy
from api.cases.opening import refer_alert
from api.console.beat import signed_out
from api.console.page import Visit
from api.console.parts import tell
from api.users.permissions import Permission


def may_act(visit: Visit, act: Act) -> bool:
    """Whether this person's role allows the act at all."""
    refers = act is Act.REFER
    return visit.may(Permission.ALERTS_REFER if refers else Permission.ALERTS_SETTLE)


def act_kindly(visit: Visit, uid: str, act: Act, reason: str = "") -> bool:
    """Do it and say so; say why not where it cannot be done. True if it was done."""
    say, viewer = visit.say, visit.viewer
    if signed_out(visit):
        return False
    if not may_act(visit, act):
        tell(say("not_yours"), "warning")
        return False
    try:
        with visit.console.database.session() as session:
            if act is Act.REFER:
                refer_alert(session, uid, viewer, visit.now(), reason)
            else:
                by = AccessBy.of(viewer)
                act_on(session, uid, act, by, visit.now(), reason, viewer.halls)
    except ActRefusedError as error:
        tell(say("someone_was_faster", state=say.of("state", error.state)), "warning")
    except OwnAlertError:
        tell(say("alert_own"), "warning")
    except ReasonMissingError:
        tell(say("reason_missing"), "warning")
    except UnknownAlertError:
        tell(say("alert_gone"), "warning")
    else:
        tell(say.of("act_done", act), "positive")
        return True
    return False
