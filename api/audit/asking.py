"""Who asks, and from where: for routes that write the access log."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.audit.record import AccessBy
from api.site import Sender


def address_of(request: Request) -> str:
    """The network address that the request came from; "" where there is none."""
    return "" if request.client is None else request.client.host


def _by(request: Request, sender: Sender) -> AccessBy:
    return AccessBy.of(sender, address_of(request))


By = Annotated[AccessBy, Depends(_by)]
