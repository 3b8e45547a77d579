"""The front page of a report, for someone who reads one page."""

from collections.abc import Sequence

from k8snb.assessment.assessment import Assessment
from k8snb.chapters import CHAPTERS
from k8snb.display.assessment import source_line
from k8snb.display.control import chapter_note, chapters_of
from k8snb.display.coverage import coverage_html, told
from k8snb.display.parts import empty, interval_bar, interval_text, table
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.reports.page import Link, links, page
from k8snb.reports.summary import first_steps, headline, unassessed

HOME = "index.html"


def front(result: Assessment, pages: Sequence[Link]) -> str:
    """Give the HTML of `index.html`.

    Args:
        result: The assessment.
        pages: File name and text of every page, this one among them.
    """
    name = result.record.source.name
    body = "".join((_opening(result), _chapters(result, pages), _first(result), _unknown(result), _rest(result)))
    return page(f"{name}: Kubernetes hardening report", links(pages, HOME), body)


def _opening(result: Assessment) -> str:
    return (
        f"<h1>{html_text(result.record.source.name, 200)}</h1>"
        '<p class="lead">How far this cluster follows the NSA/CISA <em>Kubernetes Hardening Guide</em>, what to '
        "mend first, and what nobody could look at.</p>"
        f'<p class="facts">{html_text(source_line(result), 400)}</p>{headline(result).html}'
        '<p class="note">The score is the weighted share of checks that are shown to hold. Its lower end counts '
        "everything that could not be assessed as failing, its upper end as holding; the truth lies between.</p>"
    )


def _chapters(result: Assessment, pages: Sequence[Link]) -> str:
    known = dict(pages)
    scores, controls = result.record.score.chapters, chapters_of(result.controls)
    rows = []
    for chapter in CHAPTERS:
        target = f"{chapter.notebook}.html"
        if target in known:
            score = scores.get(chapter.id)
            rows.append(
                [
                    f'<a href="{html_text(target)}">{html_text(chapter.title)}</a>',
                    f'<span class="v">{interval_text(score)}</span>' if score else "",
                    interval_bar(score) if score else "",
                    html_text(chapter_note(controls[chapter.id])) if chapter.id in controls else _NO_VERDICTS,
                ]
            )
    head = ("Chapter", "Score", "", "Controls")
    return f"<h2>Chapters</h2>{scoped(table(head, rows) if rows else empty('No chapter was run.'))}"


_NO_VERDICTS = '<span class="s">describes and regroups; no verdicts of its own</span>'


def _first(result: Assessment) -> str:
    return f"<h2>What to mend first</h2>{first_steps(result).html}"


def _unknown(result: Assessment) -> str:
    return f"<h2>What could not be assessed</h2>{unassessed(result).html}"


def _rest(result: Assessment) -> str:
    rows = result.coverage
    return (
        f"<h2>What was read</h2><p>{html_text(told(rows))}.</p>{scoped(coverage_html(rows))}"
        "<h2>In this archive</h2><ul>"
        '<li><a href="assessment.json">assessment.json</a>: every verdict and its evidence, for programs</li>'
        "<li><code>snapshot.k8snb</code>: the cluster as it was read, without secret values; "
        "<code>k8snb assess snapshot.k8snb</code> judges it again</li>"
        "<li><code>notebooks/</code>: the executed notebooks</li>"
        '<li><a href="manifest.json">manifest.json</a>: versions, parameters, durations, and a checksum of every '
        "file</li></ul>"
    )
