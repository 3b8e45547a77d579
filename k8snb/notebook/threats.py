"""Findings by threat, and how they combine, as the notebooks show them."""

from collections import Counter
from collections.abc import Iterable

from k8snb.analysis import attack_paths as analysis
from k8snb.assessment import threats as regrouped
from k8snb.assessment.result import Finding
from k8snb.display import attack_matrix as matrix
from k8snb.display import terminal
from k8snb.display.figures import Figure, threat_bars
from k8snb.display.parts import code, empty, folded
from k8snb.display.shown import Shown
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.display.words import number
from k8snb.languages import _
from k8snb.notebook.chapter import Chapter

MOST = 30
"""How many attack paths are shown."""
OPEN = 3
"""How many of them are unfolded."""


def threats(chapter: Chapter) -> Figure:
    """Draw the failing findings by the threats of the guide that they help."""
    rows = [
        {"group": f"{_(one.threat.group)}: {_(one.threat.name)}", "counts": _severities(one.findings)}
        for one in regrouped.threats(chapter.result)
    ]
    return threat_bars(rows)


def techniques(chapter: Chapter) -> Figure:
    """Draw the failing findings by the techniques of MITRE ATT&CK that they help."""
    rows = [
        {"group": f"{one.id} {one.name}".strip(), "counts": _severities(one.findings)}
        for one in regrouped.techniques(chapter.result)
    ]
    return threat_bars(rows, "Failing findings by technique")


def attack_matrix(chapter: Chapter) -> Shown:
    """Give the techniques of MITRE ATT&CK for Containers below their tactics, with the worst verdict against each."""
    return matrix.attack_matrix(regrouped.threat_model().tactics, regrouped.techniques(chapter.result))


def attack_paths(chapter: Chapter) -> Shown:
    """Give the ways from the outside to what matters, step by step."""
    found = analysis.attack_paths(chapter.cluster)
    goals = Counter(one.goal for one in found)
    told = f"{number(len(found), 'attack path')}: " + ", ".join(
        _(f"{count} to {goal}") for goal, count in goals.items()
    )
    told = (
        f"{told}."
        if found
        else "No path from an exposed Service or Ingress to Secrets, a node or the cluster was found."
    )
    more = empty(f"… and {len(found) - MOST} more; attack_paths(cluster) has all.") if len(found) > MOST else ""
    html = f"<p>{html_text(_(told))}</p>{''.join(map(_path, found[:MOST], range(MOST)))}{more}"
    lines = [line for one in found[:MOST] for line in _lines(one)]
    return Shown({"text/html": scoped(html), "text/plain": "\n".join([*terminal.wrapped(told), *lines])})


def _path(one: analysis.AttackPath, place: int) -> str:
    steps = "".join(
        f"<li><b>{html_text(step.subject, 160)}</b> {html_text(_(step.because), 300)}"
        f"{f' {code(step.control)}' if step.control else ''}</li>"
        for step in one.steps
    )
    start = one.steps[0].subject if one.steps else ""
    return folded(
        f"{start} → {_(one.goal)}", f"<ol>{steps}</ol>", 1 if place < OPEN else 99, number(len(one.steps), "step")
    )


def _lines(one: analysis.AttackPath) -> list[str]:
    steps = (f"{step.subject} {_(step.because)}" for step in one.steps)
    return [_(f"to {one.goal}"), *(line for step in steps for line in terminal.wrapped(step, "  - "))]


def _severities(findings: Iterable[Finding]) -> Counter[str]:
    return Counter(one.severity for one in findings)
