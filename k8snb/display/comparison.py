"""What changed between two assessments."""

from collections.abc import Sequence

from k8snb.assessment.compare import Comparison
from k8snb.assessment.result import Finding
from k8snb.display import finding, terminal
from k8snb.display.parts import folded, interval_bar, interval_text, table
from k8snb.display.shown import Bundle
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.display.words import by_urgency, number
from k8snb.languages import _

_LISTS = (
    ("appeared", "Fails now and did not before"),
    ("gone", "Failed before and fails no more"),
    ("lost", "Failed before and cannot be judged now; nobody fixed it"),
)


def comparison_bundle(comparison: Comparison) -> Bundle:
    """Give the MIME bundle of a comparison."""
    scores = (("Earlier", comparison.earlier), ("Later", comparison.later))
    rows = [[_(word), f'<span class="v">{interval_text(score)}</span>', interval_bar(score)] for word, score in scores]
    lists = "".join(_section(word, getattr(comparison, name)) for name, word in _LISTS)
    html = f"<h4>{html_text(told(comparison))}</h4>{table(('', 'Score', ''), rows)}{lists}"
    return {"text/html": scoped(html), "text/plain": "\n".join(_lines(comparison))}


def told(comparison: Comparison) -> str:
    """Tell the comparison in one sentence."""
    return _(
        f"{number(len(comparison.appeared), 'failure')} appeared, {len(comparison.gone):,} gone, "
        f"{len(comparison.lost):,} lost from sight, {comparison.remaining:,} as before."
    )


def _section(heading: str, findings: Sequence[Finding]) -> str:
    content = finding.table_html(by_urgency(findings), "comparison.appeared, .gone and .lost")
    return folded(heading, content, len(findings), number(len(findings), "finding")) if findings else ""


def _lines(comparison: Comparison) -> list[str]:
    scores = (("earlier", comparison.earlier), ("later", comparison.later))
    lines = [
        told(comparison),
        *terminal.columns([(_(word), terminal.bar(one), _(str(one))) for word, one in scores], (8, 26, 12)),
    ]
    for name, word in _LISTS:
        findings = by_urgency(getattr(comparison, name))
        lines += [f"{_(word)}:", finding.table_text(findings, f"comparison.{name}")] if findings else []
    return lines
