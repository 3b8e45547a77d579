"""Who answers for each control, and what was seen of it, as the notebooks show it."""

from collections import Counter
from collections.abc import Iterable, Mapping

from k8snb.analysis.operators import Operator, operator
from k8snb.analysis.responsibility import Responsibility, Who, responsible
from k8snb.assessment.result import ControlResult, Finding
from k8snb.display.shares import Shares, shares_table
from k8snb.display.shown import Shown
from k8snb.display.words import CHAPTER_TITLES, MARKS, known, number
from k8snb.languages import _
from k8snb.notebook.chapter import Chapter
from k8snb.notebook.tables import Row, rows_table

_WHO: Mapping[Who, str] = {"provider": "the provider", "both": "both", "you": "you", "unknown": "not known"}
_COLOURS: Mapping[Who, str] = {"provider": "pass", "both": "waived", "you": "none", "unknown": "open"}
_OPEN = "not-assessed"


def responsibilities(chapter: Chapter) -> Shown:
    """Give every control that was assessed: who answers for it here, the verdict, and what it was seen by."""
    found, findings = operator(chapter.cluster), chapter.result.findings()
    told = [(one, _responsible(found, one)) for one in chapter.result.controls]
    told.sort(key=lambda pair: (list(_WHO).index(pair[1].who), pair[0].id))
    rows = [_row(one, who, [f for f in findings if f.control == one.id]) for one, who in told]
    return rows_table(
        rows,
        none="No control was assessed.",
        everything="responsibilities(chapter)",
        told=_sentence(found.name, told),
    )


def responsibility_by_chapter(chapter: Chapter) -> Shown:
    """Give for every chapter how many of its controls the provider, the customer or both answer for."""
    found = operator(chapter.cluster)
    counts: dict[str, Counter[str]] = {}
    for one in chapter.result.controls:
        counts.setdefault(one.chapter, Counter())[_WHO[_responsible(found, one).who]] += 1
    rows = [Shares(_(CHAPTER_TITLES.get(name, name)), held) for name, held in counts.items()]
    told = _(f"{number(len(chapter.result.controls), 'control')} by chapter, and who answers for them here.")
    colours = {_WHO[who]: colour for who, colour in _COLOURS.items()}
    return shares_table("Shared responsibility", told, "Chapter", rows, colours)


def _responsible(found: Operator, one: ControlResult) -> Responsibility:
    control = known(one.id)
    return responsible(found, one.id, control.subject if control else "")


def _row(one: ControlResult, who: Responsibility, findings: Iterable[Finding]) -> Row:
    seen = {evidence.source for finding in findings if finding.status != _OPEN for evidence in finding.evidence}
    causes = {finding.cause for finding in findings if finding.status == _OPEN and finding.cause}
    return {
        "control": one.id,
        "answers": _(_WHO[who.who]),
        "verdict": _(MARKS[str(one.status)].word),
        "seen by": [_(one) for one in sorted(seen)] or None,
        "not seen": [_(one) for one in sorted(causes)] or None,
        "why": _(who.why),
    }


def _sentence(name: str, told: Iterable[tuple[ControlResult, Responsibility]]) -> str:
    pairs = list(told)
    counts = Counter(who.who for __, who in pairs)
    open_ = Counter(who.who for one, who in pairs if one.status == _OPEN)
    parts = [
        _(f"{_WHO[who]} for {number(counts[who], 'control')} ({open_[who]} not assessed)")
        for who in _WHO
        if counts[who]
    ]
    return _(f"Control plane of {name}. Answering: {', '.join(parts)}.")
