"""An assessment as Markdown (GitHub's), for issues, wikis and pull requests."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from k8snb.chapters import CHAPTERS
from k8snb.display.text import plain, shorten
from k8snb.formats.screen import ORDER, Screen, range_text

if TYPE_CHECKING:
    from k8snb.assessment.assessment import Assessment
    from k8snb.assessment.result import Record

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
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for one in body:
        yield f"| {' | '.join(map(escape, one))} |"


def _lines(record: "Record") -> Iterator[str]:
    source, score = record.source, record.score
    yield from (f"# Assessment of {escape(source.name)}", "")
    about = [
        source.kind,
        source.provider,
        source.server,
        source.seen or source.finished,
        f"k8snb {record.tool.version}",
    ]
    yield from (escape(", ".join(part for part in about if part)), "")
    yield from (f"**Score {range_text(score.low, score.high)} of 100**", "", "## Chapters", "")
    intervals = [(one.title, score.chapters[one.id]) for one in CHAPTERS if one.id in score.chapters]
    yield from rows(("Chapter", "Score"), [(title, range_text(one.low, one.high)) for title, one in intervals])
    yield from ("", "## Controls", "")
    yield from rows(
        ("Control", "Severity", "Status", "Fail", "Waived", "Not assessed", "Pass"),
        (
            (one.id, one.severity, one.status, counts.fail, counts.waived, counts.not_assessed, counts.passed)
            for one in record.controls
            for counts in (one.counts,)
        ),
    )
    yield from ("", "## Findings", "")
    found = sorted(record.findings, key=lambda one: (one.status != "fail", ORDER[one.severity], one.control))
    yield from rows(
        ("Id", "Severity", "Control", "Status", "Subject", "What was seen"),
        (
            (one.id, one.severity, one.control, _status(one.status, one.waiver), one.subject, one.message)
            for one in found
        ),
    )


def _status(status: str, waiver: dict[str, str] | None) -> str:
    return f"waived until {waiver.get('until', '')}" if waiver else status
