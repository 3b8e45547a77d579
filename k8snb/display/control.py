"""Controls: one with its text, counts and findings, its proofs, and all of a chapter as a table."""

from collections.abc import Iterable, Mapping, Sequence

from k8snb.assessment.assessment import Assessment, ControlView
from k8snb.assessment.prove import Proof, Proofs
from k8snb.assessment.result import ControlResult
from k8snb.controls.model import SEVERITIES, Control
from k8snb.display import finding, terminal
from k8snb.display.parts import code, counts_line, empty, folded, prose, severity, table, tally, verdict
from k8snb.display.shown import Bundle, Shown
from k8snb.display.style import scoped
from k8snb.display.text import html_text, plain
from k8snb.display.words import CHAPTER_TITLES, MARKS, by_urgency, counted, known, number, sentence, title

_HEAD = ("Verdict", "Severity", "Control", *(mark.word.capitalize() for mark in MARKS.values()))


def controls_table(assessment: Assessment, chapter: str | None = None) -> Shown:
    """Give the controls of a chapter, or of all, with their verdicts and counts; rich in a notebook."""
    wanted = [one for one in assessment.controls if chapter in {None, one.chapter}]
    return Shown({"text/html": scoped(controls_html(wanted)), "text/plain": controls_text(wanted)})


def control_bundle(view: ControlView) -> Bundle:
    """Give the MIME bundle of one control of an assessment."""
    found, control = by_urgency(view.findings), known(view.result.id)
    failing = finding.table_html(found, f"result[{view.result.id!r}].findings", with_control=False)
    subjects = folded("Findings", failing, len(found), finding.summary(found)) if found else empty("No findings.")
    return {
        "text/html": scoped(_heading(view.result) + (_about(control) if control else "") + subjects),
        "text/plain": "\n".join(_lines(view, control)),
    }


def proofs_bundle(proofs: Proofs) -> Bundle:
    """Give the MIME bundle of the proofs of a control: each example with what it must give and what it gave."""
    told = f"{'These examples do' if proofs.hold else 'Not all of these examples do'} what they say."
    name = proofs[0].control if proofs else ""
    head = f"<h4>{verdict('pass' if proofs.hold else 'fail', told)} {code(name)}</h4>"
    return {
        "text/html": scoped(head + "".join(_proof(one, len(proofs)) for one in proofs)),
        "text/plain": "\n".join([f"{plain(name)}: {told}", *(_proof_line(one) for one in proofs)]),
    }


def controls_html(results: Iterable[ControlResult]) -> str:
    """Give controls as a table, the worst first."""
    rows = [_row(one) for one in ordered(results)]
    return table(_HEAD, rows, numbers=range(3, len(_HEAD))) if rows else empty("No controls.")


def controls_text(results: Iterable[ControlResult]) -> str:
    """Give the same for 80 columns."""
    rows = [
        (MARKS[one.status].symbol, one.severity, one.id, counts["fail"], counts["not-assessed"], counts["pass"])
        for one in ordered(results)
        for counts in [counted(one.counts)]
    ]
    head = ("", "severity", "control", "fail", "not assessed", "pass")
    return "\n".join(terminal.columns([head, *rows], (1, 8, 36, 6, 12, 7), numbers=(3, 4, 5)))


def ordered(results: Iterable[ControlResult]) -> list[ControlResult]:
    """Give controls with the worst first: by verdict, then severity, then how many fail."""
    statuses = list(MARKS)
    return sorted(
        results,
        key=lambda one: (statuses.index(one.status), SEVERITIES.index(one.severity), -one.counts.fail, one.id),
    )


def _row(one: ControlResult) -> list[str]:
    name = f"{prose(title(one), 200)}<br>{code(one.id)}" if one.title else code(one.id)
    return [
        verdict(one.status),
        severity(one.severity),
        name,
        *(tally(status, count) for status, count in counted(one.counts).items()),
    ]


def _heading(result: ControlResult) -> str:
    chapter = CHAPTER_TITLES.get(result.chapter, result.chapter)
    return (
        f'<h3>{prose(title(result), 200)}</h3><p class="s">{html_text(chapter)} · {code(result.id)}</p>'
        f"<p>{verdict(result.status)} &nbsp;{severity(result.severity)}</p>"
        f"<p>{counts_line(counted(result.counts).items())}</p>"
    )


def _about(control: Control) -> str:
    caution = f'<p class="s">Caution: {prose(control.caution)}</p>' if control.caution else ""
    texts = f"<h4>Why it matters</h4><p>{prose(control.why)}</p><h4>How to fix</h4><p>{prose(control.fix)}</p>{caution}"
    names = control.references.__struct_fields__
    references = [(name, getattr(control.references, name)) for name in names if getattr(control.references, name)]
    rows = [[html_text(REFERENCES.get(name, name)), html_text(", ".join(ids), 500)] for name, ids in references]
    return texts + (folded("Where else the rule stands", table(("Source", "Rule"), rows), 99) if rows else "")


REFERENCES: Mapping[str, str] = {
    "pss": "Pod Security Standards",
    "cis": "CIS Kubernetes Benchmark",
    "nist_800_53": "NIST SP 800-53 rev. 5",
    "nist_800_190": "NIST SP 800-190",
    "mitre": "MITRE ATT&CK",
    "kubescape": "kubescape",
    "trivy": "Trivy",
    "kube_bench": "kube-bench",
}
"""Who else states a rule, by the fields of `References`."""


def _lines(view: ControlView, control: Control | None) -> list[str]:
    result, found = view.result, by_urgency(view.findings)
    counts = ", ".join(f"{count:,} {MARKS[one].word}" for one, count in counted(result.counts).items() if count)
    return [
        *terminal.wrapped(f"{title(result)} ({result.id}, {result.severity})"),
        f"{MARKS[result.status].symbol} {MARKS[result.status].word}: {counts or 'no subjects'}",
        *(terminal.wrapped(sentence(control.why), "Why: ") if control else []),
        *(terminal.wrapped(sentence(control.fix), "Fix: ") if control else []),
        finding.table_text(found, f"result[{result.id!r}].findings", with_control=False),
    ]


def _proof(one: Proof, size: int) -> str:
    status = one.assessment[one.control].result.status
    gave = f"must give {MARKS[one.expected].word}, gave {MARKS[status].word}"
    found = finding.table_html(by_urgency(one.assessment.findings()), "proof.assessment.to_frame()", with_control=False)
    heading = f"{'✓' if one.holds else '✗'} {gave}"
    return folded(heading, f"<pre>{_lines_of(one.objects)}</pre>{found}", 1 if size <= 2 else 99)


def _lines_of(text: str) -> str:
    return "\n".join(html_text(line, 400) for line in text.strip("\n").split("\n")[:400])


def _proof_line(one: Proof) -> str:
    status = one.assessment[one.control].result.status
    return f"  {'✓' if one.holds else '✗'} must give {MARKS[one.expected].word}, gave {MARKS[status].word}"


def chapters_of(results: Sequence[ControlResult]) -> dict[str, list[ControlResult]]:
    """Give the controls by chapter, chapters in the order of the guide."""
    found = {one.chapter: [other for other in results if other.chapter == one.chapter] for one in results}
    order = [*CHAPTER_TITLES, *found]
    return {chapter: found[chapter] for chapter in sorted(found, key=order.index)}


def chapter_note(results: Sequence[ControlResult]) -> str:
    """Tell the verdicts of a chapter's controls in a few words."""
    counts = {status: sum(one.status == status for one in results) for status in MARKS}
    told = [f"{count} {MARKS[status].word}" for status, count in counts.items() if count]
    return f"{number(len(results), 'control')}: {', '.join(told)}"
