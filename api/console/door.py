"""What the console asks of sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from api.audit.record import AccessBy
from api.halls.reach import Halls
from api.users.permissions import Permission, permissions_of
from api.users.tables import Role
from api.users.tokens import ONLY_OWN


class SignInRefusedError(PermissionError):
    """Wrong name or password, or too many tries; `locked_s` is then how long to wait."""

    def __init__(self, locked_s: float | None = None) -> None:
        self.locked_s = locked_s
        super().__init__("sign-in refused")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is signed in. `staff_id`: whom of the roster a clerk is. `address`: where they sit; ""
    where nobody knows. `must_change`: their password was given by somebody else; until they chose
    another, only their own account is open to them."""

    user_id: int
    name: str
    full_name: str
    role: Role
    halls: Halls
    staff_id: int | None = None
    address: str = ""
    must_change: bool = False

    @property
    def permissions(self) -> frozenset[Permission]:
        return ONLY_OWN if self.must_change else permissions_of(self.role)


class Door(Protocol):
    """Lets people in and out. Secrets travel in the cookie named `cookie`."""

    @property
    def cookie(self) -> str: ...

    @property
    def office(self) -> str | None:
        """The address of the office's own sign-in; None: there is none."""
        ...

    def sign_in(self, name: str, password: str, now: datetime, address: str = "") -> str:
        """The secret of a new session. Raises SignInRefusedError."""
        ...

    def whose(self, secret: str, now: datetime) -> Viewer | None: ...

    def change_password(
        self, by: AccessBy, secret: str, present: str, new: str, now: datetime
    ) -> None:
        """Another password for oneself. Raises what `change_own_password` raises."""
        ...

    def sign_out(self, secret: str, now: datetime, address: str = "") -> None: ...
