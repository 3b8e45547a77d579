"""How a cluster stands: a few sentences whose every number is counted."""

from collections import Counter
from collections.abc import Iterator, Sequence

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Finding
from k8snb.assessment.root_causes import RootCause, root_causes
from k8snb.controls.model import SEVERITIES
from k8snb.display import terminal
from k8snb.display.assessment import doubt
from k8snb.display.parts import interval_bar, interval_text, prose
from k8snb.display.shown import Shown
from k8snb.display.style import scoped
from k8snb.display.words import number
from k8snb.languages import _


def standing(result: Assessment) -> Shown:
    """Tell how a cluster stands, in sentences; rich in a notebook."""
    score = result.score
    told = [" ".join(paragraph) for paragraph in (_failing(result), _known(result)) if paragraph]
    html = (
        f'<div class="strip"><div class="big">{interval_text(score)}<small> {_("of 100")}</small></div>'
        f'<div class="g">{interval_bar(score)}</div></div>{"".join(f"<p>{prose(one)}</p>" for one in told)}'
    )
    lines = [line for one in told for line in terminal.wrapped(one)]
    return Shown({"text/html": scoped(html), "text/plain": "\n".join([_(f"Score {score} of 100"), *lines])})


def _failing(result: Assessment) -> list[str]:
    found = root_causes(result)
    failing = [finding for one in found for finding in one.findings]
    return [_controls(result), *(_findings(failing, found) if failing else [_("Nothing that was assessed fails.")])]


def _controls(result: Assessment) -> str:
    found = Counter(one.status for one in result.controls)
    silent = sum(one.status == "not-assessed" and not one.counts.passed for one in result.controls)
    told = (
        (found["fail"], "failing somewhere"),
        (found["pass"], "holding wherever they apply"),
        (found["not-assessed"] - silent, "holding as far as could be seen"),
        (silent, "without a verdict"),
        (found["not-applicable"], "with nothing to judge"),
    )
    parts = ", ".join(f"{count} {_(what)}" for count, what in told if count)
    return _(f"Of {number(len(result.controls), 'control')} in all: {parts}.")


def _findings(failing: Sequence[Finding], found: Sequence[RootCause]) -> Iterator[str]:
    subjects = len({str(one.subject) for one in failing})
    counts = Counter(one.severity for one in failing)
    told = ", ".join(f"{counts[one]:,} {_(one)}" for one in SEVERITIES if counts[one])
    yield _(f"Failing: {number(len(failing), 'finding')} on {number(subjects, 'subject')} ({told}).")
    worst = found[0].worst
    few = sum(one.worst == worst for one in found)
    fixes = number(len(found), "kind of fix", "kinds of fixes")
    yield _(f"Behind them stand {fixes}; {few} of these end everything {worst}.")
    planned = sum(one.planned for one in found)
    if planned:
        yield _(f"`k8snb fix` has a plan for {planned:,} of the findings.")
    if len(failing) > planned:
        yield _(f"A person does {len(failing) - planned:,} by hand.")


def _known(result: Assessment) -> Iterator[str]:
    unknown = result.findings(status="not-assessed")
    yield doubt(result.score, len(unknown))
    if any(" may exist outside of " in one.message for one in unknown):
        yield _("What was assessed is a part of a cluster: what is not in it may exist elsewhere.")
    waived = sum(bool(one.waiver) for one in result.findings(status="fail"))
    if waived:
        yield _(f"Accepted by somebody, and still failing: {number(waived, 'finding')}.")
