"""Stacked bars of counts by severity, one bar a row, with the numbers beside them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from k8snb.assessment.assessment import Assessment
from k8snb.controls.model import SEVERITIES
from k8snb.display import terminal
from k8snb.display.figures.canvas import SEVERITY_COLOURS, amounts, figure, label, names, rows_height
from k8snb.display.figures.figure import Figure
from k8snb.display.figures.rows import Row, rows_of
from k8snb.display.parts import empty, table
from k8snb.display.text import html_text
from k8snb.display.words import number, place
from k8snb.languages import _

Bar = tuple[str, Mapping[str, int]]
_MOST = 40
_ROOM = 0.03


def severity_by_workload(assessment: Assessment, most: int = 20) -> Figure:
    """Draw the failing findings of the workloads that fail worst, by severity; what was waived is left out.

    Args:
        assessment: What was found.
        most: How many workloads.
    """
    counts: dict[str, Counter[str]] = {}
    for one in assessment.findings(status="fail"):
        if one.subject.pods is not None and not one.waiver:
            counts.setdefault(place(one.subject), Counter())[one.severity] += 1
    ranked = sorted(counts.items(), key=lambda pair: ([-pair[1][one] for one in SEVERITIES], pair[0]))
    alt = f"{number(len(ranked), 'workload fails', 'workloads fail')}; the {min(most, len(ranked))} worst are shown."
    return severity_bars("Failing findings by workload", alt, ranked[:most], "Workload")


def threat_bars(rows: Sequence[Row | msgspec.Struct], title: str = "Failing findings by threat") -> Figure:
    """Draw counts by severity for groups of findings, such as the threats of the guide.

    Args:
        rows: Each with `group`, and a count under every severity (or a mapping `counts` that has them).
        title: The caption.
    """
    bars = [(str(row["group"]), _counts(row.get("counts", row))) for row in rows_of(rows)]
    total = sum(sum(counts.values()) for __, counts in bars)
    alt = f"{number(total, 'entry', 'entries')} in {number(len(bars), 'group')}; a finding may stand in more than one."
    return severity_bars(title, alt, bars, "Group")


def _counts(counts: Mapping[str, Any]) -> dict[str, int]:
    return {one: int(counts.get(one) or 0) for one in SEVERITIES}


def severity_bars(title: str, alt: str, bars: Sequence[Bar], heading: str) -> Figure:
    """Draw counts by severity.

    Args:
        title: The caption.
        alt: What can be seen, in one sentence.
        bars: Name and counts of each bar; names are untrusted.
        heading: What the bars stand for.
    """
    shown = bars[:_MOST]
    most = max((sum(counts.values()) for __, counts in shown), default=0)
    head = (heading, "", *(one.capitalize() for one in SEVERITIES))
    rows = [[html_text(name, 160), _bar(counts, most), *_numbers(counts)] for name, counts in shown]
    static = table(head, rows, numbers=range(2, 6)) if rows else empty("Nothing fails here.")
    cells = [(name, *(counts.get(one, 0) for one in SEVERITIES)) for name, counts in shown]
    lines = terminal.columns(
        [[_(one) for one in (heading, *SEVERITIES)], *cells], (42, 8, 6, 6, 6), numbers=range(1, 5)
    )
    return Figure(title, alt, static, "\n".join(lines), lambda: _draw(title, shown))


def _numbers(counts: Mapping[str, int]) -> list[str]:
    return [f"{counts[one]:,}" if counts.get(one) else '<span class="s">0</span>' for one in SEVERITIES]


def _bar(counts: Mapping[str, int], most: int) -> str:
    parts = "".join(
        f'<i style="width:{100 * counts.get(one, 0) / most:.2f}%;background:var(--{one});'
        f'box-shadow:inset -1px 0 var(--paper)"></i>'
        for one in SEVERITIES
        if counts.get(one)
    )
    return f'<div class="bar flat" aria-hidden="true">{parts}</div>'


def _inside(count: int, most: int) -> str:
    return str(count) if count > _ROOM * most else ""


def _draw(title: str, bars: Sequence[Bar]) -> Any:
    places = list(range(len(bars)))
    most = max((sum(counts.values()) for __, counts in bars), default=0)
    step = {"dtick": 1} if most < 10 else {}
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": _(severity),
            "y": places,
            "x": [counts.get(severity, 0) for __, counts in bars],
            "text": [_inside(counts.get(severity, 0), most) for __, counts in bars],
            "textposition": "inside",
            "textangle": 0,
            "insidetextfont": {"color": "#ffffff" if severity == "critical" else "#14171b"},
            "marker": {"color": SEVERITY_COLOURS[severity]},
            "customdata": [label(name, 120) for name, __ in bars],
            "hovertemplate": f"%{{customdata}}<br>{_(severity)}: %{{x}}<extra></extra>",
        }
        for severity in SEVERITIES
    ]
    return figure(
        traces,
        title,
        rows_height(len(bars)),
        barmode="stack",
        bargap=0.3,
        yaxis=names([name for name, __ in bars], autorange="reversed"),
        xaxis=amounts(tickformat="d", **step),
    )
