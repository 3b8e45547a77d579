"""One finding with everything that a person needs, as plain data."""

from typing import Any

import msgspec

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Finding
from k8snb.controls.model import Control
from k8snb.display.catalogue import REFERENCES
from k8snb.display.words import CHAPTER_TITLES, known, observed, sentence
from k8snb.languages import _
from k8snb_widgets.lines import Plain, plain_finding, shown
from k8snb_widgets.manifest import manifests

_MOST_EVIDENCE = 20
_MOST_OTHERS = 8


def detail(result: Assessment, finding: Finding) -> Plain:
    """Give a finding with its evidence, its objects, why it matters, how to fix it, and where else the rule stands.

    Args:
        result: The assessment that it is of.
        finding: The finding.

    Returns:
        Builtin types; every text is cut and shows what it holds, and none is HTML.
    """
    return {
        **plain_finding(finding),
        "chapter": _(CHAPTER_TITLES.get(finding.chapter, finding.chapter)),
        "notes": _notes(finding),
        "evidence": [_seen(one) for one in finding.evidence[:_MOST_EVIDENCE]],
        "more": max(0, len(finding.evidence) - _MOST_EVIDENCE),
        "manifests": msgspec.to_builtins(manifests(result.cluster, finding)),
        "fixed by": finding.fix,
        **_advice(finding, known(finding.control)),
        "others": _others(result, finding),
    }


def _seen(one: Any) -> Plain:
    return {
        "at": shown(one.at),
        "observed": shown(observed(one.observed)),
        "expected": shown(_(one.expected)),
        "source": one.source,
    }


def _notes(one: Finding) -> list[str]:
    waiver = one.waiver or {}
    told = (
        f"Accepted by {waiver.get('who')} until {waiver.get('until')}: {waiver.get('why')}" if waiver else "",
        f"Not assessed: {one.cause}" if one.cause else "",
        f"From {one.origin}" if one.origin else "",
        f"Finding {one.id}",
    )
    return [shown(_(note), 400) for note in told if note]


def _advice(finding: Finding, control: Control | None) -> Plain:
    if control is None:
        return {"why": "", "fix": "", "caution": "", "references": []}
    references = ((name, getattr(control.references, name)) for name in control.references.__struct_fields__)
    return {
        "why": _(sentence(control.why)),
        "fix": "" if finding.status == "pass" else _(sentence(control.fix)),
        "caution": _(sentence(control.caution)),
        "references": [[_(REFERENCES.get(name, name)), ", ".join(ids)] for name, ids in references if ids],
    }


def _others(result: Assessment, finding: Finding) -> list[Plain]:
    """Give what else is wrong with the same subject."""
    same = (one for one in result if one.subject == finding.subject and one.id != finding.id)
    found = [one for one in same if one.status in {"fail", "not-assessed"}]
    return [plain_finding(one) for one in found[:_MOST_OTHERS]]
