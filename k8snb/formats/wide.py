"""One row a finding, for eyes and `grep`."""

from collections.abc import Sequence

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Finding
from k8snb.display.text import cells, clip, pad
from k8snb.formats.screen import ORDER, Screen
from k8snb.languages import _

_HEAD = ("ID", "STATUS", "SEVERITY", "CONTROL", "KIND", "NAMESPACE", "NAME", "PODS", "MESSAGE")
_NAME, _MESSAGE = 63, 400


def wide(result: Assessment, screen: Screen) -> bytes:
    """Give one row a finding in aligned columns: what fails first, worst first."""
    rows = [_row(one) for one in sorted(result.record.findings, key=_rank)]
    return columns([_(one) for one in _HEAD], rows, screen)


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], screen: Screen) -> bytes:
    """Give rows below their headings, each column as wide as its widest cell, the last one as it comes."""
    table = [head, *rows]
    widths = [max(cells(line[at]) for line in table) for at in range(len(head) - 1)]
    lines = ["  ".join([*map(pad, line, widths), line[-1]]) for line in table]
    return screen.finish([screen.style(lines[0], "title"), *lines[1:]])


def _rank(one: Finding) -> tuple[bool, int, str, str, str]:
    return one.status != "fail", ORDER[one.severity], one.control, one.subject.namespace, one.subject.name


def _row(one: Finding) -> list[str]:
    subject = one.subject
    status = "waived" if one.waiver else one.status
    pods = "" if subject.pods is None else str(subject.pods)
    place = [clip(value or "-", _NAME) for value in (subject.kind, subject.namespace, subject.name)]
    return [one.id, _(status), _(one.severity), one.control, *place, pods or "-", clip(_(one.message), _MESSAGE)]
