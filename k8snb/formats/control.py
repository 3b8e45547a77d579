"""Controls as a list, one control as a page, and both as data."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec

from k8snb.chapters import CHAPTERS
from k8snb.controls.model import Control, Example
from k8snb.controls.others import Line, compared, lines
from k8snb.display.catalogue import example, meaning, reads, references, sources
from k8snb.display.text import clip, pad
from k8snb.formats.screen import Screen, cut
from k8snb.languages import _

TITLES = {one.id: one.title for one in CHAPTERS}
_MARGIN = 17


def listing(controls: Sequence[Control], screen: Screen) -> bytes:
    """Give the controls below their chapters."""
    return screen.finish(list(_listing(controls, screen)))


def _listing(controls: Sequence[Control], screen: Screen) -> Iterator[str]:
    width = min(max((len(one.id) for one in controls), default=0), 40)
    for chapter, group in groupby(controls, lambda one: one.chapter):
        yield screen.style(f"{_(TITLES[chapter])} ({chapter})", "title")
        for one in group:
            severity = screen.style(pad(_(one.severity), 8), one.severity)
            yield f"  {severity} {pad(one.id, width)}  {cut(_(one.title), screen.width - width - 13)}"
        yield ""
    yield screen.style(_("k8snb controls ID tells more; k8snb controls ID --prove shows that it can fail."), "quiet")


def page(control: Control, screen: Screen) -> bytes:
    """Give one control with all its texts."""
    return screen.finish(list(_page(control, screen)))


def _page(control: Control, screen: Screen) -> Iterator[str]:
    severity = screen.style(_(control.severity), control.severity)
    yield f"{screen.style(clip(control.id, screen.width - 10), 'title')}  {severity}"
    yield from screen.wrap(control.title)
    section = f"{_(TITLES[control.chapter])}: {_(control.section or control.subject)}"
    yield screen.style(clip(section, screen.width), "quiet")
    if said := meaning(control):
        yield from ("", *screen.wrap(said))
    yield from texts(control, screen)
    yield from ("", screen.style(_("EVIDENCE, IN ORDER OF TRUST"), "title"))
    for source, told in sources(control).items():
        yield from screen.wrap(told, _MARGIN, f"  {_(source)}")
    yield from _parameters(control, screen)
    yield from (*_example("PASSES", control.passing, screen), *_example("FAILS", control.failing, screen), "")
    examples = _(f"{len(control.passing)} passing and {len(control.failing)} failing examples")
    yield from screen.wrap(f"{examples}; judged now by: k8snb controls {control.id} --prove")
    yield from elsewhere(control, screen)


def texts(control: Control, screen: Screen) -> Iterator[str]:
    """Give why a control is there, how to fix what fails, what may break, and where else the rule stands."""
    for heading, text in (("WHY", control.why), ("HOW TO FIX", control.fix), ("CAUTION", control.caution)):
        if text:
            yield from ("", screen.style(_(heading), "title"))
            for paragraph in _(text).strip().split("\n"):
                yield from screen.wrap(paragraph, len(paragraph) - len(paragraph.lstrip()) + 2)
    found = references(control)
    if found:
        yield from ("", screen.style(_("REFERENCES"), "title"))
        for name, numbers in found.items():
            yield from screen.wrap(", ".join(numbers), 28, f"  {_(name)}")


def _parameters(control: Control, screen: Screen) -> Iterator[str]:
    if control.parameters:
        yield from ("", screen.style(_("PARAMETERS"), "title"))
    for one in control.parameters:
        default = "" if one.default is None else f" {_(f'Default: {_json(one.default)}.')}"
        yield from screen.wrap(f"-p {one.name}=…  {_(one.help)}{default}", 2)


def _example(heading: str, examples: Sequence[Example], screen: Screen) -> Iterator[str]:
    if examples:
        yield from ("", screen.style(_(heading), "title"))
        yield from (f"  | {clip(line, screen.width - 4)}" for line in example(examples[0]).splitlines())


def elsewhere(control: Control, screen: Screen) -> Iterator[str]:
    """Give the same rule in other tools: how it stands to this one, whose it is, and why in a sentence."""
    found, reason = lines(control), compared(control.id).reason
    if found or reason:
        yield from ("", screen.style(_("THE SAME RULE ELSEWHERE"), "title"))
    if reason:
        yield from screen.wrap(reason, 2)
    for one in found:
        yield from _line(one, screen)


def _line(one: Line, screen: Screen) -> Iterator[str]:
    yield from screen.wrap(f"{one.tool}: {one.rule}", _MARGIN, f"  {_(one.relation)}")
    yield from (screen.style(line, "quiet") for line in screen.wrap(one.why, _MARGIN))


def as_data(control: Control) -> dict[str, Any]:
    """Give a control as builtin types; not its judging function."""
    names = ("id", "chapter", "section", "title", "severity", "subject", "why", "fix", "caution", "remedy", "evidence")
    parameters = [{"name": one.name, "default": one.default, "help": one.help} for one in control.parameters]
    return {name: getattr(control, name) for name in names} | {
        "meaning": meaning(control),
        "reads": reads(control),
        "references": msgspec.structs.asdict(control.references),
        "parameters": parameters,
        "informational": control.informational,
        "passing": [example(one) for one in control.passing],
        "failing": [example(one) for one in control.failing],
        "others": msgspec.to_builtins(compared(control.id)),
    }


def as_json(controls: Sequence[Control]) -> bytes:
    """Give the controls as a JSON array."""
    encoded = msgspec.json.encode([as_data(one) for one in controls], enc_hook=str)
    return msgspec.json.format(encoded, indent=2) + b"\n"


def _json(value: object) -> str:
    return msgspec.json.encode(value, enc_hook=str).decode()
