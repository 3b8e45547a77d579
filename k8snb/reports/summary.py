"""What a reader wants to know of an assessment before anything else, in a few rows."""

from collections import Counter
from collections.abc import Sequence

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import ControlResult, Finding
from k8snb.controls.model import SEVERITIES
from k8snb.display import terminal
from k8snb.display.assessment import doubt
from k8snb.display.parts import code, empty, interval_bar, interval_text, prose, severity, table, tally, verdict
from k8snb.display.shown import Shown
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.display.words import by_urgency, known, number, place, sentence
from k8snb.languages import _

MEANING = {
    "forbidden": "Permission to read it was refused. Apply the ClusterRole that `k8snb` ships, and run again.",
    "unreachable": "It could not be reached. Run again from where it can be.",
    "managed-by-provider": "The provider runs it and hides its configuration. An export or an attestation answers.",
    "not-collected": "Nobody collected it. A snapshot of the whole cluster, or for images a scan, holds it.",
    "timeout": "It did not answer in time. Run again.",
    "unsupported": "This cluster does not serve it.",
    "not-configured": "A parameter of the control was not set; `k8snb controls ID` tells which.",
    "malformed": "It is not what Kubernetes would accept; the finding says where.",
}
"""What would change it, by the cause of a verdict `not-assessed`."""


def headline(result: Assessment) -> Shown:
    """Give the score with its doubt and one sentence of what failed; rich in a notebook."""
    score, failing = result.score, _failing(result)
    unknown = len(result.findings(status="not-assessed"))
    told = _(f"{_counts(result)}.") + f" {doubt(score, unknown)}"
    html = (
        f'<div class="strip"><div class="big">{interval_text(score)}<small> {_("of 100")}</small></div>'
        f'<div class="g">{interval_bar(score)}</div></div><p>{html_text(told)}</p><p>{_severities(failing)}</p>'
    )
    return Shown({"text/html": scoped(html), "text/plain": f"{_(f'Score {score} of 100')}. {told}"})


def first_steps(result: Assessment, most: int = 7) -> Shown:
    """Give the failing controls that matter most, with why and what to do; rich in a notebook.

    Args:
        result: The assessment.
        most: How many to give.
    """
    controls = worst_controls(result)[:most]
    rows = [
        [severity(worst), _title(one), _failed(result, one, worst), _examples(result, one), _fix(one)]
        for one, worst in controls
    ]
    head = ("Severity", "What", "Failing", "Where", "What to do")
    html = table(head, rows, numbers=[2]) if rows else empty("Nothing that was assessed fails.")
    lines = [f"{_(worst)}: {_(one.title or one.id)} ({_(f'{one.counts.fail} failing')})" for one, worst in controls]
    text = "\n".join(line for one in lines for line in terminal.wrapped(one)) or _("Nothing that was assessed fails.")
    return Shown({"text/html": scoped(html), "text/plain": text})


def unassessed(result: Assessment) -> Shown:
    """Give what could not be assessed by cause, the controls it touches, and what would change that."""
    causes = Counter(one.cause or "not-collected" for one in result.findings(status="not-assessed"))
    rows = [
        [
            verdict("not-assessed", html_text(_(cause))),
            f"{count:,}",
            ", ".join(code(one) for one in _controls_of(result, cause)),
            prose(MEANING.get(cause, "")),
        ]
        for cause, count in causes.most_common()
    ]
    html = table(("Cause", "Verdicts", "Controls", "What would change it"), rows, numbers=[1])
    none = _("Every control that applies could be assessed.")
    text = "\n".join(f"{count} {_(cause)}: {', '.join(_controls_of(result, cause))}" for cause, count in causes.items())
    return Shown({"text/html": scoped(html if rows else empty(none)), "text/plain": text or none})


def worst_controls(result: Assessment) -> list[tuple[ControlResult, str]]:
    """Give the controls that fail, each with its worst severity; the most severe and most frequent first."""
    worst: dict[str, str] = {}
    for one in by_urgency(_failing(result)):
        worst.setdefault(one.control, one.severity)
    failing = [(one, worst[one.id]) for one in result.controls if one.id in worst]
    return sorted(failing, key=lambda pair: (SEVERITIES.index(pair[1]), -pair[0].counts.fail, pair[0].id))


def _failing(result: Assessment) -> list[Finding]:
    return [one for one in result.findings(status="fail") if not one.waiver]


def _counts(result: Assessment) -> str:
    failed = sum(one.counts.fail > 0 for one in result.controls)
    return f"{failed} of {number(len(result.controls), 'control')} fail somewhere"


def _severities(failing: Sequence[Finding]) -> str:
    counts = Counter(one.severity for one in failing)
    return " &nbsp; ".join(f"{severity(one)} <b>{counts[one]:,}</b>" for one in SEVERITIES if counts[one])


def _controls_of(result: Assessment, cause: str) -> list[str]:
    return sorted({one.control for one in result.findings(status="not-assessed") if one.cause == cause})


def _title(one: ControlResult) -> str:
    return f"{prose(one.title or one.id, 200)}<br>{code(one.id)}"


def _failed(result: Assessment, one: ControlResult, worst: str) -> str:
    """Give how many fail, and how many of these at the worst severity where that differs."""
    bad = sum(finding.severity == worst for finding in _failing(result) if finding.control == one.id)
    few = f'<br><span class="s">{bad:,} {_(worst)}</span>' if bad < one.counts.fail else ""
    return tally("fail", one.counts.fail) + few


def _examples(result: Assessment, one: ControlResult) -> str:
    found = [finding for finding in by_urgency(result.findings(status="fail", control=one.id)) if not finding.waiver]
    more = f'<br><span class="s">{_(f"and {len(found) - 2:,} more")}</span>' if len(found) > 2 else ""
    return "<br>".join(html_text(place(finding.subject), 120) for finding in found[:2]) + more


def _fix(one: ControlResult) -> str:
    control = known(one.id)
    return prose(sentence(control.fix), 400) if control else ""
