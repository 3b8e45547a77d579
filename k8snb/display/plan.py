"""What is told of a plan, laid out: as HTML, and as text for a terminal."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from k8snb.display import told
from k8snb.display.parts import folded, marked, table
from k8snb.display.shown import Bundle
from k8snb.display.style import scoped
from k8snb.display.terminal import WIDTH
from k8snb.display.text import cells, clip, html_text, pad, plain, wrap
from k8snb.display.told import Section

if TYPE_CHECKING:
    from k8snb.remediation.plan import Plan

_CHANGED = {"+": "pass", "-": "fail", "@": "s"}
_LABEL = 13
Styled = Callable[[str, str], str]
"""Gives text in the style of a tone."""


def plan_bundle(plan: "Plan") -> Bundle:
    """Give the MIME bundle of a plan; asks the server for a dry run where there was none and nothing is applied yet."""
    done = [one.entry for one in plan.applied]
    sections = list([*told.history(done), *told.outcome(plan)] if done else told.preview(plan))
    ended = told.ended([plan]) if plan.succeeded and done else ""
    html = f"<h4>{html_text(plan.title)}</h4>{_html(sections)}<p>{html_text(ended)}</p>"
    return {"text/html": scoped(html), "text/plain": "\n".join([plain(plan.title), *text(sections), ended])}


def _html(sections: Iterable[Section]) -> str:
    found = [(tone, list(some)) for tone, some in groupby(sections, lambda one: one.tone in _BLOCKS and one.tone)]
    return "".join("".join(map(_BLOCKS[tone], some)) if tone else _rows(some) for tone, some in found)


def _rows(sections: Iterable[Section]) -> str:
    rows = [(html_text(one.heading), "<br>".join(marked(line) for line in one.lines)) for one in sections]
    return table(("", ""), rows)


def _difference(one: Section) -> str:
    lines = [(html_text(line), _CHANGED.get(line[:1])) for line in one.lines]
    shown = "\n".join(f'<span class="{colour}">{line}</span>' if colour else line for line, colour in lines)
    return f"<p>{html_text(one.heading)}</p><pre>{shown}</pre>"


def _steps(one: Section) -> str:
    return f"<ol>{''.join(f'<li>{marked(line)}</li>' for line in one.lines)}</ol>"


def _file(one: Section) -> str:
    shown = "\n".join(map(html_text, one.lines))
    return folded(one.heading, f"<pre>{shown}</pre>", len(one.lines))


_BLOCKS: dict[object, Callable[[Section], str]] = {"difference": _difference, "steps": _steps, "file": _file}


def text(sections: Iterable[Section], width: int = WIDTH, style: Styled = lambda one, _: one) -> Iterator[str]:
    """Give the lines of a text, headings beside what they are about.

    Args:
        sections: What is told.
        width: Cells of a line.
        style: Gives text in the style of a tone.
    """
    for one in sections:
        if one.tone in {"difference", "file"}:
            yield from ("", *wrap(plain(one.heading), width), "")
            tones = _CHANGED if one.tone == "difference" else {}
            yield from (f"  {style(clip(line, width - 2), tones.get(line[:1], ''))}" for line in one.lines)
            yield ""
        else:
            yield from _beside(one, width, style)


def _beside(one: Section, width: int, style: Styled) -> Iterator[str]:
    label = max(_LABEL, cells(one.heading) + 1)
    margin, numbers = " " * label, [f"{f'{at}.':>{label - 1}} " for at in range(1, len(one.lines) + 1)]
    firsts = numbers if one.tone == "steps" else [style(pad(one.heading, label), one.tone or "s")]
    for first, line in zip_longest(firsts, one.lines, fillvalue=margin):
        head, *rest = wrap(plain(line), max(width - label, 20)) or [""]
        yield from (f"{first}{head}", *(f"{margin}{further}" for further in rest))
