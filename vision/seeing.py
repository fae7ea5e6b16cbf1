"""From a picture to observations: what to look at closely, and what the detections mean.

Every window is looked at twice: in the whole picture, and close up, where a phone is several times
as large: at the clerk whom the whole picture shows, or at the empty seat. People are counted in the
whole picture.

The whole picture may come from a camera's small second stream; zones and boxes are in the pixels of
its main one, and close-ups are taken from that where a picture of it is at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vision.conduct import are_among, conduct_at, sitting
from vision.geometry import Boxes, Zone, centres, feet, without_doubles
from vision.hallfile import Hall, Queue, Seeing, Window
from vision.pace import Attention
from vision.records import (
    DOING,
    PEOPLE,
    Blindness,
    CameraSeen,
    Detections,
    Frame,
    Gap,
    Image,
    Label,
    Observation,
    QueueSeen,
    Stamp,
    WindowSeen,
)
from vision.signs import SignReader, SignWatch, TaughtSigns
from vision.stillness import Stillness
from vision.view import Parted, View

SAID_FROM = 0.5
"""What somebody does is drawn and told from this score on."""
CLERK_SCORE = 0.3
CLERK_MARGIN, SEAT_MARGIN = 1.4, 1.25
"""Side of a close-up relative to the longer side of the clerk's box, or of an empty staff zone."""
SMALLEST_CLOSE_UP_PX = 96.0
PAPER_SCORE, PAPER_SHARE = 0.3, 0.08
"""A newspaper of this share of the staff zone's bounds stands up; one that lies there is seen as a
strip."""
DOUBLE = 0.6
"""Two boxes of one label are one thing when so much of the smaller lies on the other."""


Known: TypeAlias = Callable[[str, Stamp], bool | None]
"""What is known of a window or queue (its id) at a moment; None: nothing."""


def nothing_known(place: str, stamp: Stamp) -> bool | None:
    """Where there is nobody to ask."""
    return None


class Detector(Protocol):
    """Finds things in pictures. `sha256` names the very model that looked."""

    @property
    def sha256(self) -> str: ...

    def detect(self, images: Sequence[Image]) -> list[Detections]: ...


@dataclass(frozen=True, slots=True)
class Look:
    """One look through one camera: the picture (or why there is none) and what it means.
    closely: the windows of which a close-up was taken. asked: the model was, about the whole of
    this picture. again: the look before it stands, because nothing stirred since but at the windows
    of `closely`. masked: what was found in the areas that are not looked at."""

    camera: str
    stamp: Stamp
    frame: Frame | None
    blind: Blindness | None
    detections: Detections
    observations: tuple[Observation, ...]
    closely: frozenset[str] = frozenset()
    asked: bool = False
    again: bool = False
    masked: Detections = field(default_factory=Detections.none)

    def people(self) -> Detections:
        """Everybody who was found, however unsurely; a mask hides nobody from view."""
        found = Detections.joined(self.detections, self.masked)
        return found.of(*PEOPLE)


EVERYTHING = Attention()
"""Nothing stands: all is looked at anew."""

Crop = tuple[int, int, int, int]
"""x1, y1, x2, y2 in whole pixels."""


@dataclass(frozen=True, slots=True)
class CloseUp:
    """What a window's last close-up showed, of which place, and what was told of the window with
    it."""

    at_s: float
    found: Detections
    place: Crop
    told: WindowSeen | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """What the last whole picture showed, and what of that lies under a mask."""

    at_s: float
    found: Detections
    hidden: Detections


class Seer:
    """Looks through one camera of a hall.

    eye: judges whether a picture can be trusted at all; reader: reads pause signs, or None;
    taught: those that the hall has shown, or None. near: looks at close-ups in the detector's
    place.
    open_at: whether a window serves at a moment; None for "not known".
    ticket_paused: whether the ticket system says that it is paused then; None for "not known".
    native: the main stream's picture of a moment, no more than so many seconds old, or None where
    there is none; without it, pictures come from the main stream itself and must have its size.
    """

    def __init__(
        self,
        hall: Hall,
        camera: str,
        detector: Detector,
        *,
        near: Detector | None = None,
        reader: SignReader | None,
        eye: Callable[[Frame], Blindness | None],
        open_at: Known | None = None,
        ticket_paused: Known = nothing_known,
        native: Callable[[datetime, float], Parted | None] | None = None,
        taught: TaughtSigns | None = None,
    ) -> None:
        self.hall = hall
        self.camera = hall.camera(camera)
        self.detector = detector
        self.near = near or detector
        self.signs = SignWatch(hall.seeing, reader, taught)
        self.eye = eye
        self.open_at = open_at or (lambda _, stamp: hall.open_at(stamp.wall))
        self.ticket_paused = ticket_paused
        self.native = native
        self.windows = hall.windows_of(camera)
        self.queues = hall.queues_of(camera)
        self.stillness = Stillness()
        self._close_ups: dict[str, CloseUp] = {}
        self._whole: Whole | None = None
        self._last: Look | None = None  # in which the model was asked, and the eye could see

    def look(self, item: Frame | Gap, attention: Attention = EVERYTHING) -> Look:
        """What this frame shows; for a gap, or an eye that cannot see, nothing but that.

        attention: what of the looks before may stand. A window's close-up stands where the whole
        picture surely shows the clerk, and at a calm window, where it surely shows nobody.
        What the ticket system says is asked anew for every look."""
        look = self._looked(item, attention)
        told = tuple(
            replace(seen, ticket_paused=self.ticket_paused(seen.window, seen.stamp))
            if isinstance(seen, WindowSeen)
            else seen
            for seen in look.observations
        )
        return replace(look, observations=told)

    def _looked(self, item: Frame | Gap, attention: Attention) -> Look:
        last, self._last = self._last, None
        if isinstance(item, Gap):
            return self._blind(item.stamp, item.why, None)
        blind = self.eye(item)
        if blind is not None:
            return self._blind(item.stamp, blind, item)
        size = (self.camera.width, self.camera.height)
        if self.native is None and (item.bgr.shape[1], item.bgr.shape[0]) != size:
            return self._blind(item.stamp, Blindness.MOVED, item)
        if self._closed(item.stamp):
            return self._unneeded(item)
        if last is not None and self._stands(last, item.stamp, attention.whole_s):
            self._last = last
            return _again(last, item)
        seats = None if last is None else self._seats_anew(last, item, attention)
        self._last = self._anew(item, attention) if seats is None else seats
        return self._last

    def _anew(self, item: Frame, attention: Attention) -> Look:
        """What the model says of this frame."""
        view = View.of(item.bgr, self.camera.width, self.camera.height)
        (answer,) = self.detector.detect([item.bgr])
        found = view.told(answer)
        hidden = _in(self.camera.masks, found)
        whole = self._whole = Whole(item.stamp.at_s, found.chosen(~hidden), found.chosen(hidden))
        wanted = [
            w for w in self.windows if self._wants_close_up(w, whole.found, item.stamp, attention)
        ]
        closely = self._closer_view(wanted, view, item.stamp, attention)
        self._close(wanted, closely, whole.found, item.stamp)
        return self._told(item, view, closely, whole, wanted, anew=True)

    def _seats_anew(self, last: Look, item: Frame, attention: Attention) -> Look | None:
        """What a closer look at the seats says, where around them nothing stirred since the last
        whole picture; None where that does not do: a clerk who is not surely seen, or was not, is
        looked for in the whole picture."""
        whole = self._whole
        if whole is None or not self._stands(last, item.stamp, attention.around_s):
            return None
        there = {
            seen.window: seen.staff is True
            for seen in last.observations
            if isinstance(seen, WindowSeen) and seen.open is not False
        }
        due = [w for w in self.windows if w.id in there and self._due(w, item.stamp, attention)]
        stirred = {w.id for w in due} | (there.keys() - attention.calm)
        if not due or not all(there[window] for window in stirred):
            return None
        view = View.of(item.bgr, self.camera.width, self.camera.height)
        closely = self._closer_view(due, view, item.stamp, attention)
        self._close(due, closely, whole.found, item.stamp)
        if not all(self._surely_there(w, whole) for w in due):
            return None
        return self._told(item, view, closely, whole, due, anew=False)

    def _surely_there(self, window: Window, whole: Whole) -> bool:
        """Whether the close-up taken just now shows the clerk."""
        at_counter = self._at_counter(window, _people(whole.found))
        seated = self._seated(window, self._seat(window, whole, at_counter), at_counter)
        there = seated.of(*PEOPLE)
        return bool(there.score.max(initial=0.0) >= self.hall.seeing.present_score)

    def _due(self, window: Window, stamp: Stamp, attention: Attention) -> bool:
        """Whether a window's last close-up stands no more."""
        before = self._close_ups.get(window.id)
        stands_s = attention.close_ups_s.get(window.id, 0.0)
        return before is None or stamp.at_s - before.at_s >= stands_s - 1e-6

    def _told(
        self,
        item: Frame,
        view: View,
        closely: View,
        whole: Whole,
        looked: Sequence[Window],
        *,
        anew: bool,
    ) -> Look:
        """The look, from what the whole picture and all close-ups show. looked: the windows of
        which one was taken just now; anew: the whole picture was, too."""
        stamp, people = item.stamp, _people(whole.found)
        seen: list[Observation] = [CameraSeen(stamp, self.camera.id)]
        elsewhere, near = whole.found, list[Detections]()
        for window in self.windows:
            at_counter = self._at_counter(window, people)
            seat = self._seat(window, whole, at_counter)
            told = self._window(window, stamp, view, closely, people, at_counter, seat)
            seen.append(told)
            close = self._close_ups.get(window.id)
            if close is None:
                continue
            elsewhere = self._beside(window, close, whole.at_s, elsewhere, at_counter)
            near.append(close.found)
            if window in looked:
                self._close_ups[window.id] = replace(close, told=told)
        seen += [self._queue(q, stamp, people) for q in self.queues]
        if not anew:
            elsewhere = elsewhere.chosen(self._stays(elsewhere))
        return Look(
            self.camera.id, stamp, item, None, _sayable(merged(elsewhere, *near)), tuple(seen),
            frozenset(w.id for w in looked), asked=anew, again=not anew, masked=whole.hidden,
        )  # fmt: skip

    def _stands(self, last: Look, stamp: Stamp, stands_s: float) -> bool:
        """Whether the last whole picture still answers for this moment."""
        open_then = [o.open for o in last.observations if not isinstance(o, CameraSeen)]
        places = [w.id for w in self.windows] + [q.id for q in self.queues]
        open_now = [self.open_at(place, stamp) for place in places]
        whole_s = last.stamp.at_s if self._whole is None else self._whole.at_s
        return stamp.at_s - whole_s < stands_s - 1e-6 and open_now == open_then

    def _closer_view(
        self, wanted: Sequence[Window], view: View, stamp: Stamp, attention: Attention
    ) -> View:
        """What close-ups of these windows are taken from: the main stream's picture, if one is at
        hand, and where all is calm no older than a close-up may stand; else of this very moment, or
        a bite or a clerk's coming would be looked for in a picture from before it."""
        if self.native is None or not wanted:
            return view
        stands_s = [
            attention.close_ups_s.get(w.id, 0.0) if w.id in attention.calm else 0.0 for w in wanted
        ]
        main = self.native(stamp.wall, min(stands_s))
        return view if main is None else View.of(main, self.camera.width, self.camera.height)

    def _close(self, wanted: Sequence[Window], view: View, seen: Detections, stamp: Stamp) -> None:
        """Take a close-up of each of these windows, where the clerk was seen. Where neither it nor
        the whole picture surely shows one, the detector of whole pictures looks at it, too: nobody
        is called absent, and no sign missed, by one network's close look alone."""
        places = [close_up(w, seen, self.camera.width, self.camera.height) for w in wanted]
        crops = [view.cut(place) for place in places]
        found = self.near.detect(crops) if crops else []
        shown = [view.told(f, *place[:2]) for f, place in zip(found, places, strict=True)]
        doubtful = [
            i for i, w in enumerate(wanted)
            if not (self._shows_clerk(w, shown[i]) or self._shows_clerk(w, seen))
        ]  # fmt: skip
        if self.near is not self.detector and doubtful:
            second = self.detector.detect([crops[i] for i in doubtful])
            for i, also in zip(doubtful, second, strict=True):
                told = view.told(also.of(Label.PERSON, Label.PAUSE_SIGN), *places[i][:2])
                shown[i] = merged(shown[i], told)
        for window, place, close in zip(wanted, places, shown, strict=True):
            kept = unmasked(close, self.camera.masks)
            self._close_ups[window.id] = CloseUp(stamp.at_s, kept, place)

    def _shows_clerk(self, window: Window, found: Detections) -> bool:
        """Whether somebody surely sits in the staff zone."""
        sure = found.of(*PEOPLE, at_least=self.hall.seeing.present_score)
        return bool(window.staff.holds(centres(sure.xyxy)).any())

    def _stays(self, found: Detections) -> NDArray[np.bool_]:
        """(n,): what is still known to be there while nothing stirs in any zone: things, and people
        in a zone. Whoever walked elsewhere has walked on."""
        stays = ~np.isin(found.label, (Label.PERSON, *DOING))
        for window in self.windows:
            stays |= window.staff.holds(centres(found.xyxy))
            stays |= window.counter.holds(feet(found.xyxy))
        for queue in self.queues:
            stays |= queue.zone.holds(feet(found.xyxy)) | queue.zone.holds(centres(found.xyxy))
        return stays

    def _seat(self, window: Window, whole: Whole, at_counter: Boxes) -> Detections:
        """What is known of a seat: the whole picture and the close-up together, or where that is
        the newer one, no more than it of what both show."""
        close = self._close_ups.get(window.id)
        if close is None:
            return whole.found
        found = self._beside(window, close, whole.at_s, whole.found, at_counter)
        return merged(found, close.found)

    def _beside(
        self, window: Window, close: CloseUp, whole_s: float, found: Detections, at_counter: Boxes
    ) -> Detections:
        """What counts beside a close-up of what the whole picture of then showed. Of an older one,
        who sits at the seat and what lies there is not known any more; who stands before it is.
        What is held and who sleeps is told by the detector of close-ups alone, where there is one.
        """
        left, top, right, bottom = close.place
        middles = centres(found.xyxy)
        x, y = middles.T
        there = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
        counts = np.ones(len(found), np.bool_)
        if close.at_s > whole_s:
            seat = there | window.staff.holds(middles)
            counts &= ~seat | are_among(found.xyxy, at_counter)
        if self.near is not self.detector:
            counts &= ~there | np.isin(found.label, (Label.PERSON, Label.PAUSE_SIGN))
        return found.chosen(counts)

    def _wants_close_up(
        self, window: Window, whole: Detections, stamp: Stamp, attention: Attention
    ) -> bool:
        """A close-up stands for a while where the whole picture surely shows the clerk, or, of a
        calm window, surely nobody; who is not surely seen is looked for closely every time."""
        if self.open_at(window.id, stamp) is False:
            self._close_ups.pop(window.id, None)
            return False
        if self._due(window, stamp, attention):
            return True
        before = self._close_ups[window.id]
        seated = self._seated(window, whole, self._at_counter(window, _people(whole)))
        best = float(seated.of(*PEOPLE).score.max(initial=0.0))
        empty = before.told is not None and before.told.staff is False
        if empty and window.id in attention.calm:
            return best > self.hall.seeing.absent_score
        return best < self.hall.seeing.present_score

    def _closed(self, stamp: Stamp) -> bool:
        """Whether nothing of this camera serves now, so that no picture can change an answer."""
        places = [w.id for w in self.windows] + [q.id for q in self.queues]
        return all(self.open_at(place, stamp) is False for place in places)

    def _unneeded(self, frame: Frame) -> Look:
        stamp = frame.stamp
        seen: list[Observation] = [CameraSeen(stamp, self.camera.id)]
        seen += [WindowSeen(stamp, w.id, open=False) for w in self.windows]
        seen += [QueueSeen(stamp, q.id, open=False) for q in self.queues]
        return Look(self.camera.id, stamp, frame, None, Detections.none(), tuple(seen))

    def _blind(self, stamp: Stamp, why: Blindness, frame: Frame | None) -> Look:
        seen: list[Observation] = [CameraSeen(stamp, self.camera.id, blind=why)]
        seen += [
            WindowSeen(stamp, w.id, blind=why, open=self.open_at(w.id, stamp)) for w in self.windows
        ]
        seen += [
            QueueSeen(stamp, q.id, blind=why, open=self.open_at(q.id, stamp)) for q in self.queues
        ]
        return Look(self.camera.id, stamp, frame, why, Detections.none(), tuple(seen))

    def _queue(self, queue: Queue, stamp: Stamp, people: Detections) -> QueueSeen:
        standing = people.xyxy[people.score >= self.hall.seeing.present_score]
        anchors = feet(standing) if queue.anchor == "feet" else centres(standing)
        count = int(queue.zone.holds(anchors).sum())
        return QueueSeen(stamp, queue.id, open=self.open_at(queue.id, stamp), count=count)

    def _window(
        self,
        window: Window,
        stamp: Stamp,
        view: View,
        closely: View,
        people: Detections,
        at_counter: Boxes,
        seat: Detections,
    ) -> WindowSeen:
        """view: the picture that was looked at; closely: what close-ups were taken from; people: of
        the whole picture; seat: all that is seen of the window's."""
        seeing = self.hall.seeing
        seated = self._seated(window, seat, at_counter)
        there = seated.of(*PEOPLE)
        staff_boxes = there.xyxy[there.score >= seeing.present_score]
        staff = _present(there.score, window.staff, people.xyxy[people.score >= 0.3], seeing)
        if staff and self._may_be_a_thing(window, stamp, view, there, staff_boxes):
            staff = None
        if staff is False and _behind_a_paper(window, seat):
            staff = None
        sign = (
            None
            if staff is None
            else False
            if staff
            else self._sign(window, stamp, closely, seat, at_counter)
        )
        doing = conduct_at(staff, seat, seated, staff_boxes, at_counter)
        return WindowSeen(
            stamp,
            window.id,
            open=self.open_at(window.id, stamp),
            staff=staff,
            citizens=len(at_counter),
            sign=sign,
            phone=doing.phone,
            eating=doing.eating,
            smoking=doing.smoking,
            napping=doing.napping,
            reading=doing.reading,
        )

    def _sign(
        self, window: Window, stamp: Stamp, view: View, seat: Detections, at_counter: Boxes
    ) -> bool | None:
        """Whether a pause sign is up at an empty window: read with its close-up, and told with it
        as long as that stands."""
        before = self._close_ups.get(window.id)
        if before is not None and before.told is not None and before.told.staff is False:
            return before.told.sign
        return self.signs.up(window, stamp, view, seat, at_counter)

    def _may_be_a_thing(
        self, window: Window, stamp: Stamp, view: View, seated: Detections, clerks: Boxes
    ) -> bool:
        """Whether none of those in the seat has moved for long. A sleeper may lie still."""
        if len(seated.of(Label.HEAD_DOWN, at_least=self.hall.seeing.absent_score)):
            return False
        still_s = self.stillness.still_s(window.id, stamp.at_s, view, clerks.tolist())
        return still_s >= self.hall.seeing.still_s

    def _seated(self, window: Window, seat: Detections, at_counter: Boxes) -> Detections:
        """The people in what is seen of a seat who sit on the staff's side, and what they do."""
        people = seat.of(Label.PERSON, *DOING)
        others = [other.staff for other in self.windows if other is not window]
        return sitting(people, window.staff, others, at_counter)

    def _at_counter(self, window: Window, people: Detections) -> Boxes:
        """The people who surely stand at the window's counter."""
        sure = people.of(Label.PERSON, at_least=self.hall.seeing.present_score).xyxy
        return sure[window.counter.holds(feet(sure))]


def _again(last: Look, frame: Frame) -> Look:
    """The look that stands, told of this frame."""
    observations = tuple(replace(seen, stamp=frame.stamp) for seen in last.observations)
    return replace(
        last, stamp=frame.stamp, frame=frame, observations=observations, closely=frozenset(),
        asked=False, again=True,
    )  # fmt: skip


def close_up(window: Window, whole: Detections, width: int, height: int) -> Crop:
    """The square part of a `width` x `height` picture that is looked at closely for a window:
    around the surest person in the staff zone, else around the zone. Moved, never shrunk, into
    the picture."""
    people = whole.of(Label.PERSON, at_least=CLERK_SCORE)
    citizens = window.counter.holds(feet(people.xyxy))
    clerks = people.xyxy[window.staff.holds(centres(people.xyxy)) & ~citizens]
    if len(clerks):
        x1, y1, x2, y2 = (float(v) for v in clerks[0])
        side = max(CLERK_MARGIN * max(x2 - x1, y2 - y1), SMALLEST_CLOSE_UP_PX)
    else:
        x1, y1, x2, y2 = window.staff.bounds
        side = SEAT_MARGIN * max(x2 - x1, y2 - y1)
    side = min(side, width, height)
    left = min(max((x1 + x2 - side) / 2, 0), width - side)
    top = min(max((y1 + y2 - side) / 2, 0), height - side)
    return int(left), int(top), int(left + side), int(top + side)


def merged(*parts: Detections) -> Detections:
    """All detections, each thing once: of two boxes of one label on each other the surer stays."""
    joined = Detections.joined(*parts)
    kept: list[int] = []
    for label in np.unique(joined.label):
        mine = np.flatnonzero(joined.label == label)
        kept += mine[without_doubles(joined.xyxy[mine], joined.score[mine], DOUBLE)].tolist()
    return joined.chosen(np.sort(np.array(kept, np.intp)))


def unmasked(detections: Detections, masks: Sequence[Zone]) -> Detections:
    """The detections whose middle lies in none of the areas that are not looked at."""
    return detections.chosen(~_in(masks, detections)) if masks else detections


def _in(masks: Sequence[Zone], detections: Detections) -> NDArray[np.bool_]:
    """(n,): whose middle lies in one of them."""
    inside = np.zeros(len(detections), np.bool_)
    for mask in masks:
        inside |= mask.holds(centres(detections.xyxy))
    return inside


def _sayable(found: Detections) -> Detections:
    """What may be written beside somebody's box: no meal and no cigarette that is less likely than
    not. Nobody is to be judged by what the machine itself doubts."""
    doubtful = np.isin(found.label, (Label.EATING, Label.SMOKING)) & (found.score < SAID_FROM)
    return found.chosen(~doubtful)


def _people(whole: Detections) -> Detections:
    return whole.of(Label.PERSON, at_least=0.1)


def _behind_a_paper(window: Window, seat: Detections) -> bool:
    """Whether a newspaper stands up in the seat: somebody holds it, of whom two hands are seen."""
    papers = seat.of(Label.READING, at_least=PAPER_SCORE).xyxy
    papers = papers[window.staff.holds(centres(papers))]
    left, top, right, bottom = window.staff.bounds
    sides = papers[:, 2:] - papers[:, :2]
    return bool((sides.prod(axis=1) >= PAPER_SHARE * (right - left) * (bottom - top)).any())


def _present(
    scores: NDArray[np.float32],
    zone: Zone,
    people: Boxes,
    seeing: Seeing,
) -> bool | None:
    best = float(scores.max()) if len(scores) else 0.0
    if best >= seeing.present_score:
        return True
    if best > seeing.absent_score or zone.covered_by(people) >= seeing.hidden_share:
        return None
    return False
