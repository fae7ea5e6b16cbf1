"""Every table, gathered: whoever needs the whole schema imports `metadata` from here."""

from api.alerts import tables as alerts
from api.audit import tables as audit
from api.cases import tables as cases
from api.cases import terms as case_terms
from api.complaints import tables as complaints
from api.database import Base
from api.exemptions import tables as exemptions
from api.footage import tables as footage
from api.halls import tables as halls
from api.notices import tables as notices
from api.reports import tables as reports
from api.retention import tables as retention
from api.roster import tables as roster
from api.tickets import tables as tickets
from api.users import preferences
from api.users import tables as users
from api.workdays import tables as workdays

__all__ = [
    "alerts",
    "audit",
    "case_terms",
    "cases",
    "complaints",
    "exemptions",
    "footage",
    "halls",
    "metadata",
    "notices",
    "preferences",
    "reports",
    "retention",
    "roster",
    "tickets",
    "users",
    "workdays",
]

metadata = Base.metadata
