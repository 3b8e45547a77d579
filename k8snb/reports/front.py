"""The front page of a report, for someone who reads one page."""

from collections.abc import Sequence

from k8snb.assessment.assessment import Assessment
from k8snb.chapters import CHAPTERS
from k8snb.display.assessment import source_line
from k8snb.display.control import chapter_note, chapters_of
from k8snb.display.coverage import coverage_html, told
from k8snb.display.parts import empty, interval_bar, interval_text, prose, table
from k8snb.display.root_causes import matters_first
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.languages import _
from k8snb.reports.page import Link, links, page
from k8snb.reports.summary import headline, unassessed

HOME = "index.html"


def front(result: Assessment, pages: Sequence[Link]) -> str:
    """Give the HTML of `index.html`.

    Args:
        result: The assessment.
        pages: File name and text of every page, this one among them.
    """
    name = result.record.source.name
    body = "".join((_opening(result), _chapters(result, pages), _first(result), _unknown(result), _rest(result)))
    return page(_(f"{name}: Kubernetes hardening report"), links(pages, HOME), body)


_LEAD = (
    "How far this cluster follows the NSA/CISA Kubernetes Hardening Guide, what to mend first, and what nobody could "
    "look at."
)
_SCORE = (
    "The score is the weighted share of checks that are shown to hold. Its lower end counts everything that could not "
    "be assessed as failing, its upper end as holding; the truth lies between."
)


def _opening(result: Assessment) -> str:
    return (
        f"<h1>{html_text(result.record.source.name, 200)}</h1>"
        f'<p class="lead">{_(_LEAD)}</p>'
        f'<p class="facts">{html_text(source_line(result), 400)}</p>{headline(result).html}'
        f'<p class="note">{_(_SCORE)}</p>'
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
                    f'<a href="{html_text(target)}">{html_text(_(chapter.title))}</a>',
                    f'<span class="v">{interval_text(score)}</span>' if score else "",
                    interval_bar(score) if score else "",
                    html_text(chapter_note(controls[chapter.id])) if chapter.id in controls else _quiet(_NO_VERDICTS),
                ]
            )
    head = ("Chapter", "Score", "", "Controls")
    return f"<h2>{_('Chapters')}</h2>{scoped(table(head, rows) if rows else empty('No chapter was run.'))}"


def _quiet(text: str) -> str:
    return f'<span class="s">{html_text(_(text))}</span>'


_NO_VERDICTS = "describes and regroups; no verdicts of its own"


def _first(result: Assessment) -> str:
    return f"<h2>{_('What to mend first')}</h2>{matters_first(result).html}"


def _unknown(result: Assessment) -> str:
    return f"<h2>{_('What could not be assessed')}</h2>{unassessed(result).html}"


_SNAPSHOT = "the cluster as it was read, without secret values; `k8snb assess snapshot.k8snb` judges it again"
_RECORD = "every verdict and its evidence, for programs"
_MANIFEST = "versions, parameters, durations, and a checksum of every file"


def _rest(result: Assessment) -> str:
    rows = result.coverage
    return (
        f"<h2>{_('What was read')}</h2><p>{html_text(_(f'{told(rows)}.'))}</p>{scoped(coverage_html(rows))}"
        f"<h2>{_('In this archive')}</h2><ul>"
        f'<li><a href="assessment.json">assessment.json</a>: {prose(_RECORD)}</li>'
        f"<li><code>snapshot.k8snb</code>: {prose(_SNAPSHOT)}</li>"
        f"<li><code>notebooks/</code>: {prose('the executed notebooks')}</li>"
        f'<li><a href="manifest.json">manifest.json</a>: {prose(_MANIFEST)}</li></ul>'
    )
