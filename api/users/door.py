"""The console's door, opened by name and password."""

from __future__ import annotations

from datetime import datetime

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.console.door import SignInRefusedError as ConsoleRefusal
from api.console.door import Viewer
from api.database import Database
from api.settings import Settings
from api.site import SESSION_COOKIE
from api.users.oidc_routes import START
from api.users.own import change_own_password
from api.users.signing_in import AccountLockedError, SignInRefusedError, sign_in
from api.users.tokens import principal_of, revoke_secret


class PasswordDoor:
    """Lets people into the console with the same sessions as the API's."""

    cookie = SESSION_COOKIE

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    @property
    def office(self) -> str | None:
        return None if self._settings.oidc is None else START

    def sign_in(self, name: str, password: str, now: datetime, address: str = "") -> str:
        """The secret of a new session. Raises the console's SignInRefusedError."""
        try:
            return sign_in(self._database, self._settings, name, password, now, address)
        except AccountLockedError as error:
            raise ConsoleRefusal(error.wait_s) from error
        except SignInRefusedError as error:
            raise ConsoleRefusal from error

    def whose(self, secret: str, now: datetime) -> Viewer | None:
        """Who the session's person is; None for a token too."""
        with self._database.reading() as session:
            found = principal_of(session, secret, now)
        if found is None or found.user_id is None or found.scoped:
            return None
        return Viewer(
            user_id=found.user_id,
            name=found.name,
            full_name=found.full_name,
            role=found.role,
            halls=found.halls,
            staff_id=found.staff_id,
            must_change=found.must_change,
        )

    def change_password(
        self, by: AccessBy, secret: str, present: str, new: str, now: datetime
    ) -> None:
        change_own_password(self._database, self._settings, by, secret, present, new, now)

    def sign_out(self, secret: str, now: datetime, address: str = "") -> None:
        with self._database.session() as session:
            who = principal_of(session, secret, now)
            revoke_secret(session, secret, now)
            if who is not None:
                by = AccessBy(who.user_id, who.full_name, address)
                record_access(session, by, Access.SIGN_OUT, f"account/{who.name}", now)
