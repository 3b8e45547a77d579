"""Namespaces by controls: the worst verdict of each."""

from collections import Counter
from collections.abc import Sequence

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import ControlResult, Finding
from k8snb.controls.model import SEVERITIES
from k8snb.display.figures.figure import Figure
from k8snb.display.figures.grid import Cell, Column, Grid
from k8snb.display.figures.grid_figure import grid_figure
from k8snb.display.words import CHAPTER_TITLES, MARKS, number, verdict_of
from k8snb.languages import translate

CLUSTER = "(cluster)"
_WORST = ("fail", "not-assessed", "waived", "pass", "not-applicable")
_ROWS, _COLUMNS = 30, 45
Counts = dict[tuple[str, str], Counter[str]]


def heat_map(assessment: Assessment, chapter: str | None = None) -> Figure:
    """Draw the worst verdict of every control in every namespace.

    Args:
        assessment: What was found. Passing verdicts show only where it was made with `all=True`.
        chapter: Limits it to the controls of one chapter.
    """
    findings = assessment.findings(chapter=chapter)
    counts = _counts(findings)
    failing = Counter(row for (row, _), seen in counts.items() for _ in range(seen["fail"]))
    rows = sorted({row for row, _ in counts}, key=lambda row: (-failing[row], row))
    columns = _columns([one for one in assessment.controls if one.id in {control for _, control in counts}])
    cells = [[_cell(counts.get((row, one.name), Counter())) for one in columns[:_COLUMNS]] for row in rows[:_ROWS]]
    bad = sum(seen["fail"] > 0 for seen in counts.values())
    size = f"{number(len(rows), 'namespace')} by {number(len(columns), 'control')}"
    alt = f"{size}; {number(bad, 'cell fails', 'cells fail')}. {_note(findings, len(rows), len(columns))}".strip()
    grid = Grid("Namespace", rows[:_ROWS], columns[:_COLUMNS], cells)
    title = "Namespaces and controls" + (f": {translate(CHAPTER_TITLES.get(chapter, chapter))}" if chapter else "")
    return grid_figure(title, alt, grid)


def _counts(findings: Sequence[Finding]) -> Counts:
    counts: Counts = {}
    for one in findings:
        counts.setdefault((row_of(one), one.control), Counter())[verdict_of(one)] += 1
    return counts


def row_of(finding: Finding) -> str:
    """Give the namespace that a finding belongs to; `(cluster)` where it belongs to none."""
    subject = finding.subject
    return subject.namespace or (subject.name if subject.kind == "Namespace" else CLUSTER)


def _columns(results: Sequence[ControlResult]) -> list[Column]:
    ranked = sorted(results, key=lambda one: (SEVERITIES.index(one.severity), -one.counts.fail, one.id))
    before = [None, *(one.severity for one in ranked)]
    return [Column(one.id, one.severity, one.severity != last) for one, last in zip(ranked, before, strict=False)]


def _cell(seen: Counter[str]) -> Cell:
    status = next((one for one in _WORST if seen[one]), None)
    return Cell(status, ", ".join(f"{seen[one]:,} {translate(MARKS[one].word)}" for one in _WORST if seen[one]))


def _note(findings: Sequence[Finding], rows: int, columns: int) -> str:
    blank = "" if any(one.status == "pass" for one in findings) else "Blank: passes or does not apply."
    cut = f"Shown are the worst {_ROWS} of {rows} namespaces." if rows > _ROWS else ""
    left = f"Shown are {_COLUMNS} of {columns} controls, the most severe." if columns > _COLUMNS else ""
    return " ".join(one for one in (blank, cut, left) if one)
