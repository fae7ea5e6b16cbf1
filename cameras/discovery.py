"""Cameras in the network by ONVIF: who is there (WS-Discovery), and which streams they offer.

The libraries are loaded when they are asked for: nobody else needs them, and they take a second.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from cameras.errors import (
    HostUnknownError,
    NotACameraError,
    PasswordRefusedError,
    UnreachableError,
)
from vision.address import without_login
from vision.probe import FoundCamera, FoundStream

MULTICAST = ("239.255.255.250", 3702)
WAIT_S = 4.0
ANSWER_S = 15.0
LARGEST_BYTES = 65536
ONVIF_WSDL = "http://www.onvif.org/ver10/network/wsdl"
ONVIF_SCOPE = "onvif://www.onvif.org/"
CODECS = {"H264": "h264", "H265": "hevc", "JPEG": "mjpeg", "MPEG4": "mpeg4"}


def discover(
    wait_s: float = WAIT_S, to: tuple[str, int] = MULTICAST, via: Iterable[str] | None = None
) -> tuple[FoundCamera, ...]:
    """The cameras that answer within wait_s, by host. via: our addresses to ask from; by default
    those of all networks that this machine is in."""
    asked_from = list(via if via is not None else _own_addresses())
    sockets = [_asking(address, to) for address in asked_from]
    try:
        answers = {found.host: found for found in _answers(sockets, wait_s)}
    finally:
        for one in sockets:
            one.close()
    return tuple(answers[host] for host in sorted(answers))


def _own_addresses() -> Iterator[str]:
    import ifaddr

    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            if isinstance(ip.ip, str) and not ip.ip.startswith("127."):
                yield ip.ip


def _asking(address: str, to: tuple[str, int]) -> socket.socket:
    """A socket that has sent the question; one network that cannot be asked is no error."""
    from wsdiscovery.actions import constructProbe
    from wsdiscovery.message import createSOAPMessage
    from wsdiscovery.qname import QName

    probe = constructProbe([QName(ONVIF_WSDL, "NetworkVideoTransmitter")], [])
    asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with suppress(OSError):
        asking.bind((address, 0))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 2)
        asking.sendto(createSOAPMessage(probe).encode(), to)
    return asking


def _answers(sockets: list[socket.socket], wait_s: float) -> Iterator[FoundCamera]:
    import select

    from wsdiscovery.message import parseSOAPMessage

    deadline_s = time.monotonic() + wait_s
    while sockets and (left_s := deadline_s - time.monotonic()) > 0:
        for one in select.select(sockets, [], [], left_s)[0]:
            content, (sender, _) = one.recvfrom(LARGEST_BYTES)
            with suppress(Exception):  # anybody may send anything
                answer = parseSOAPMessage(content, sender)
                for match in answer.getProbeResolveMatches() if answer else ():
                    yield _found(match)


def _found(match: Any) -> FoundCamera:
    service = urlsplit(next(a for a in match.getXAddrs() if a.startswith("http")))
    said = [str(scope).removeprefix(ONVIF_SCOPE) for scope in match.getScopes()]
    words = {kind: unquote(value) for kind, _, value in (s.partition("/") for s in reversed(said))}
    host = service.hostname or ""
    return FoundCamera(host, service.port or 80, words.get("name", ""), words.get("hardware", ""))


def look_up(camera: FoundCamera, user: str, password: str) -> tuple[FoundStream, ...]:
    """The streams that the camera offers, largest first. Raises RefusedError."""
    logging.getLogger("zeep").setLevel(logging.WARNING)  # what it debugs may hold the password
    try:
        streams = asyncio.run(asyncio.wait_for(_streams(camera, user, password), ANSWER_S))
    except TimeoutError as error:
        raise UnreachableError(f"{camera.host} does not answer: check its power and cable") from (
            error
        )
    except Exception as error:  # of three libraries
        raise _refused(error, camera) from error
    return tuple(sorted(streams, key=lambda s: s.width * s.height, reverse=True))


async def _streams(camera: FoundCamera, user: str, password: str) -> list[FoundStream]:
    from onvif import ONVIFCamera

    client = ONVIFCamera(camera.host, camera.port, user, password, adjust_time=True)
    try:
        await client.update_xaddrs()
        media = await client.create_media_service()
        return [await _stream(media, profile) for profile in await media.GetProfiles()]
    finally:
        await client.close()


async def _stream(media: Any, profile: Any) -> FoundStream:
    setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
    answer = await media.GetStreamUri({"StreamSetup": setup, "ProfileToken": profile.token})
    video = profile.VideoEncoderConfiguration
    rate = video.RateControl.FrameRateLimit if video and video.RateControl else None
    return FoundStream(
        name=str(profile.Name or profile.token),
        address=without_login(str(answer.Uri)),
        codec=CODECS.get(str(video.Encoding), str(video.Encoding).lower()) if video else "",
        width=int(video.Resolution.Width) if video else 0,
        height=int(video.Resolution.Height) if video else 0,
        rate_hz=float(rate) if rate else None,
    )


def _refused(error: Exception, camera: FoundCamera) -> Exception:
    words = f"{type(error).__name__} {error}".lower()
    if any(sign in words for sign in ("auth", "401", "sender not")):
        return PasswordRefusedError(
            f"{camera.host} refuses the user or password: many cameras have users of their own for "
            "ONVIF, to be made in the camera's page"
        )
    if "name or service" in words or "getaddrinfo" in words:
        return HostUnknownError(f"there is no host {camera.host}: check the name")
    if any(sign in words for sign in ("connect", "timeout", "unreachable")):
        return UnreachableError(
            f"{camera.host}:{camera.port} does not answer: check its power, cable and address"
        )
    return NotACameraError(
        f"{camera.host}:{camera.port} answers, but not as an ONVIF camera: turn ONVIF on in the "
        "camera's page"
    )
