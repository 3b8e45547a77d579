"""Findings: one with all that was seen, and many as a table."""

from collections.abc import Iterable, Sequence
from typing import Any

from k8snb.access.settle import ways
from k8snb.assessment.result import Finding
from k8snb.controls.model import Control, Evidence
from k8snb.display import terminal
from k8snb.display.parts import MOST, code, empty, pods, prose, remainder, severity, table, verdict
from k8snb.display.shown import Bundle, Shown
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.display.words import MARKS, by_urgency, known, number, observed, place, sentence, verdict_of
from k8snb.languages import _

_MOST_EVIDENCE = 10


def show_finding(finding: Finding) -> Shown:
    """Give one finding with its evidence, why it matters and how to fix it; rich in a notebook."""
    return Shown(finding_bundle(finding))


def findings_table(findings: Iterable[Finding], everything: str = "result.to_frame()") -> Shown:
    """Give findings as a table, the most urgent first; rich in a notebook.

    Args:
        findings: The findings.
        everything: What holds them all, named where not all are shown.
    """
    found = by_urgency(findings)
    return Shown({"text/html": scoped(table_html(found, everything)), "text/plain": table_text(found, everything)})


def finding_bundle(finding: Finding) -> Bundle:
    """Give the MIME bundle of one finding."""
    control = known(finding.control)
    told = [f"<p>{prose(finding.message)}</p>", _evidence(finding.evidence, len(finding.evidence)), _notes(finding)]
    return {
        "text/html": scoped(f"<h4>{_heading(finding)}</h4>{''.join(told)}{_advice(finding, control)}"),
        "text/plain": "\n".join(_lines(finding, control)),
    }


def table_html(findings: Sequence[Finding], everything: str, *, with_control: bool = True) -> str:
    """Give the table of findings that are in order already."""
    if not findings:
        return empty("No findings.")
    head = ["Severity", "Verdict", *(["Control"] if with_control else []), "Subject", "What was seen"]
    rows = (_row(one, with_control=with_control) for one in findings[:MOST])
    return table(head, rows) + remainder(len(findings), everything)


def table_text(findings: Sequence[Finding], everything: str, *, with_control: bool = True) -> str:
    """Give the same for 80 columns."""
    if not findings:
        return _("No findings.")
    widths = (8, 1, 24, 41) if with_control else (8, 1, 30, 35)
    rows = [
        (
            _(one.severity),
            MARKS[verdict_of(one)].symbol,
            *((one.control, place(one.subject)) if with_control else (place(one.subject), _(one.message))),
        )
        for one in findings[: terminal.MOST]
    ]
    return "\n".join([*terminal.columns(rows, widths), *terminal.remainder(len(findings), everything)])


def _row(finding: Finding, *, with_control: bool) -> list[str]:
    control = [f'<span class="v">{code(finding.control, 48)}</span>'] if with_control else []
    return [
        severity(finding.severity),
        verdict(verdict_of(finding)),
        *control,
        _subject(finding),
        f"<details><summary>{prose(finding.message, 300)}</summary>"
        f"{_evidence(finding.evidence, _MOST_EVIDENCE)}{_notes(finding)}</details>",
    ]


def _subject(finding: Finding) -> str:
    subject = finding.subject
    where = f"{html_text(subject.namespace, 120)}/" if subject.namespace else ""
    differs = f'<br><span class="s">{html_text(_(f"its pod {subject.differs} differs from its template"), 200)}</span>'
    return (
        f'<span class="s">{html_text(subject.kind)}</span> {where}<b>{html_text(subject.name, 120)}</b>'
        f"{pods(subject.pods)}{differs if subject.differs else ''}"
    )


def _heading(finding: Finding) -> str:
    return f"{verdict(verdict_of(finding))} {severity(finding.severity)} {code(finding.control)} {_subject(finding)}"


def _evidence(evidence: Sequence[Evidence], most: int) -> str:
    if not evidence:
        return ""
    shown = "".join(
        f"<li>{code(one.at)} {_('is')} {code(observed(one.observed))}, {_('expected')} {prose(one.expected, 300)}"
        f"{'' if one.source == 'object' else f' <small>({html_text(_(one.source))})</small>'}</li>"
        for one in evidence[:most]
    )
    return f"<ul>{shown}</ul>{remainder(len(evidence), 'show_finding(finding)', most)}"


def _notes(finding: Finding) -> str:
    waiver = finding.waiver or {}
    accepted = f"Accepted by {waiver.get('who')} until {waiver.get('until')}: {waiver.get('why')}" if waiver else ""
    cause = f"Not assessed: {finding.cause}" if finding.cause else ""
    told = [
        one for one in (accepted, cause, finding.origin and f"From {finding.origin}", f"Finding {finding.id}") if one
    ]
    return f'<p class="s">{" · ".join(html_text(_(one), 400) for one in told)}</p>'


def _advice(finding: Finding, control: Control | None) -> str:
    if control is None:
        return ""
    caution = f'<p class="s">{_("Caution")}: {prose(control.caution)}</p>' if control.caution else ""
    fix = f"<h4>{_('How to fix')}</h4><p>{prose(control.fix)}</p>{caution}" if finding.status != "pass" else ""
    return f"{_settling(finding, control)}<h4>{_('Why it matters')}</h4><p>{prose(control.why)}</p>{fix}"


def _settling(finding: Finding, control: Control) -> str:
    found = "".join(f"<li>{code(way.command)}: {prose(way.what)}</li>" for way in ways(finding, control))
    return f"<h4>{_('What would settle it')}</h4><ul>{found}</ul>" if found else ""


def _lines(finding: Finding, control: Control | None) -> list[str]:
    mark = MARKS[verdict_of(finding)]
    texts: list[tuple[str, Any]] = [
        ("", f"{mark.symbol} {_(mark.word)}  {_(finding.severity)}  {finding.control}  {place(finding.subject)}"),
        ("  ", finding.message),
        *(
            ("    ", f"{one.at}: {observed(one.observed)}; expected {one.expected}")
            for one in finding.evidence[:_MOST_EVIDENCE]
        ),
        *(
            (f"  {_('To settle')}: ", f"{way.command}: {_(way.what)}")
            for way in (ways(finding, control) if control else ())
        ),
        *([(f"  {_('Why')}: ", sentence(control.why)), (f"  {_('Fix')}: ", sentence(control.fix))] if control else []),
        ("  ", f"finding {finding.id}"),
    ]
    return [line for indent, text in texts for line in terminal.wrapped(text, indent)]


def summary(findings: Sequence[Finding]) -> str:
    """Tell how many findings there are, on how many subjects."""
    return _(f"{number(len(findings), 'finding')} on {number(len({str(one.subject) for one in findings}), 'subject')}")
