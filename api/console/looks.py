"""The console's looks: every sheet of `static/` in one file, and what a page's head holds."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Response

from api.console.parts import STATIC

FOLDER = Path(__file__).parent / "static"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@cache
def _sheet() -> bytes:
    """All sheets as one: `console.css` first, then the pages' own by name."""
    files = sorted(FOLDER.glob("*.css"), key=lambda f: (f.stem != "console", f.stem))
    return b"\n".join(file.read_bytes() for file in files)


@cache
def sheet_address() -> str:
    """Named by its content, so that a browser may keep it for ever."""
    return f"/console/looks-{hashlib.sha256(_sheet()).hexdigest()[:12]}.css"


def head() -> str:
    """What stands in the head of every page; `frame.js` runs before anything is drawn."""
    return (
        f'<link rel="stylesheet" href="{sheet_address()}">'
        f'<script src="{STATIC}/frame.js"></script><script src="{STATIC}/drafts.js"></script>'
    )


def looks_router() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get(sheet_address())
    def looks() -> Response:
        return Response(_sheet(), media_type="text/css", headers=FOR_EVER)

    return router
