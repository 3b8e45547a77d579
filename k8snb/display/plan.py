"""A plan: what would change, whom that reaches, and what a person does; or what became of it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from k8snb.display.parts import code, folded, prose, table
from k8snb.display.shown import Bundle
from k8snb.display.style import scoped
from k8snb.display.text import html_text, plain, wrap
from k8snb.languages import _

if TYPE_CHECKING:
    from k8snb.remediation.plan import Plan

_LINES = 200
_COLOURS = {"+": "pass", "-": "fail", "@": "s"}
Part = tuple[str, Sequence[str]]


def plan_bundle(plan: "Plan") -> Bundle:
    """Give the MIME bundle of a plan; asks the server for a dry run where there was none and nothing is applied yet."""
    parts = list(_parts(plan))
    return {"text/html": scoped("".join(_html(plan, parts))), "text/plain": "\n".join(_text(plan, parts))}


def _diffs(plan: "Plan") -> list[tuple[str, Sequence[str]]]:
    """Give the lines of what would change by object; nothing once it was applied."""
    return [] if plan.applied else [(str(one.change.target), one.diff) for one in plan.preview().steps]


def _parts(plan: "Plan") -> Iterator[Part]:
    if plan.applied:
        yield "Applied", [f"{one.entry.target} {one.entry.state} ({one.entry.id})" for one in plan.applied]
        return
    found = plan.preview()
    keeper = found.manager
    own = {one.id for one in plan.findings}
    yield "Reaches", found.effects
    yield "Server warns", found.warnings
    yield "Also fixes", [f"{one.control}: {one.subject}" for one in found.difference.fixed if one.id not in own]
    yield "Newly fails", [f"{one.control}: {one.subject}" for one in found.difference.caused]
    yield "Chosen", found.notes
    yield "Caution", found.cautions
    yield "Preview", list(dict.fromkeys(one.local for one in found.steps if one.local))
    yield "Managed", [f"Kept by {keeper.name} ({keeper.why}): export the fix for its source."] if keeper else ()
    yield "Cannot apply", [found.obstacle] if found.obstacle else ()
    yield "Way back", [found.way_back] if found.way_back else ()


def _html(plan: "Plan", parts: Sequence[Part]) -> Iterator[str]:
    fixes = ", ".join(map(code, plan.controls))
    yield f"<h4>{html_text(plan.title)}</h4>" + (f"<p>{html_text(_('Fixes'))} {fixes}</p>" if fixes else "")
    for target, lines in _diffs(plan):
        shown = "\n".join(map(_line, lines[:_LINES]))
        more = "\n…" if len(lines) > _LINES else ""
        yield f"{'' if target == plan.title else f'<p>{code(target)}</p>'}<pre>{shown}{more}</pre>"
    rows = [(html_text(_(label)), "<br>".join(map(prose, texts))) for label, texts in parts if texts]
    yield table(("", ""), rows) if rows else ""
    for one in plan.procedures:
        steps = "".join(f"<li>{prose(step)}</li>" for step in one.steps)
        files = "".join(f"<p>{code(name)}</p><pre>{_lines(text)}</pre>" for name, text in one.files.items())
        yield folded("By hand", f"<p>{prose(one.why)}</p><ol>{steps}</ol>{files}", len(one.steps))


def _lines(text: str) -> str:
    return "\n".join(map(html_text, text.splitlines()))


def _line(line: str) -> str:
    colour = _COLOURS.get(line[:1])
    return f'<span class="{colour}">{html_text(line)}</span>' if colour else html_text(line)


def _text(plan: "Plan", parts: Sequence[Part]) -> Iterator[str]:
    yield plain(plan.title)
    for target, lines in _diffs(plan):
        yield f"--- {plain(target)}"
        yield from map(plain, lines[:_LINES])
    for label, texts in parts:
        for one in texts:
            yield from wrap(plain(f"{_(label)}: {_(one)}"), 80)
    for procedure in plan.procedures:
        yield from wrap(plain(f"{_('By hand')}: {_(procedure.why)}"), 80)
        for index, step in enumerate(procedure.steps, 1):
            yield from wrap(plain(f"{index}. {_(step)}"), 80)
