"""An assessment as Markdown (GitHub's), for issues, wikis and pull requests."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from k8snb.chapters import CHAPTERS
from k8snb.display.text import plain, shorten
from k8snb.formats.screen import ORDER, Screen, range_text
from k8snb.languages import translate

if TYPE_CHECKING:
    from k8snb.assessment.assessment import Assessment
    from k8snb.assessment.result import ControlResult, Finding, Record

_SPECIAL = re.compile(r"[\\`*_{}\[\]#|~$@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_LONGEST = 500


def markdown(result: "Assessment", _: Screen) -> bytes:
    """Give the score, the chapters, the controls and every finding."""
    return ("\n".join(_lines(result.record)) + "\n").encode("utf-8", "replace")


def escape(text: object) -> str:
    """Give text that Markdown shows as it is: no markup, no HTML, no mention, no link, on one line."""
    shown = html.escape(shorten(plain(text), _LONGEST), quote=False)
    return _SPECIAL.sub(lambda one: f"&#{ord(one[0])};", shown)


def rows(head: Sequence[str], body: Iterable[Sequence[object]]) -> Iterator[str]:
    """Give the lines of a table; every cell is escaped."""
    yield f"| {' | '.join(map(translate, head))} |"
    yield f"|{' --- |' * len(head)}"
    for one in body:
        yield f"| {' | '.join(map(escape, one))} |"


def _lines(record: "Record") -> Iterator[str]:
    source, score = record.source, record.score
    yield from (f"# {translate(f'Assessment of {escape(source.name)}')}", "")
    about = [
        source.kind,
        source.provider,
        source.server,
        source.seen or source.finished,
        f"k8snb {record.tool.version}",
    ]
    yield from (escape(", ".join(part for part in about if part)), "")
    yield from (
        f"**{translate(f'Score {range_text(score.low, score.high)} of 100')}**",
        "",
        f"## {translate('Chapters')}",
        "",
    )
    intervals = [(translate(one.title), score.chapters[one.id]) for one in CHAPTERS if one.id in score.chapters]
    yield from rows(("Chapter", "Score"), [(title, range_text(one.low, one.high)) for title, one in intervals])
    yield from ("", f"## {translate('Controls')}", "")
    yield from rows(
        ("Control", "Severity", "Status", "Fail", "Waived", "Not assessed", "Pass"),
        (
            (
                one.id,
                translate(one.severity),
                translate(one.status),
                counts.fail,
                counts.waived,
                counts.not_assessed,
                counts.passed,
            )
            for one in record.controls
            for counts in (one.counts,)
        ),
    )
    yield from ("", f"## {translate('Findings')}", "")
    found = sorted(record.findings, key=lambda one: (one.status != "fail", ORDER[one.severity], one.control))
    yield from rows(
        ("Id", "Severity", "Control", "Status", "Subject", "What was seen"),
        (_finding(one) for one in found),
    )


def _control(one: "ControlResult") -> tuple[object, ...]:
    counts = (one.counts.fail, one.counts.waived, one.counts.not_assessed, one.counts.passed)
    return one.id, translate(one.severity), translate(one.status), *counts


def _finding(one: "Finding") -> tuple[object, ...]:
    status = f"waived until {one.waiver.get('until', '')}" if one.waiver else one.status
    return one.id, translate(one.severity), one.control, translate(status), one.subject, translate(one.message)
