"""An assessment for a person at a terminal: what fails worst, what nobody could see, what to do next."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import ControlResult, Finding, Record
from k8snb.chapters import CHAPTERS
from k8snb.display.text import cells, clip, lead, pad
from k8snb.formats.screen import ORDER, Screen, bar, cut, plural, range_text
from k8snb.languages import _

_SHORT_ID = 7
_LONGEST = 600
_CHAPTER_BAR = 10
_CAUSES = {
    "forbidden": "the credentials may not read it",
    "unreachable": "no answer",
    "managed-by-provider": "the provider does not show it",
    "not-collected": "this source does not hold it",
    "timeout": "no answer in time",
    "unsupported": "the server does not serve it",
    "not-configured": "a parameter is not set",
    "malformed": "could not be understood",
}


def table(result: Assessment, screen: Screen) -> bytes:
    """Give the summary that `k8snb assess` shows."""
    record = result.record
    parts = (_head(record, screen), _chapters(record, screen), _failing(record, screen))
    more = (_open(record, screen), _next(record, screen))
    lines = [line for part in (*parts, *more) if (found := list(part)) for line in ("", *found)]
    return screen.finish(lines[1:])


def _head(record: Record, screen: Screen) -> Iterator[str]:
    source, score = record.source, record.score
    kind = "" if source.kind == source.name else source.kind
    about = ", ".join(part for part in (kind, source.provider, source.server) if part)
    room = screen.width - min(cells(about), 40) - 2
    name = _("standard input") if source.name == "-" else clip(source.name, room)
    yield screen.style(name, "title") + "  " + screen.style(clip(about, 40), "quiet")
    shown = _(f"Score {range_text(score.low, score.high)} of 100")
    yield f"{screen.style(shown, 'title')}  {bar(score.low, score.high, screen.width - cells(shown) - 2)}"
    failing = [one for one in record.findings if one.status == "fail"]
    waived = sum(one.waiver is not None for one in failing)
    unseen = sum(one.counts.not_assessed for one in record.controls)
    counts = [
        _(f"{len(failing) - waived:,} failing"),
        _(f"{unseen:,} not assessed"),
        *([_(f"{waived:,} waived")] if waived else []),
    ]
    yield screen.style(f"{' · '.join(counts) if screen.unicode else ', '.join(counts)}", "quiet")
    for note in record.notes:
        yield from (screen.style(line, "quiet") for line in screen.wrap(clip(note, _LONGEST)))


def _chapters(record: Record, screen: Screen) -> Iterator[str]:
    room = screen.width - _CHAPTER_BAR - 31
    titles = zip((_("FAIL"), _("UNKNOWN"), _("PASS")), (6, 8, 7), strict=True)
    head = f"{pad(_('CHAPTER'), room)}{lead(_('SCORE'), 9)} {'':{_CHAPTER_BAR}}{''.join(lead(*one) for one in titles)}"
    yield screen.style(head, "title")
    for chapter in CHAPTERS:
        interval = record.score.chapters.get(chapter.id)
        if interval is None:
            continue
        counts = [one.counts for one in record.controls if one.chapter == chapter.id]
        fail, unseen = sum(one.fail for one in counts), sum(one.not_assessed for one in counts)
        passed = sum(one.passed for one in counts)
        judged = fail + unseen + passed + sum(one.waived for one in counts)
        score = range_text(interval.low, interval.high) if judged else "-"
        shape = bar(interval.low, interval.high, _CHAPTER_BAR) if judged else " " * _CHAPTER_BAR
        yield f"{pad(cut(_(chapter.title), room), room)}{lead(score, 9)} {shape}{fail:>6}{unseen:>8}{passed:>7}"


def _failing(record: Record, screen: Screen) -> Iterator[str]:
    found = _worst_first(record)
    ranked = sorted(_open_failures(record, found), key=lambda one: ORDER[found[one.id][0].severity])
    width = max((cells(one.id) for one in ranked), default=0)
    for severity, group in groupby(ranked, lambda one: found[one.id][0].severity):
        yield screen.style(_(severity.capitalize()).upper(), severity)
        for control in group:
            yield from _control(control, found[control.id], min(width, 40), screen)


def _worst_first(record: Record) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for one in record.findings:
        if one.status == "fail" and one.waiver is None:
            found.setdefault(one.control, []).append(one)
    for group in found.values():
        group.sort(key=lambda one: (ORDER[one.severity], -(one.subject.pods or 0)))
    return found


def _open_failures(record: Record, found: dict[str, list[Finding]]) -> list[ControlResult]:
    return [one for one in record.controls if one.id in found]


def _control(control: ControlResult, found: Sequence[Finding], width: int, screen: Screen) -> Iterator[str]:
    counts = control.counts
    judged = counts.passed + counts.fail + counts.waived + counts.not_assessed
    share = _(f"{len(found):,} of {judged:,}")
    start, room = f"  {pad(control.id, width)} {lead(share, 9)}  ", screen.width - width - 14
    if ORDER[found[0].severity] > ORDER["high"]:
        yield f"{start}{screen.style(_subjects(found, room), 'quiet')}"
        return
    yield f"{start}{cut(_(control.title), room)}"
    yield screen.style(f"    {found[0].id[:_SHORT_ID]}  {_subjects(found, screen.width - 13)}", "quiet")


def _subjects(found: Sequence[Finding], width: int) -> str:
    """Name the worst subjects, as many as fit, and count the others."""
    more = len(f" +{len(found):,}") if len(found) > 1 else 0
    text, shown = clip(found[0].subject, width - more), 1
    for one in found[1:]:
        longer = f"{text}, {clip(one.subject, width)}"
        if cells(longer) > width - more:
            break
        text, shown = longer, shown + 1
    return f"{text} +{len(found) - shown:,}" if shown < len(found) else text


def _open(record: Record, screen: Screen) -> Iterator[str]:
    groups: dict[str, dict[str, Finding]] = {}
    for one in record.findings:
        if one.status == "not-assessed":
            groups.setdefault(one.cause or "not-collected", {}).setdefault(one.control, one)
    if groups:
        yield screen.style(_("NOT ASSESSED"), "not-assessed")
    for cause, found in sorted(groups.items(), key=lambda group: -len(group[1])):
        yield f"  {_(cause)}: {_(_CAUSES.get(cause, ''))} ({plural(len(found), 'control')})"
        first = next(iter(found.values()))
        yield cut(f"    {_('for one')}: {_(first.message)}", screen.width)
        yield from (screen.style(line, "quiet") for line in screen.wrap(" ".join(found), 4))


def _next(record: Record, screen: Screen) -> Iterator[str]:
    found = _worst_first(record)
    ranked = sorted((group[0] for group in found.values()), key=lambda one: ORDER[one.severity])
    word = record.source.name if record.source.kind != "context" else f"context:{record.source.name}"
    yield screen.style(_("NEXT"), "title")
    steps = []
    if ranked:
        steps += [(f"k8snb explain {ranked[0].id[:_SHORT_ID]}", "evidence, why, and how to fix")]
        steps += [(f"k8snb controls {ranked[0].control}", "what the control asks for")]
    if record.source.kind == "manifests" and any(one.cause == "not-collected" for one in record.coverage):
        steps += [("k8snb assess … --complete", "if this is all that the cluster holds")]
    steps += [("k8snb assess … -o wide", "every finding"), ("k8snb report … --out reports", "an archive to keep")]
    shown = [(command.replace("…", _word(word)), what) for command, what in steps]
    width = max(len(command) for command, __ in shown)
    yield from (f"  {command:{width}}  {cut(_(what), screen.width - width - 4)}" for command, what in shown)


def _word(word: str) -> str:
    return word if len(word) <= 20 and all(one.isalnum() or one in "-._/:" for one in word) else "SOURCE"
