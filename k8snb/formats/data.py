"""For programs: JSON, JSON Lines and CSV."""

import csv
import io

import msgspec

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Finding
from k8snb.display.text import plain
from k8snb.formats.screen import Screen

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "id",
    "chapter",
    "control",
    "severity",
    "status",
    "cause",
    "apiVersion",
    "kind",
    "namespace",
    "name",
    "pods",
    "differs",
    "message",
    "at",
    "fix",
    "waived_until",
    "origin",
)


def json(result: Assessment, _: Screen) -> bytes:
    """Give `k8snb/assessment/v1`."""
    return result.to_json()


def jsonl(result: Assessment, _: Screen) -> bytes:
    """Give one finding a line, each in the shape of `findings[]` of `k8snb/assessment/v1`."""
    return msgspec.json.Encoder().encode_lines(result.record.findings)


def delimited(result: Assessment, _: Screen) -> bytes:
    """Give one finding a row as CSV (RFC 4180), with nothing that a spreadsheet takes for a formula."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows([cell(value) for value in row(one)] for one in result.record.findings)
    return text.getvalue().encode("utf-8", "replace")


def row(one: Finding) -> tuple[object, ...]:
    """Give a finding's values in the order of `COLUMNS`."""
    subject = one.subject
    return (
        *(one.id, one.chapter, one.control, one.severity, one.status, one.cause),
        *(subject.apiVersion, subject.kind, subject.namespace, subject.name, subject.pods, subject.differs),
        *(one.message, "; ".join(dict.fromkeys(seen.at for seen in one.evidence)), one.fix),
        *(one.waiver and one.waiver.get("until"), one.origin),
    )


def cell(value: object) -> str:
    """Give a value as the text of a spreadsheet's cell; a leading `'` keeps a formula from being one.

    Source: OWASP, CSV Injection.
    """
    text = "" if value is None else str(value)
    return ("'" if text.startswith(_FORMULA) else "") + plain(text)
