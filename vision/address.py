"""Addresses as they may be shown: credentials stay out of logs, errors and screens."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit, urlunsplit

HIDDEN = "***"
USUAL_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}


def shown(url: str) -> str:
    """The address without user name, password and query, which may hold them too. A password with
    an unescaped @ or / in it is hidden as well: what stands before the last @ is no host."""
    scheme, colon, rest = url.partition("://")
    if not colon:
        return url
    place, mark, _ = rest.partition("?")
    _, at, host = place.rpartition("@")
    hidden = f"{HIDDEN}@{host}" if at else place
    return f"{scheme}://{hidden}" + (f"?{HIDDEN}" if mark else "")


def reason(error: BaseException, url: str) -> str:
    """Why it failed, in the library's own words but without the address it may quote."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    for secret in (url, urlsplit(url).netloc.rpartition("@")[0]):
        if secret:
            text = text.replace(secret, HIDDEN)
    return text


def with_login(url: str, user: str, password: str) -> str:
    """The address with these credentials in place of those that it holds, written such that no
    sign in them can be mistaken; without a user it holds none."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
    return urlunsplit(parts._replace(netloc=login + host))


def without_login(url: str) -> str:
    """The address as it names the camera: two that differ in credentials only are one camera's."""
    return with_login(url, "", "") if "://" in url else url


def line_of(url: str) -> str:
    """What the address leads to, however it is written: without credentials, the way of transport
    (`rtsp+udp`), the usual port, and a slash at the end; "" for a recording."""
    if url.startswith("/dev/video"):
        return f"usb:{url.removeprefix('/dev/video')}"
    parts = urlsplit(without_login(url))
    scheme = parts.scheme.lower().partition("+")[0]
    if scheme in ("", "file", "loop"):
        return ""
    host = parts.netloc.lower().removesuffix(f":{USUAL_PORTS.get(scheme, '')}")
    return urlunsplit(parts._replace(scheme=scheme, netloc=host)).rstrip("/")


def login_of(url: str) -> tuple[str, str]:
    """User and password of the address, "" where it holds none."""
    parts = urlsplit(url)
    return unquote(parts.username or ""), unquote(parts.password or "")
