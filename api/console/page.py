"""One visit to one page: who looks, in which language, at which hall; and the frame around it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Request
from nicegui import ui
from nicegui.language import Language as QuasarLanguage

from api.console.door import Door, Viewer
from api.console.entry import Entry
from api.console.strings import LANGUAGES, Language, Say
from api.database import Database
from api.events import AlertNews
from api.footage.keeping import Cutter
from api.halls.filing import HallFile
from api.halls.reading import hall_rows
from api.halls.rehearsal import Stage
from api.halls.setup import CameraSetup
from api.halls.tables import HallRow
from api.health.board import HealthBoard
from api.live import LiveBoard, Shown
from api.site import address_of
from api.users.permissions import Permission
from api.users.preferences import preference_of
from api.vault import Vault

SCOPE_KEY = "hallwatch.console"
LANGUAGE_COOKIE = "hallwatch_language"
APPEARANCE_COOKIE = "hallwatch_appearance"
HALL_COOKIE = "hallwatch_hall"


class NewsCount:
    """How often something happened to an alert: a page that knows the number knows if it is old."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.count = 0

    def told(self, _news: AlertNews) -> None:
        with self._lock:
            self.count += 1


@dataclass(frozen=True, slots=True)
class Console:
    """Everything that the pages of one application need.

    evidence: the folder of clips and stills. now: gives the aware current time. pages: all of
    them, in the order of the navigation. cutters: of each hall that is recorded here, who cuts
    footage out. health: of the cameras watched by this process. hall_file: where this process may
    edit it. cameras: to set those up. stage: whoever can watch footage again.
    """

    database: Database
    live: LiveBoard
    news: NewsCount
    door: Door
    evidence: Path
    now: Callable[[], datetime]
    pages: tuple[Entry, ...]
    cutters: Mapping[str, Cutter] = field(default_factory=dict)
    health: HealthBoard | None = None
    hall_file: HallFile | None = None
    cameras: CameraSetup | None = None
    stage: Stage | None = None
    vault: Vault = field(default_factory=Vault)


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in person on a page. `halls` are theirs, `hall` the one that they look at: None if
    they belong to none."""

    console: Console
    viewer: Viewer
    secret: str
    say: Say
    dark: bool
    hall: HallRow | None
    halls: tuple[HallRow, ...]
    path: str
    query: dict[str, str]
    names: dict[str, str] = field(default_factory=dict)  # of the path's parts

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.hall.timezone if self.hall else "Asia/Shanghai")

    def now(self) -> datetime:
        return self.console.now()

    def may(self, permission: Permission) -> bool:
        return permission in self.viewer.permissions

    def watched_here(self) -> bool:
        """Whether this machine watches the hall that they look at."""
        return self.hall is not None and self.hall.id == self.console.live.hall

    def live_views(self) -> Mapping[str, Shown]:
        """What the hall's cameras show now; nothing where another machine watches that hall."""
        return self.console.live.views() if self.watched_here() else {}

    def still_signed_in(self) -> bool:
        return self.console.door.whose(self.secret, self.now()) is not None

    def still_in(self, hall_id: str) -> bool:
        """Asked before an act on a hall: whether it is theirs now, whatever it was at first."""
        viewer = self.console.door.whose(self.secret, self.now())
        return viewer is not None and hall_id in viewer.halls


def language_of(request: Request) -> Language:
    """What this browser was last told; a stranger's pages go by it."""
    return _language(request.cookies.get(LANGUAGE_COOKIE)) or "zh"


def _language(name: str | None) -> Language | None:
    return next((known for known in LANGUAGES if known == name), None)


def is_dark(request: Request) -> bool:
    return request.cookies.get(APPEARANCE_COOKIE) == "dark"


def console_of(request: Request) -> Console:
    """The console of the application that this request came through."""
    console: Console = request.scope[SCOPE_KEY]
    return console


def viewer_of(request: Request) -> Viewer | None:
    """Who sends this request; None: nobody is signed in."""
    console = console_of(request)
    secret = request.cookies.get(console.door.cookie, "")
    viewer = console.door.whose(secret, console.now()) if secret else None
    return None if viewer is None else replace(viewer, address=address_of(request))


def visit_of(request: Request) -> Visit | None:
    """None: nobody is signed in."""
    console, viewer = console_of(request), viewer_of(request)
    if viewer is None:
        return None
    with console.database.reading() as session:
        halls = hall_rows(session, viewer.halls)
        chosen = preference_of(session, viewer.user_id)
    return Visit(
        console=console,
        viewer=viewer,
        secret=request.cookies.get(console.door.cookie, ""),
        say=Say(_language(chosen.language) or language_of(request)),
        dark=is_dark(request) if chosen.appearance is None else chosen.appearance == "dark",
        hall=_chosen_hall(request, halls),
        halls=tuple(halls),
        path=request.url.path,
        query=dict(request.query_params),
        names={k: str(v) for k, v in request.path_params.items()},
    )


def _chosen_hall(request: Request, halls: Sequence[HallRow]) -> HallRow | None:
    """The one that the address names, or that was chosen last, or the first."""
    for wanted in (request.query_params.get("hall"), request.cookies.get(HALL_COOKIE)):
        for hall in halls:
            if hall.id == wanted:
                return hall
    return halls[0] if halls else None


def sign_in_url(path: str) -> str:
    return "/sign-in" if path == "/" else f"/sign-in?next={quote(path, safe='/')}"


@dataclass(frozen=True, slots=True)
class _Shell:
    """What NiceGUI writes around a page: known only once the request is there."""

    title: str = ""
    language: QuasarLanguage = "zh-CN"
    dark: bool = False


_PLAIN = _Shell()
_shell: ContextVar[_Shell] = ContextVar("console_shell", default=_PLAIN)


def set_shell(visit: Visit, title: str) -> None:
    """Choose title, language and appearance of the page that is being built."""
    language: QuasarLanguage = "zh-CN" if visit.say.language == "zh" else "en-US"
    full_title = f"{title} · {visit.say('brand')}"
    _shell.set(_Shell(full_title, language, visit.dark))


class ConsolePage(ui.page):
    """A NiceGUI page whose title, language and appearance belong to the visit, not the process."""

    def resolve_title(self) -> str:
        return _shell.get().title

    def resolve_language(self) -> QuasarLanguage | None:
        return _shell.get().language

    def resolve_dark(self) -> bool | None:
        return _shell.get().dark
