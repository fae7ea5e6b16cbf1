"""`hallwatch accuracy`: replay footage whose truth is known and write down how right we are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.errors import plain_errors
from cli.eyes import Eyes, open_eyes
from cli.model_options import Model
from cli.models_measure import FAINT
from cli.picture_tables import elsewhere_rows, found_rows, markdown_lines
from cli.trials import Seeing, kept_for, real_trials, rendered_trials
from models import dataset as sets
from models.evaluate import evaluate
from models.events import Matches, events_of, matched
from models.footage import CONDUCT, Hits, RealClip, Verdict, compared
from models.intervals import Share
from models.manifest import Manifest, ModelEntry, load_manifest
from models.session import OnnxDetector
from models.trials import Outcome, Trial, counted, judged, outcome, presence

AT_SCORE = 0.4
ALERTING = ("window_unattended", *CONDUCT.values())


@plain_errors
def accuracy(
    out: Annotated[Path | None, typer.Option(help="Write the tables to this file.")] = None,
    bundled: Annotated[Path, typer.Option(help="Rendered clips with truth.")] = Path(
        "tests/footage"
    ),
    trials: Annotated[
        Path | None, typer.Option(help="More rendered clips: `hallwatch simulate clip conduct`.")
    ] = None,
    footage: Annotated[
        Path | None, typer.Option(help="A folder of real clips with annotations, if you have one.")
    ] = None,
    pictures: Annotated[
        Path | None, typer.Option(help="A set of `models dataset`, whose test pictures are told.")
    ] = None,
    model: Model = None,
    pace_hz: Annotated[float, typer.Option(help="Looks a second at most.")] = 2.0,
    keep: Annotated[
        Path | None, typer.Option(help="Keep here what was seen, to go on or judge again.")
    ] = None,
    threads: Annotated[int | None, typer.Option(help="Inference threads.")] = None,
) -> None:
    """Replay rendered clips and real footage, compare with the truth, print and keep the tables."""
    console = Console(stderr=True)
    manifest = load_manifest()
    entry = manifest.entry(model)
    eyes = open_eyes(model, threads)
    how = Seeing(
        eyes,
        manifest.limits(entry),
        pace_hz,
        kept_for(manifest.pair(entry), keep, pace_hz),
        console.print,
    )
    ours = list(rendered_trials(bundled, how))
    more = list(rendered_trials(trials, how)) if trials else []
    real = list(real_trials(footage, how)) if footage else []
    lines = [*_head(eyes, entry.id, pace_hz), *clip_lines(ours)]
    lines += presence_lines([*ours, *more])
    lines += rule_lines([*ours, *more], [trial for _, trial in real])
    if real:
        lines += real_lines(real)
    if pictures:
        lines += picture_lines(sets.read_dataset(pictures, sets.TEST), manifest, entry, threads)
    text = "\n".join(lines) + "\n"
    if out is not None:
        out.write_text(text, encoding="utf-8")
    print(text)


def _head(eyes: Eyes, model: str, pace_hz: float) -> list[str]:
    return [
        "# Accuracy",
        "",
        "Written by `hallwatch accuracy`; do not edit by hand. "
        f"Model `{model}` ({eyes.model_sha[:12]}), {datetime.now(UTC):%Y-%m-%d}, "
        f"at most {pace_hz:g} looks a second. "
        "What it means: [models.md](models.md#targets).",
        "Rendered footage says whether the pipeline works; only real footage how well it sees. "
        "Shares with their 95% Wilson intervals.",
        "",
    ]


def picture_lines(
    pictures: Sequence[sets.Labelled], manifest: Manifest, entry: ModelEntry, threads: int | None
) -> list[str]:
    """Photos and rendered pictures, each told by the network that looks at the like of it."""
    near = manifest.near(entry) or entry
    close = [p for p in pictures if p.source in sets.CLOSE_SOURCES]
    whole = [p for p in pictures if p.source not in sets.CLOSE_SOURCES]
    lines = [
        "## Single pictures that no training saw",
        "",
        f"Whole pictures by `{entry.id}`, portraits and close-ups by `{near.id}`, each source by "
        f"itself. Precision and recall at a score of {AT_SCORE:g} (IoU 0.5), AP as COCO means it.",
        "",
    ]
    for model, some in ((entry, whole), (near, close)):
        if some:
            detector = OnnxDetector(model, threads=threads or 1, least_score=FAINT)
            scores = evaluate(detector, some, at_score=AT_SCORE)
            lines += [*markdown_lines(found_rows(scores)), ""]
            elsewhere = elsewhere_rows({model.id: scores})
            if len(elsewhere) > 1:
                lines += ["Told where it is not:", "", *markdown_lines(elsewhere), ""]
    return lines


def clip_lines(trials: Sequence[Trial]) -> list[str]:
    lines = [
        "## Bundled clips (rendered, halls that no training saw)",
        "",
        "An event is right when rule and place agree and beginning and end lie within 2 s.",
        "",
        "| clip | minutes | events | found right | extra | missed |",
        "|---|---|---|---|---|---|",
    ]
    results = [_matched(trial) for trial in trials]
    for trial, r in zip(trials, results, strict=True):
        lines.append(
            f"| {trial.name} | {trial.lasts_s / 60:.1f} | {len(r.hits) + len(r.missed)} | "
            f"{len(r.hits)} | {len(r.extra)} | {len(r.missed)} |"
        )
    hits, extra, missed = (
        sum(len(part) for part in parts)
        for parts in zip(*((r.hits, r.extra, r.missed) for r in results), strict=True)
    )
    return [
        *lines, "",
        f"Together: precision {Share(hits, hits + extra)}, recall {Share(hits, hits + missed)}.",
        "",
    ]  # fmt: skip


def _matched(trial: Trial) -> Matches:
    """The clip's alerts against the events of rules that are on in its hall."""
    on = {rule for rule, policy in trial.hall.policies.items() if getattr(policy, "on", True)}
    true = [event for event in trial.true if event.rule in on]
    return matched(events_of(judged(trial, {})), true)


def presence_lines(trials: Sequence[Trial]) -> list[str]:
    """How often looks are right about who is there and how many wait, in rendered clips."""
    scores = [presence(trial) for trial in trials]
    right, wrong, unsure = (
        sum(part) for part in zip(*((s.right, s.wrong, s.unsure) for s in scores), strict=True)
    )
    queues = [counted(trial) for trial in trials]
    within = Share(sum(q.part for q in queues), sum(q.whole for q in queues))
    whole = right + wrong + unsure
    return [
        "## Presence and queues, look by look",
        "",
        f"On all rendered clips. Presence: right {Share(right, whole)}, wrong "
        f"{Share(wrong, whole)}, cannot tell {Share(unsure, whole)}. Queue counts within one "
        f"person or a tenth: {within}.",
        "",
    ]


def rule_lines(rendered: Sequence[Trial], real: Sequence[Trial]) -> list[str]:
    """Each conduct rule over everything, at the limit in force."""
    lines = [
        "## Conduct rules, event by event",
        "",
        "On all rendered clips: an alert is right when a true event is half of it or more; in "
        "time when it begins and ends within 2 s of it. Extra alerts of the real footage count "
        "against precision. False alarms: in clips without staged conduct and in real footage. A "
        "rule that is off says nothing until a hall turns it on.",
        "",
        "| rule | score limit | on | clips | precision | recall | in time | "
        "false alarms in 8 h of a camera |",
        "|---|---|---|---|---|---|---|---|",
    ]
    sizes = {"960x540 and smaller": False, "1920x1080": True}
    for rule in CONDUCT.values():
        policy = rendered[0].hall.policies[rule]
        for size, large in sizes.items():
            some = [t for t in rendered if (t.hall.cameras[0].width >= 1280) is large]
            if some:
                found = outcome([*some, *([] if large else real)], rule, policy.min_score)
                lines.append(_rule_row(rule, policy.on, size, found))
    return [*lines, ""]


def _rule_row(rule: str, on: bool, size: str, o: Outcome) -> str:
    return (
        f"| {rule} | {o.score:g} | {'yes' if on else 'no'} | {size} | {o.precision} | {o.recall} | "
        f"{o.in_time} of {o.hits} | {_false_alarms(o)} |"
    )


def _false_alarms(o: Outcome) -> str:
    if not o.hours:
        return "not measured"
    told = f"{o.extra_a_day:.1f}, at most {o.most_a_day:.1f}"
    return f"{told} ({o.false_alarms} in {o.hours:.2f} h)"


def real_lines(trials: Iterable[tuple[RealClip, Trial]]) -> list[str]:
    shown = [f"{what} {where}" for what in CONDUCT for where in ("shown", "elsewhere")]
    lines = [
        "## Real footage",
        "",
        "Looks at zones whose state the annotator was sure of. Conduct: looks over "
        "the rule's score limit, where it is shown and elsewhere, of all such looks. Close-ups "
        "(`B_`) only say whether a class fires.",
        "",
        "| clip | presence right | wrong | cannot tell | "
        f"{' | '.join(shown)} | conduct alerts | counts within tolerance |",
        "|---|---|---|---|" + "---|" * (len(shown) + 2),
    ]
    right = wrong = unsure = within = counted = 0
    for clip, trial in trials:
        verdict = compared(clip, trial.seen)
        lines.append(_row(clip, verdict, trial))
        right += verdict.presence.right
        wrong += verdict.presence.wrong
        unsure += verdict.presence.unsure
        within += sum(_within(verdict))
        counted += len(verdict.counts)
    whole = right + wrong + unsure
    return [
        *lines, "",
        f"Presence over all real clips: right {Share(right, whole)}, wrong {Share(wrong, whole)}, "
        f"cannot tell {Share(unsure, whole)}; of the looks that tell, right "
        f"{Share(right, right + wrong)}. Counts within tolerance: {Share(within, counted)}.", "",
    ]  # fmt: skip


def _row(clip: RealClip, verdict: Verdict, trial: Trial) -> str:
    p = verdict.presence
    raised = {(a.rule, a.uid) for a in judged(trial, {}) if a.rule in ALERTING}
    within = _within(verdict)
    cells = [clip.name, p.right, p.wrong, p.unsure]
    cells += [cell for what in CONDUCT for cell in _looks(verdict.conduct[what])]
    cells += [
        ", ".join(rule for rule, _ in sorted(raised)) or "none",
        f"{sum(within)}/{len(within)}",
    ]
    return "| " + " | ".join(str(c) for c in cells) + " |"


def _looks(hits: Hits) -> tuple[str, str]:
    return f"{hits.inside}/{hits.of_inside}", f"{hits.outside}/{hits.of_outside}"


def _within(verdict: Verdict) -> list[bool]:
    return [
        said is not None and abs(said - true) <= max(tolerance, 0.1 * true)
        for true, said, tolerance in verdict.counts
    ]
