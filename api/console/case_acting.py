"""Doing something to a case from a page: the same service as the HTTP interface, kind words."""

from __future__ import annotations

from api.alerts.acts import UnknownAlertError
from api.alerts.own import OwnAlertError
from api.cases.acting import (
    CaseChangedError,
    CaseRefusedError,
    NotYoursError,
    Saying,
    UnknownCaseError,
    UnknownNumberError,
    WordsMissingError,
    do,
)
from api.cases.law import CaseAct
from api.cases.opening import AlertInCaseError
from api.cases.views import CaseDetail
from api.console import times
from api.console.beat import signed_out
from api.console.page import Visit
from api.console.parts import tell


def do_kindly(visit: Visit, case: CaseDetail, act: CaseAct, saying: Saying) -> bool:
    """Do it to the case as it was seen, and say so; say why not where it cannot be done. True if
    it was done."""
    if signed_out(visit):
        return False
    try:
        _do(visit, case, act, saying)
    except (CaseChangedError, CaseRefusedError, AlertInCaseError) as error:
        tell(_why(visit, error), "warning")
    except OwnAlertError:
        tell(visit.say("alert_own"), "warning")
    except WordsMissingError:
        tell(visit.say("case_words_missing"), "warning")
    except NotYoursError:
        tell(visit.say("not_yours"), "warning")
    except (UnknownCaseError, UnknownNumberError, UnknownAlertError):
        tell(visit.say("case_gone"), "warning")
    else:
        return True
    return False


def _do(visit: Visit, case: CaseDetail, act: CaseAct, saying: Saying) -> None:
    with visit.console.database.session() as session:
        do(session, case.id, act, visit.viewer, case.version, visit.now(), saying)


def _why(visit: Visit, error: CaseChangedError | CaseRefusedError | AlertInCaseError) -> str:
    say = visit.say
    if isinstance(error, CaseRefusedError):
        return say.of("refused", error.why)
    if isinstance(error, AlertInCaseError):
        return say("case_in_case", number=error.number)
    return say(
        "case_first_was",
        who=error.who,
        act=say.of("case_act", error.act),
        time=times.day_clock(error.at, visit.now(), visit.zone, say),
    )
