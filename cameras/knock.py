"""Is there a camera at this address? The answer in words that say what to do."""

from __future__ import annotations

import socket
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

import av

from cameras.errors import (
    AddressError,
    HostUnknownError,
    NoStreamError,
    NotACameraError,
    PasswordRefusedError,
    PortClosedError,
    SilentError,
    UnreachableError,
)
from vision.address import reason, shown
from vision.probe import RefusedError

PORTS = {"rtsp": 554, "rtsp+udp": 554, "rtsps": 322, "http": 80, "https": 443}


def knock(url: str, patience_s: float) -> None:
    """See whether the host of a network address answers, and with RTSP where the address says so.
    Raises RefusedError."""
    parts, port = _host_and_port(url)
    host = parts.hostname or ""
    try:
        with socket.create_connection((host, port), timeout=patience_s) as connection:
            if parts.scheme in ("rtsp", "rtsp+udp"):
                _greet(connection, f"{host}:{port}")
    except socket.gaierror as error:
        raise HostUnknownError(
            f"there is no host {host}: check the name, or write the camera's IP address"
        ) from error
    except ConnectionRefusedError as error:
        raise PortClosedError(
            f"{host} is there, but nothing answers on its port {port}: check the port (554 for "
            "most cameras), and that RTSP is turned on in the camera"
        ) from error
    except RefusedError:
        raise
    except OSError as error:
        raise UnreachableError(
            f"{host} cannot be reached ({reason(error, url)}): check that the camera has power, "
            "its cable and its IP address, and that this machine is in its network"
        ) from error


def _host_and_port(url: str) -> tuple[SplitResult, int]:
    parts = urlsplit(url)
    try:
        port = parts.port or PORTS[parts.scheme]
        if "@" in parts.path:
            raise ValueError("an unescaped sign in the password ends the host too early")
    except (ValueError, KeyError) as error:
        raise AddressError(
            f"{shown(url)} is no camera's address: write rtsp://user:password@host:554/path, and "
            "in user and password %40 for @, %3A for :, %2F for /"
        ) from error
    if not parts.hostname:
        raise AddressError(f"{shown(url)} names no host: write rtsp://user:password@host/path")
    return parts, port


def _greet(connection: socket.socket, host: str) -> None:
    """Ask what the server can do; a camera answers in RTSP, whatever it answers."""
    answer = b""
    with suppress(TimeoutError, ConnectionError):
        connection.sendall(f"OPTIONS rtsp://{host}/ RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode())
        answer = connection.recv(64)
    if not answer:
        raise UnreachableError(
            f"{host} takes the connection and says nothing: wait if the camera is starting, else "
            "check the address and the port, 554 for most cameras"
        )
    if not answer.startswith(b"RTSP/"):
        raise NotACameraError(
            f"{host} answers, but is no camera (it does not speak RTSP): check the port, 554 for "
            "most cameras"
        )


def why_not(error: Exception, url: str) -> RefusedError:
    """What an error of the library says about an address whose host answered."""
    at = shown(url)
    if isinstance(error, RefusedError):
        return error
    if isinstance(error, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError):
        return PasswordRefusedError(
            f"{at} refuses the user or password: check both in the camera's own page; after "
            "several wrong ones many cameras lock the account for half an hour"
        )
    if isinstance(error, av.error.HTTPNotFoundError | av.error.HTTPBadRequestError):
        return NoStreamError(
            f"the camera answers, but has no stream at {at}: look up the path in the camera's "
            "manual, or let `hallwatch cameras discover` ask it"
        )
    if isinstance(error, av.error.InvalidDataError | av.error.ExitError | TimeoutError):
        return SilentError(f"{at} answers, but sends no video: is it the address of a video?")
    return SilentError(f"{at} answers, but its video cannot be read ({reason(error, url)})")
