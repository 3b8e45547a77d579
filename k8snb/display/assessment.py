"""An assessment: its score with its doubt, what fails first, what nobody knows."""

from collections import Counter
from collections.abc import Iterable, Sequence

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Finding
from k8snb.assessment.score import Interval
from k8snb.controls.model import SEVERITIES
from k8snb.display import control, coverage, finding, terminal
from k8snb.display.parts import counts_line, empty, folded, interval_bar, interval_text, severity, table, tally
from k8snb.display.shown import Bundle
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.display.words import CHAPTER_TITLES, MARKS, by_urgency, number, verdict_of
from k8snb.languages import _


def _key() -> str:
    return (
        f'<p class="s"><span class="pass">■</span> {_("shown to hold")} &nbsp; <span class="open">▨</span> '
        f"{_('not assessed')} &nbsp; □ {_('fails')}. "
        f"{_('The score is weighted by severity; a waived finding still fails.')}</p>"
    )


_COUNTED = ("fail", "not-assessed", "pass", "not-applicable")
_FIRST = 6


def assessment_bundle(assessment: Assessment) -> Bundle:
    """Give the MIME bundle of a whole assessment."""
    parts = (_heading, _score, _chapters, _first, _failing, _open, _controls, _coverage, _notes)
    return {
        "text/html": scoped("".join(part(assessment) for part in parts)),
        "text/plain": "\n".join(_lines(assessment)),
    }


def source_line(assessment: Assessment) -> str:
    """Tell what was assessed and when; untrusted text."""
    source = assessment.record.source
    kind = _(f"{source.kind} of {source.recorded}" if source.recorded else source.kind)
    told = (
        kind,
        source.server,
        source.provider,
        (source.seen or source.finished).replace("T", " ").replace("Z", " UTC"),
    )
    return " · ".join(one for one in told if one)


def _heading(assessment: Assessment) -> str:
    source = assessment.record.source
    return f'<h3>{html_text(source.name, 200)}</h3><p class="s">{html_text(source_line(assessment), 400)}</p>'


def _score(assessment: Assessment) -> str:
    verdicts = Counter(verdict_of(one) for one in assessment)
    score = assessment.score
    return (
        f'<div class="strip"><div class="big">{interval_text(score)}<small> {_("of 100")}</small></div>'
        f'<div class="g">{interval_bar(score)}{_key()}</div></div>'
        f"<p>{_severities(assessment.findings(status='fail'))}</p>"
        f"<p>{counts_line((one, verdicts[one]) for one in ('fail', 'waived', 'not-assessed'))}</p>"
        f'<p class="s">{html_text(doubt(score, verdicts["not-assessed"]))}</p>'
    )


def doubt(score: Interval, unknown: int) -> str:
    """Tell why the score is an interval, and how wide it is."""
    if round(score.low) == round(score.high):
        return _(
            "Everything that counts was assessed." if not unknown else "What was not assessed hardly moves the score."
        )
    width = f"{score.high - score.low:.0f}"
    return _(f"{number(unknown, 'verdict')} could not be given: that leaves {width} points of the score open.")


def _severities(failing: Iterable[Finding]) -> str:
    counts = Counter(one.severity for one in failing if not one.waiver)
    return " &nbsp; ".join(f"{severity(one)} <b>{counts[one]:,}</b>" for one in SEVERITIES if counts[one])


def _chapters(assessment: Assessment) -> str:
    scores = assessment.record.score.chapters
    head = ("Chapter", "Score", "", "Controls", *(MARKS[one].word.capitalize() for one in _COUNTED))
    rows = [
        [
            html_text(_(CHAPTER_TITLES.get(chapter, chapter))),
            f'<span class="v">{interval_text(scores[chapter])}</span>',
            interval_bar(scores[chapter]),
            str(len(results)),
            *(tally(status, sum(one.status == status for one in results)) for status in _COUNTED),
        ]
        for chapter, results in control.chapters_of(assessment.controls).items()
    ]
    return (
        f"<h4>{_('Chapters')}</h4>{table(head, rows, numbers=range(3, len(head)))}"
        if rows
        else empty("No controls ran.")
    )


def _first(assessment: Assessment) -> str:
    failing = [one for one in control.ordered(assessment.controls) if one.counts.fail][:_FIRST]
    return f"<h4>{_('Look here first')}</h4>{control.controls_html(failing)}" if failing else ""


def _failing(assessment: Assessment) -> str:
    return _section("Every failing finding", assessment.findings(status="fail"))


def _open(assessment: Assessment) -> str:
    return _section("What could not be assessed", assessment.findings(status="not-assessed"))


def _section(heading: str, findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    content = finding.table_html(by_urgency(findings), "result.to_frame()")
    return folded(heading, content, len(findings), finding.summary(findings))


def _controls(assessment: Assessment) -> str:
    return "".join(
        folded(
            _(f"Controls of {_(CHAPTER_TITLES.get(chapter, chapter))}"),
            control.controls_html(results),
            99,
            control.chapter_note(results),
        )
        for chapter, results in control.chapters_of(assessment.controls).items()
    )


def _coverage(assessment: Assessment) -> str:
    rows = assessment.coverage
    return folded("What was read", coverage.coverage_html(rows), 99, coverage.told(rows))


def _notes(assessment: Assessment) -> str:
    notes = assessment.record.notes
    listed = "".join(f"<li>{html_text(_(one), 400)}</li>" for one in notes[:50])
    return folded("Left aside", f"<ul>{listed}</ul>", 99, number(len(notes), "note")) if notes else ""


def _lines(assessment: Assessment) -> list[str]:
    failing = by_urgency(assessment.findings(status="fail"))
    unknown = len(assessment.findings(status="not-assessed"))
    scores = [("whole", assessment.score), *assessment.record.score.chapters.items()]
    rows = [(_(name), terminal.bar(score), _(str(score))) for name, score in scores]
    return [
        *terminal.wrapped(f"{assessment.record.source.name}: {source_line(assessment)}"),
        *terminal.columns(rows, (30, 26, 12)),
        *terminal.wrapped(doubt(assessment.score, unknown)),
        *terminal.wrapped(_(coverage.told(assessment.coverage) + ".")),
        finding.table_text(failing, "result.to_frame()"),
    ]
