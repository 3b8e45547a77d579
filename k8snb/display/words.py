"""How verdicts and severities are told: always a word and a shape, never colour alone."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from k8snb.assessment.result import ControlResult, Counts, Finding, Subject
from k8snb.chapters import CHAPTERS
from k8snb.controls.model import SEVERITIES, Control
from k8snb.controls.registry import controls
from k8snb.display.text import shorten
from k8snb.languages import _, plural


class Mark(msgspec.Struct, frozen=True):
    """How one verdict is told: its shape, its word, and the name of its colour in the stylesheet."""

    symbol: str
    word: str
    colour: str


MARKS: Mapping[str, Mark] = {
    "fail": Mark("✗", "fail", "fail"),
    "waived": Mark("◇", "waived", "waived"),
    "not-assessed": Mark("?", "not assessed", "open"),
    "pass": Mark("✓", "pass", "pass"),
    "not-applicable": Mark("\u2013", "not applicable", "none"),
}
"""Worst first."""
CHAPTER_TITLES: Mapping[str, str] = {one.id: one.title for one in CHAPTERS}


def verdict_of(finding: Finding) -> str:
    """Give the word of `MARKS` for a finding: a failing one that somebody accepted is `waived`."""
    return "waived" if finding.waiver and finding.status == "fail" else finding.status


def counted(counts: Counts) -> dict[str, int]:
    """Give the counts by the words of `MARKS`."""
    return {
        "fail": counts.fail,
        "waived": counts.waived,
        "not-assessed": counts.not_assessed,
        "pass": counts.passed,
        "not-applicable": counts.not_applicable,
    }


def number(count: int, one: str, many: str = "") -> str:
    """Give a count with its noun, such as `1 finding` or `12,400 findings`."""
    return plural(count, one, many or one + "s")


def place(subject: Subject) -> str:
    """Tell a subject in one line: `Deployment shop/cart [pod cart-x]`; untrusted text."""
    name = "/".join(shorten(part, 120) for part in (subject.namespace, subject.name) if part)
    return f"{subject.kind} {name}".strip() + (f" [pod {shorten(subject.differs, 120)}]" if subject.differs else "")


def observed(value: Any) -> str:
    """Tell what was observed: JSON, or `not set`; untrusted text."""
    return _("not set") if value is None else json.dumps(value, ensure_ascii=False, default=str)


def title(result: ControlResult) -> str:
    """Give the title of a control, or its id where it has none."""
    return result.title or result.id


def known(control_id: str) -> Control | None:
    """Give the control with its texts; None where this installation does not have it."""
    return controls().get(control_id)


def sentence(text: str) -> str:
    """Give a text of the catalogue on one line."""
    return " ".join(text.split())


def by_urgency(findings: Iterable[Finding]) -> list[Finding]:
    """Give findings with the most urgent first: failing before not assessed, then by severity, control and place."""
    verdicts = list(MARKS)
    return sorted(
        findings,
        key=lambda one: (
            verdicts.index(verdict_of(one)),
            SEVERITIES.index(one.severity),
            one.control,
            one.subject.namespace,
            one.subject.kind,
            one.subject.name,
        ),
    )
