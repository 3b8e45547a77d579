"""Controls: one with its text, counts and findings, its proofs, and all of a chapter as a table."""

from collections.abc import Iterable, Sequence

from k8snb.assessment.assessment import Assessment, ControlView
from k8snb.assessment.prove import Proof, Proofs
from k8snb.assessment.result import ControlResult
from k8snb.chapters import CHAPTERS
from k8snb.controls.model import SEVERITIES, Control
from k8snb.controls.others import HEAD, compared, lines, of_tools
from k8snb.display import finding, terminal
from k8snb.display.catalogue import meaning, references, sources
from k8snb.display.parts import code, counts_line, empty, folded, prose, severity, table, tally, verdict
from k8snb.display.shown import Bundle, Shown
from k8snb.display.style import scoped
from k8snb.display.text import html_text, plain
from k8snb.display.words import CHAPTER_TITLES, MARKS, by_urgency, counted, known, number, sentence, title
from k8snb.languages import _

_HEAD = ("Verdict", "Severity", "Control", *(mark.word.capitalize() for mark in MARKS.values()))


def guide_table(assessment: Assessment) -> Shown:
    """Give the controls with their verdicts, each under its section of the guide, in the guide's order."""
    groups = [(_(section) if section else _("Further controls"), found) for section, found in by_section(assessment)]
    html = "".join(f"<h4>{html_text(section)}</h4>{controls_html(found)}" for section, found in groups)
    text = "\n\n".join(f"{plain(section)}\n{controls_text(found)}" for section, found in groups)
    return Shown({"text/html": scoped(html or empty("No controls.")), "text/plain": text})


def by_section(assessment: Assessment) -> list[tuple[str, list[ControlResult]]]:
    """Give the controls by section, in the guide's order; those that the guide has no section for come last."""
    sections = [*dict.fromkeys(section for chapter in CHAPTERS for section in chapter.sections), ""]
    found: dict[str, list[ControlResult]] = {section: [] for section in sections}
    for one in assessment.controls:
        control = known(one.id)
        found[control.section if control and control.section in found else ""].append(one)
    return [(section, results) for section, results in found.items() if results]


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
    told = _("These examples do what they say." if proofs.hold else "Not all of these examples do what they say.")
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
        (MARKS[one.status].symbol, _(one.severity), one.id, counts["fail"], counts["not-assessed"], counts["pass"])
        for one in ordered(results)
        for counts in [counted(one.counts)]
    ]
    head = ("", "severity", "control", "fail", "not assessed", "pass")
    return "\n".join(terminal.columns([[_(one) for one in head], *rows], (1, 8, 36, 6, 12, 7), numbers=(3, 4, 5)))


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
        f'<h3>{prose(title(result), 200)}</h3><p class="s">{html_text(_(chapter))} · {code(result.id)}</p>'
        f"<p>{verdict(result.status)} &nbsp;{severity(result.severity)}</p>"
        f"<p>{counts_line(counted(result.counts).items())}</p>"
    )


def _about(control: Control) -> str:
    said = f"<p>{prose(meaning(control))}</p>" if meaning(control) else ""
    caution = f'<p class="s">{_("Caution")}: {prose(control.caution)}</p>' if control.caution else ""
    why = f"<h4>{_('Why it matters')}</h4><p>{prose(control.why)}</p>"
    texts = f"{why}<h4>{_('How to fix')}</h4><p>{prose(control.fix)}</p>{caution}"
    return said + texts + _origins(control) + elsewhere_html(control)


def _origins(control: Control) -> str:
    evidence = table(
        ("Evidence", "Where it comes from"), ([_(name), prose(told)] for name, told in sources(control).items())
    )
    rows = [[html_text(name), html_text(", ".join(ids), 500)] for name, ids in references(control).items()]
    stands = folded("Where else the rule stands", table(("Source", "Rule"), rows), 99) if rows else ""
    return folded("Evidence, in order of trust", evidence, 99) + stands


def elsewhere_html(control: Control) -> str:
    """Give the same rule in other tools, how it stands to this one and why, as a section that can be opened."""
    rows = [[prose(one.tool), code(one.rule), html_text(_(one.relation)), prose(one.why)] for one in lines(control)]
    reason = compared(control.id).reason
    content = (empty(reason) if reason else "") + (table(HEAD, rows) if rows else "")
    return folded("The same rule elsewhere", content, 99) if content else ""


def elsewhere_text(control: Control) -> list[str]:
    """Give the rules of tools for 80 columns."""
    reason = compared(control.id).reason
    told = (
        [reason]
        if reason
        else [f"{_(one.relation)}: {one.tool} {one.rule}. {_(one.why)}" for one in of_tools(control.id)]
    )
    return [line for text in told for line in terminal.wrapped(text, "  ")]


def _lines(view: ControlView, control: Control | None) -> list[str]:
    result, found = view.result, by_urgency(view.findings)
    counts = ", ".join(f"{count:,} {_(MARKS[one].word)}" for one, count in counted(result.counts).items() if count)
    return [
        *terminal.wrapped(f"{_(title(result))} ({result.id}, {_(result.severity)})"),
        f"{MARKS[result.status].symbol} {_(MARKS[result.status].word)}: {counts or _('no subjects')}",
        *(terminal.wrapped(sentence(control.why), f"{_('Why')}: ") if control else []),
        *(terminal.wrapped(sentence(control.fix), f"{_('Fix')}: ") if control else []),
        finding.table_text(found, f"result[{result.id!r}].findings", with_control=False),
        *([f"{_('The same rule elsewhere')}:", *elsewhere_text(control)] if control else []),
    ]


def _proof(one: Proof, size: int) -> str:
    status = one.assessment[one.control].result.status
    gave = _(f"must give {MARKS[one.expected].word}, gave {MARKS[status].word}")
    found = finding.table_html(by_urgency(one.assessment.findings()), "proof.assessment.to_frame()", with_control=False)
    heading = f"{'✓' if one.holds else '✗'} {gave}"
    return folded(heading, f"<pre>{_lines_of(one.objects)}</pre>{found}", 1 if size <= 2 else 99)


def _lines_of(text: str) -> str:
    return "\n".join(html_text(line, 400) for line in text.strip("\n").split("\n")[:400])


def _proof_line(one: Proof) -> str:
    status = one.assessment[one.control].result.status
    gave = _(f"must give {MARKS[one.expected].word}, gave {MARKS[status].word}")
    return f"  {'✓' if one.holds else '✗'} {gave}"


def chapters_of(results: Sequence[ControlResult]) -> dict[str, list[ControlResult]]:
    """Give the controls by chapter, chapters in the order of the guide."""
    found = {one.chapter: [other for other in results if other.chapter == one.chapter] for one in results}
    order = [*CHAPTER_TITLES, *found]
    return {chapter: found[chapter] for chapter in sorted(found, key=order.index)}


def chapter_note(results: Sequence[ControlResult]) -> str:
    """Tell the verdicts of a chapter's controls in a few words."""
    counts = {status: sum(one.status == status for one in results) for status in MARKS}
    told = [f"{count} {_(MARKS[status].word)}" for status, count in counts.items() if count]
    return f"{number(len(results), 'control')}: {', '.join(told)}"
