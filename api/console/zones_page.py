"""Zones and thresholds: drawn on the camera's own picture, tried out on footage, saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui

from api.console import parts
from api.console.beat import Beat, signed_out
from api.console.forms import Choice, Field
from api.console.hall_problems import problem_words, problems_words
from api.console.page import Visit
from api.console.sheets import Sheet, ask
from api.console.zones_draft import Draft, Place, PlaceKind
from api.console.zones_saving import NotTheirHallError, save_zones
from api.console.zones_thresholds import Thresholds
from api.console.zones_tryout import TryOut
from api.halls.filing import HallFile, HallFileChangedError
from api.halls.zoning import ShapeKind
from vision.hallfile import Hall, HallFileError

MOST_NAME = "80"


class ZoneBoard(ui.element, component="static/zone_board.js"):
    """The camera's picture with its zones; `on_draw` is given all of them after each change."""

    def __init__(
        self, on_draw: Callable[[list[dict[str, Any]]], None], on_choose: Callable[[str], None]
    ) -> None:
        super().__init__()
        self.props["turn"] = 0
        self.on_draw = on_draw
        self.on("draw", lambda event: self._drawn(*event.args))
        self.on("choose", lambda event: on_choose(str(event.args)))

    def _drawn(self, turn: int, zones: list[dict[str, Any]]) -> None:
        """`turn`: which change it is. It goes back with the zones: there may be another by then."""
        self.props["turn"] = turn
        self.on_draw(zones)
        self.update()

    def show(self, **props: Any) -> None:
        fresh = {name: value for name, value in props.items() if self.props.get(name) != value}
        if fresh:
            self.props.update(fresh)
            self.update()


def build(visit: Visit, beat: Beat) -> None:
    file = visit.console.hall_file
    if file is None or not visit.watched_here():
        _elsewhere(visit)
        return
    try:
        draft = Draft(file.read())
    except HallFileError as error:
        _unreadable(visit, error)
        return
    if visit.hall is None or draft.hall.id != visit.hall.id:
        _elsewhere(visit)
        return
    _ZonesPage(visit, beat, file, draft)


def _elsewhere(visit: Visit) -> None:
    parts.hollow("zones", visit.say("zones_no_file"), visit.say("zones_no_file_do"), tag="h1")


def _unreadable(visit: Visit, error: HallFileError) -> None:
    with parts.hollow("warning", visit.say("zones_bad_file"), "", tag="h1"), parts.box("", "ul"):
        for problem in error.problems:
            parts.text(problem_words(problem, visit.say), tag="li")


class _ZonesPage:
    def __init__(self, visit: Visit, beat: Beat, file: HallFile, draft: Draft) -> None:
        self.visit, self.file, self.draft = visit, file, draft
        self.camera = draft.hall.cameras[0].id
        self.chosen = ""
        self.listed: tuple[Any, ...] = ()
        self.picks: dict[str, ui.element] = {}
        say = visit.say
        with parts.box("page"):
            with parts.heading(say.of("nav", "zones"), say("zones_about")):
                parts.button(say("zones_leave"), self._leave, "btn")
                parts.button(say("zones_save"), self._save, "btn btn-main", drawing="save")
            if len(draft.hall.cameras) > 1:
                cameras = [(c.id, c.name) for c in draft.hall.cameras]
                parts.Tabs(say("zones_camera"), cameras, self.camera, self._to_camera)
            with parts.box("zoning"):
                with parts.box("zoning-picture"):
                    self.board = ZoneBoard(self._drawn, self._choose)
                    self.board.props["words"] = self._board_words()
                    self.tryout = TryOut(visit, beat, self._as_drawn)
                self.questions = parts.box("hidden")  # apart from what is drawn anew
                with parts.box("zoning-side"):
                    self.places = parts.box("card places", "section")
                    self.thresholds = Thresholds(visit, draft, self._refresh)
        self._refresh()
        beat.every(4, self._picture)

    def _board_words(self) -> dict[str, str]:
        say = self.visit.say
        return {
            "tools": say("board_tools"),
            "undo": say("board_undo"),
            "redo": say("board_redo"),
            "redraw": say("board_redraw"),
            "box": say("board_box"),
            "remove": say("board_remove"),
            "blank": say("no_picture"),
            "board": say("board_label"),
            "corner": say("board_corner", n="{n}"),
            "drawing": say("board_drawing"),
            "edit": say("board_edit"),
            "draw": say("board_draw"),
            "pick": say("board_pick"),
        }

    def _to_camera(self, camera: str) -> None:
        self.camera, self.chosen = camera, ""
        self._refresh()

    def _choose(self, key: str) -> None:
        self.chosen = key
        self._refresh()

    def _drawn(self, zones: list[dict[str, Any]]) -> None:
        self.draft.draw(self.camera, zones)
        self._refresh()

    def _refresh(self) -> None:
        self._picture()
        self._places()
        place = self.draft.place_of(self.camera, self.chosen)
        self.thresholds.show(place)
        self.tryout.show(self.camera)

    def _picture(self) -> None:
        shown = self.visit.console.live.view(self.camera)
        size = self.draft.hall.camera(self.camera)
        picture = bool(shown and shown.picture)
        known = str(self.board.props.get("picture", ""))
        if picture and not known.startswith(f"/console/pictures/{self.camera}."):
            known = f"/console/pictures/{self.camera}.jpg?v={shown.version if shown else 0}"
        self.board.show(
            picture=known if picture else "",
            width=size.width,
            height=size.height,
            chosen=self.chosen,
            zones=self._zones(),
            flaws=self._flaws(),
        )

    def _zones(self) -> list[dict[str, Any]]:
        return [
            {
                "key": key,
                "kind": kind.value,
                "name": f"{self._name(place)} · {self.visit.say.of('zone', kind)}",
                "points": [list(p) for p in self.draft.points(self.camera, key)],
            }
            for place in self.draft.places_of(self.camera)
            for kind, key in zip(place.zones, place.zone_keys, strict=True)
        ]

    def _flaws(self) -> dict[str, str]:
        say = self.visit.say
        flaws = self.draft.flaws(self.camera).items()
        return {key: say.of("flaw", flaw) for key, flaw in flaws if flaw is not None}

    def _name(self, place: Place) -> str:
        if place.kind is PlaceKind.AREA:
            return f"{self.visit.say.of('zone', place.zones[0])} {place.id}"
        return place.name or place.id

    def _places(self) -> None:
        """The list is built anew only when it says something else: the focus stays where it is."""
        flaws = self.draft.flaws(self.camera)
        drawn = [z["key"] for z in self._zones() if z["points"]]
        listed = (self.camera, self.draft.places_of(self.camera), flaws, drawn)
        if listed != self.listed:
            self.listed = listed
            self._list_places(flaws)
        for key, button in self.picks.items():
            button.props["aria-pressed"] = "true" if key == self.chosen else "false"

    def _list_places(self, flaws: dict[str, Any]) -> None:
        say = self.visit.say
        self.picks.clear()
        self.places.clear()
        with self.places:
            with parts.box("places-head"):
                parts.text(say("zones_places"), "card-title", tag="h2")
                parts.button(say("zones_add"), self._add, "btn btn-quiet", drawing="plus")
            with parts.box("place-list", "ul"):
                for place in self.draft.places_of(self.camera):
                    self._place(place, flaws)
            if not self.draft.places_of(self.camera):
                parts.text(say("zones_none"), "card-note", tag="p")

    def _place(self, place: Place, flaws: dict[str, Any]) -> None:
        say = self.visit.say
        with parts.box("place", "li", data_place=place.id):
            parts.text(self._name(place), "place-name")
            with parts.box("place-acts"):
                if len(self.draft.hall.cameras) > 1:
                    copy = say("zones_copy", name=self._name(place))
                    parts.icon_button("copy", copy, lambda: self._copy(place), "btn-bare")
                remove = say("zones_remove", name=self._name(place))
                parts.icon_button("delete", remove, lambda: self._remove(place), "btn-bare")
            with parts.box("place-zones"):
                for kind, key in zip(place.zones, place.zone_keys, strict=True):
                    self._zone_button(kind, key, flaws)

    def _zone_button(self, kind: ShapeKind, key: str, flaws: dict[str, Any]) -> None:
        say = self.visit.say
        drawn = bool(self.draft.points(self.camera, key))
        state = "bad" if key in flaws else "drawn" if drawn else "none"
        icon = {"bad": "warning", "drawn": "check", "none": "plus"}[state]
        words = say.of("zone", kind)
        self.picks[key] = parts.button(
            words, lambda: self._choose(key), f"zone-pick drawn-{kind} is-{state}", drawing=icon,
            data_zone=key, aria_label=say.of("zone_is", state, zone=words),
        )  # fmt: skip

    def _add(self) -> None:
        say = self.visit.say
        with self.questions, Sheet(say("zones_add"), say("zones_add_about")) as sheet:
            kinds = [(kind.value, say.of("new_place", kind)) for kind in ADDABLE]
            kind = Choice(say("zones_kind"), kinds, "window")
            name = Field(say("zones_name"), maxlength=MOST_NAME)
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), sheet.close)
                parts.button(
                    say("zones_add"), lambda: self._added(sheet, kind.value, name), "btn btn-main"
                )

    def _added(self, sheet: Sheet, kind: str, name: Field) -> None:
        if kind in (ShapeKind.WORK, ShapeKind.MASK):
            place = self.draft.add_area(self.camera, ShapeKind(kind))
        elif name.value.strip():
            place = self.draft.add(self.camera, PlaceKind(kind), name.value.strip())
        else:
            name.complain(self.visit.say("zones_name_missing"))
            return
        sheet.close()
        self._choose(place.zone_keys[0])

    def _remove(self, place: Place) -> None:
        say, name = self.visit.say, self._name(place)
        with self.questions:
            ask(
                self.visit, say("zones_remove", name=name), say("zones_remove_about"),
                say("zones_remove_do"), lambda _: self._removed(place), danger=True,
            )  # fmt: skip

    def _removed(self, place: Place) -> None:
        self.draft.remove(place)
        self.chosen = ""
        self._refresh()

    def _copy(self, place: Place) -> None:
        say = self.visit.say
        others = [(c.id, c.name) for c in self.draft.hall.cameras if c.id != self.camera]
        title = say("zones_copy", name=self._name(place))
        with self.questions, Sheet(title, say("zones_copy_about")) as sheet:
            to = Choice(say("zones_camera"), others)
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), sheet.close)
                copied = partial(self._copied, sheet, place, to)
                parts.button(say("zones_copy_do"), copied, "btn btn-main")

    def _copied(self, sheet: Sheet, place: Place, to: Choice) -> None:
        copy = self.draft.copy(place, to.value)
        sheet.close()
        parts.tell(self.visit.say("zones_copied", name=self._name(copy)), "positive")

    def _complete(self) -> bool:
        """Whether nothing is missing or flawed; else says what and goes there."""
        say = self.visit.say
        for camera in self.draft.hall.cameras:
            for key, flaw in self.draft.flaws(camera.id).items():
                place = self.draft.place_of(camera.id, key)
                zone = say.of("zone", key.partition(":")[0])
                why = say("zones_missing") if flaw is None else say.of("flaw", flaw)
                name = self._name(place) if place else key
                parts.tell(f"{name} · {zone}: {why}", "warning")
                self.camera = camera.id
                self._choose(key)
                return False
        return True

    def _as_drawn(self) -> tuple[Hall, Hall] | None:
        """The hall as it would be, or None where the draft is no good yet, which is then said."""
        if not self._complete():
            return None
        try:
            return self.draft.hall, self.file.tried(self.draft.change)
        except HallFileError as error:
            parts.tell(problems_words(error, self.visit.say), "warning")
            return None

    def _leave(self) -> None:
        ui.navigate.to("/zones")

    def _save(self) -> None:
        say = self.visit.say
        if not self.draft.changed:
            parts.tell(say("zones_same"), "positive")
        elif self._complete():
            with self.questions:
                ask(
                    self.visit, say("zones_save"), say("zones_save_about"), say("zones_save"),
                    lambda _: self._saved(), drawing="save",
                )  # fmt: skip

    def _saved(self) -> None:
        say = self.visit.say
        if signed_out(self.visit):
            return
        try:
            hall = save_zones(self.visit, self.file, self.draft)
        except NotTheirHallError:
            parts.tell(say("zones_not_yours"), "warning")
        except HallFileChangedError:
            parts.tell(say("zones_changed_meanwhile"), "warning")
        except HallFileError as error:
            parts.tell(problems_words(error, self.visit.say), "warning")
        else:
            self.draft = Draft(hall)
            self.thresholds.draft = self.draft
            self._refresh()
            parts.tell(say("zones_saved"), "positive")


ADDABLE = (PlaceKind.WINDOW, PlaceKind.QUEUE, ShapeKind.WORK, ShapeKind.MASK)
