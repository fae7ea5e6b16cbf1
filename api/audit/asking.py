"""Who asks, and from where: for routes that write the access log."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from api.audit.record import AccessBy
from api.site import Sender


def _by(sender: Sender) -> AccessBy:
    return AccessBy.of(sender)


By = Annotated[AccessBy, Depends(_by)]
