"""How sure an assessment is: what its verdicts rest on, what would settle what is open, and what nobody judged."""

from collections import Counter
from collections.abc import Mapping, Sequence

from k8snb.access.settling import Settling, settling
from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Finding
from k8snb.controls.model import SEVERITIES, EvidenceSource
from k8snb.controls.registry import controls
from k8snb.display import terminal
from k8snb.display.parts import code, empty, prose, severity, table
from k8snb.display.shares import Shares, shares_table
from k8snb.display.shown import Shown
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.display.words import CHAPTER_TITLES, MARKS, number
from k8snb.languages import _

_OPEN = "not-assessed"
_UNKNOWN = MARKS[_OPEN].word
_COLOURS: Mapping[EvidenceSource, str] = {
    "object": "pass",
    "flag": "waived",
    "metric": "waived",
    "probe": "medium",
    "provider": "medium",
    "benchmark": "medium",
    "attestation": "none",
}
_FEW, _NAMED = 10, 4
_SETTLED = "Nothing is open: every control that applies was assessed."


def evidence_shares(result: Assessment) -> Shown:
    """Give by chapter what the verdicts rest on, and how many could not be given; rich in a notebook."""
    rests = [(one.chapter, _rest(one)) for one in result.findings() if one.status != "not-applicable"]
    whole = Counter(rest for __, rest in rests)
    given = len(rests) - whole[_UNKNOWN]
    seen = ", ".join(f"{_(one)} {whole[one]:,}" for one in _COLOURS if whole[one])
    asked = number(len(rests), "verdict")
    told = _(f"{given:,} of {asked} that were asked for were given, by what was seen: {seen or 'nothing'}.")
    rows = [
        Shares(_(title), Counter(rest for chapter, rest in rests if chapter == name))
        for name, title in CHAPTER_TITLES.items()
        if any(chapter == name for chapter, __ in rests)
    ]
    colours = {one: _COLOURS[one] for one in _COLOURS if whole[one]} | {_UNKNOWN: "open"}
    return shares_table("What the verdicts rest on", told, "Chapter", rows, colours)


def settled_by(result: Assessment) -> Shown:
    """Give what would settle what is open, the cheapest first; rich in a notebook."""
    found = settling(result.findings(status="not-assessed"), result.record.source, result.coverage)
    head = ("Takes", "Up to", "Command", "What it does", "Controls")
    html = table(head, map(_way, found[:_FEW]), numbers=[1]) if found else empty(_SETTLED)
    lines = [f"{len(one.findings):,} {_(one.takes)}: {one.command}" for one in found[:_FEW]]
    return Shown({"text/html": scoped(html), "text/plain": "\n".join(lines) or _(_SETTLED)})


def unjudged(result: Assessment) -> Shown:
    """Give the controls that gave no verdict on anything, by severity; rich in a notebook."""
    judged = {one.id for one in result.controls if one.status != _OPEN or one.counts.passed or one.counts.waived}
    known = controls()
    silent = [one for one in known.values() if one.id not in judged]
    told = _(f"{number(len(silent), 'control')} of {len(known)} gave no verdict on anything in this run.")
    groups = [(word, [one.id for one in silent if one.severity == word]) for word in SEVERITIES]
    rows = [[severity(word), f"{len(ids):,}", ", ".join(map(code, ids))] for word, ids in groups if ids]
    html = table(("Severity", "Controls", "Which"), rows, numbers=[1]) if rows else ""
    lines = [f"{_(word)}: {', '.join(ids)}" for word, ids in groups if ids]
    text = "\n".join(line for one in [told, *lines] for line in terminal.wrapped(one))
    return Shown({"text/html": scoped(f"<p>{html_text(told)}</p>{html}"), "text/plain": text})


def _rest(one: Finding) -> str:
    """Give what a verdict rests on: the first evidence; not assessed where there is none."""
    if one.status == _OPEN or not one.evidence:
        return _UNKNOWN
    return one.evidence[0].source


def _way(one: Settling) -> Sequence[str]:
    ids = list(dict.fromkeys(finding.control for finding in one.findings))
    more = f" {_(f'and {len(ids) - _NAMED:,} more')}" if len(ids) > _NAMED else ""
    what = one.what or "with what somebody saw: who, why, when and until"
    named = ", ".join(map(code, ids[:_NAMED]))
    return [_(one.takes), f"{len(one.findings):,}", code(one.command), prose(what), named + more]
