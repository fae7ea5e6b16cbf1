"""Addresses as they may be shown: credentials stay out of logs, errors and screens."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

HIDDEN = "***"


def shown(url: str) -> str:
    """The address without user name, password and query, which may hold them too."""
    parts = urlsplit(url)
    if not parts.scheme or not parts.netloc:
        return url
    user, at, host = parts.netloc.rpartition("@")
    netloc = f"{HIDDEN}@{host}" if at and user else host
    return urlunsplit((parts.scheme, netloc, parts.path, HIDDEN if parts.query else "", ""))


def reason(error: BaseException, url: str) -> str:
    """Why it failed, in the library's own words but without the address it may quote."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    for secret in (url, urlsplit(url).netloc.rpartition("@")[0]):
        if secret:
            text = text.replace(secret, HIDDEN)
    return text
