"""What changed between two assessments, as text."""

from collections.abc import Iterator

import msgspec

from k8snb.assessment.compare import Comparison
from k8snb.display.text import clip, lead, pad
from k8snb.formats.markdown import rows
from k8snb.formats.screen import ORDER, Screen, bar, range_text
from k8snb.languages import translate

_GROUPS = (
    ("appeared", "FAILS NOW", "fail"),
    ("lost", "CANNOT BE JUDGED ANY MORE", "not-assessed"),
    ("gone", "FAILS NO MORE", "pass"),
)


def table(found: Comparison, screen: Screen) -> bytes:
    """Give what fails now, what cannot be judged any more, and what fails no more."""
    return screen.finish(list(_table(found, screen)))


def _table(found: Comparison, screen: Screen) -> Iterator[str]:
    for word, score in (("Earlier", found.earlier), ("Later", found.later)):
        told = lead(range_text(score.low, score.high), 10)
        yield f"{pad(translate(word), 8)} {told}  {bar(score.low, score.high, screen.width - 21)}"
    yield screen.style(translate(f"{found.remaining:,} still failing"), "quiet")
    for name, heading, style in _GROUPS:
        group = sorted(getattr(found, name), key=lambda one: (ORDER[one.severity], one.control))
        yield from ("", screen.style(f"{translate(heading)}: {len(group):,}", style))
        for one in group:
            severity = screen.style(pad(translate(one.severity), 8), one.severity)
            yield f"  {severity} {pad(one.control, 32)} {clip(one.subject, screen.width - 44)}"


def json(found: Comparison, _: Screen) -> bytes:
    """Give the comparison as JSON; its findings are those of `k8snb/assessment/v1`."""
    return msgspec.json.encode(found) + b"\n"


def markdown(found: Comparison, _: Screen) -> bytes:
    """Give the comparison as Markdown."""
    return ("\n".join(_markdown(found)) + "\n").encode("utf-8", "replace")


def _markdown(found: Comparison) -> Iterator[str]:
    earlier, later = (range_text(one.low, one.high) for one in (found.earlier, found.later))
    still = translate(f"{found.remaining:,} still failing")
    yield f"**{translate(f'Score {earlier}, now {later}')}**; {still}"
    for name, heading, _ in _GROUPS:
        group = getattr(found, name)
        yield from ("", f"## {translate(heading.capitalize())}: {len(group):,}", "")
        yield from rows(
            ("Id", "Severity", "Control", "Subject", "What was seen"),
            ((one.id, translate(one.severity), one.control, one.subject, translate(one.message)) for one in group),
        )


FORMATS = {"table": table, "json": json, "markdown": markdown}
