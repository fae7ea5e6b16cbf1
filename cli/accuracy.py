"""`hallwatch accuracy`: replay footage whose truth is known and write down how right we are."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cameras.clocks import ReplayClock
from cli.errors import plain_errors
from cli.eyes import Eyes, open_eyes, watch_camera
from models.events import Event, Matches, events_of, matched
from models.footage import RealClip, Verdict, compared, real_clips
from vision.engine import Engine
from vision.hallfile import Hall, load_hall
from vision.records import Alert, Observation
from vision.seeing import Look

CONDUCT = ("window_unattended", "phone_use", "eating")
EPOCH = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


@dataclass(slots=True)
class Notes:
    """A sink that keeps everything."""

    alerts: list[Alert] = field(default_factory=list)
    seen: list[Observation] = field(default_factory=list)

    def alerted(self, alert: Alert, look: Look) -> None:
        self.alerts.append(alert)

    def looked(self, look: Look, engine: Engine) -> None:
        self.seen += look.observations


@plain_errors
def accuracy(
    out: Annotated[Path | None, typer.Option(help="Write the tables to this file.")] = None,
    bundled: Annotated[Path, typer.Option(help="Rendered clips with truth.")] = Path(
        "tests/footage"
    ),
    footage: Annotated[
        Path | None, typer.Option(help="A folder of real clips with annotations, if you have one.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="A model of the manifest, by id.")] = None,
) -> None:
    """Replay bundled clips and real footage, compare with the truth, print and keep the tables."""
    console = Console(stderr=True)
    eyes = open_eyes(model)
    lines = [
        "# Accuracy",
        "",
        "Written by `hallwatch accuracy`; do not edit by hand. "
        f"Model `{eyes.detector.sha256[:12]}`, {datetime.now(UTC):%Y-%m-%d}.",
        "Rendered footage says whether the pipeline works; only real footage how well it sees.",
        "",
    ]
    lines += _bundled(bundled, eyes, console)
    if footage is not None:
        lines += _real(footage, eyes, console)
    text = "\n".join(lines) + "\n"
    if out is not None:
        out.write_text(text, encoding="utf-8")
    print(text)


def replayed(hall: Hall, camera: str, eyes: Eyes, clip: Path) -> Notes:
    """Everything that the pipeline says of one clip."""
    notes = Notes()
    start = hall.camera(camera).recorded_at or EPOCH
    watch_camera(
        hall, camera, eyes, notes, clock=ReplayClock(start, speed=None), url=str(clip), start=start
    )
    return notes


def true_events(expected: dict[str, Any]) -> list[Event]:
    """The events of a bundled clip's expected.json."""
    return [Event(e["rule"], e["subject"], e["began_s"], e["ended_s"]) for e in expected["events"]]


def _bundled(folder: Path, eyes: Eyes, console: Console) -> list[str]:
    lines = [
        "## Rendered clips (halls that no training saw)",
        "",
        "An event is right when rule and place agree and beginning and end lie within 2 s.",
        "",
        "| clip | minutes | events | found right | extra | missed |",
        "|---|---|---|---|---|---|",
    ]
    totals: list[Matches] = []
    for path in sorted(folder.glob("*/expected.json")):
        expected = json.loads(path.read_text())
        hall = load_hall(path.parent / "hall.toml")
        console.print(f"replaying {path.parent.name}")
        notes = replayed(hall, hall.cameras[0].id, eyes, path.parent / expected["clip"])
        result = matched(events_of(notes.alerts), true_events(expected))
        totals.append(result)
        lines.append(
            f"| {path.parent.name} | {expected['duration_s'] / 60:.1f} | "
            f"{len(result.hits) + len(result.missed)} | {len(result.hits)} | "
            f"{len(result.extra)} | {len(result.missed)} |"
        )
    hits = sum(len(r.hits) for r in totals)
    extra = sum(len(r.extra) for r in totals)
    missed = sum(len(r.missed) for r in totals)
    lines += [
        "",
        f"Together: precision {_share(hits, hits + extra)}, recall {_share(hits, hits + missed)}.",
        "",
    ]
    return lines


def _real(folder: Path, eyes: Eyes, console: Console) -> list[str]:
    lines = [
        "## Real footage",
        "",
        "Looks, two a second, at zones whose state the annotator was sure of. Phone and eating: "
        "looks over the rule's own score limit, where the conduct is shown and where it is not. "
        "Close-ups (`B_`) only say whether a class fires.",
        "",
        "| clip | presence right | wrong | cannot tell | phone where shown | phone elsewhere | "
        "eating where shown | eating elsewhere | conduct alerts | counts within tolerance |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    right = wrong = unsure = 0
    for clip in real_clips(folder):
        console.print(f"replaying {clip.name}")
        notes = replayed(clip.hall, "cam1", eyes, clip.clip)
        verdict = compared(clip, notes.seen)
        lines.append(_row(clip, verdict, notes))
        right += verdict.presence.right
        wrong += verdict.presence.wrong
        unsure += verdict.presence.unsure
    lines += [
        "",
        f"Presence over all real clips: right {_share(right, right + wrong + unsure)}, "
        f"wrong {_share(wrong, right + wrong + unsure)}, "
        f"cannot tell {_share(unsure, right + wrong + unsure)}.",
        "",
    ]
    return lines


def _row(clip: RealClip, verdict: Verdict, notes: Notes) -> str:
    p, phone, eating = verdict.presence, verdict.phone, verdict.eating
    raised = {(a.rule, a.uid) for a in notes.alerts if a.rule in CONDUCT}
    within = [
        said is not None and abs(said - true) <= max(tol, 0.1 * true)
        for true, said, tol in verdict.counts
    ]
    cells = [
        clip.name,
        p.right,
        p.wrong,
        p.unsure,
        f"{phone.inside}/{phone.of_inside}",
        f"{phone.outside}/{phone.of_outside}",
        f"{eating.inside}/{eating.of_inside}",
        f"{eating.outside}/{eating.of_outside}",
        ", ".join(sorted(rule for rule, _ in raised)) or "none",
        f"{sum(within)}/{len(within)}",
    ]
    return "| " + " | ".join(str(c) for c in cells) + " |"


def _share(part: int, whole: int) -> str:
    """A share with its 95% Wilson interval."""
    if whole == 0:
        return "not known (none)"
    z = 1.96
    p = part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * (p * (1 - p) / whole + z * z / (4 * whole * whole)) ** 0.5 / (1 + z * z / whole)
    return f"{p:.3f} ({max(middle - half, 0):.3f} to {min(middle + half, 1):.3f}, n={whole})"
