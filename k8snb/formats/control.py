"""Controls as a list, one control as a page, and the proof that it can fail."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec

from k8snb.chapters import CHAPTERS
from k8snb.controls.model import Control
from k8snb.display.text import clip, pad
from k8snb.formats.markdown import escape, rows
from k8snb.formats.screen import Screen, cut
from k8snb.languages import _

if TYPE_CHECKING:
    from k8snb.assessment.prove import Proofs

_TITLES = {one.id: one.title for one in CHAPTERS}
REFERENCES = {
    "pss": "Pod Security Standards",
    "cis": "CIS Kubernetes Benchmark",
    "nist_800_53": "NIST SP 800-53",
    "nist_800_190": "NIST SP 800-190",
    "mitre": "MITRE ATT&CK",
    "kubescape": "kubescape",
    "trivy": "Trivy",
    "kube_bench": "kube-bench",
}


def listing(controls: Sequence[Control], screen: Screen) -> bytes:
    """Give the controls below their chapters."""
    return screen.finish(list(_listing(controls, screen)))


def _listing(controls: Sequence[Control], screen: Screen) -> Iterator[str]:
    width = min(max((len(one.id) for one in controls), default=0), 40)
    for chapter, group in groupby(controls, lambda one: one.chapter):
        yield screen.style(f"{_(_TITLES[chapter])} ({chapter})", "title")
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
    yield screen.style(
        clip(f"{_(_TITLES[control.chapter])}: {_(control.section or control.subject)}", screen.width), "quiet"
    )
    yield from texts(control, screen)
    for one in control.parameters:
        yield ""
        default = "" if one.default is None else f" {_(f'Default: {_json(one.default)}.')}"
        yield from screen.wrap(f"-p {one.name}=…  {_(one.help)}{default}")
    yield ""
    examples = _(f"{len(control.passing)} passing and {len(control.failing)} failing examples")
    yield screen.style(f"{examples}: k8snb controls {control.id} --prove", "quiet")


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


def references(control: Control) -> Mapping[str, Sequence[str]]:
    """Give where else the rule stands, by the name of the work."""
    found = {name: getattr(control.references, field) for field, name in REFERENCES.items()}
    guide = {_("NSA/CISA guide"): (_(control.section),)} if control.section else {}
    return guide | {name: numbers for name, numbers in found.items() if numbers}


def as_data(control: Control) -> dict[str, Any]:
    """Give a control's texts as builtin types; not its judging function and examples."""
    names = ("id", "chapter", "section", "title", "severity", "subject", "why", "fix", "caution", "remedy", "evidence")
    parameters = [{"name": one.name, "default": one.default, "help": one.help} for one in control.parameters]
    return {name: getattr(control, name) for name in names} | {
        "references": msgspec.structs.asdict(control.references),
        "parameters": parameters,
        "informational": control.informational,
    }


def as_json(controls: Sequence[Control]) -> bytes:
    """Give the controls as a JSON array."""
    encoded = msgspec.json.encode([as_data(one) for one in controls], enc_hook=str)
    return msgspec.json.format(encoded, indent=2) + b"\n"


def as_markdown(controls: Sequence[Control]) -> bytes:
    """Give a table of the controls, and a section for each."""
    return ("\n".join(_markdown(controls)) + "\n").encode("utf-8", "replace")


def _markdown(controls: Sequence[Control]) -> Iterator[str]:
    head = ("Control", "Chapter", "Severity", "What it asks for")
    yield from rows(head, ((one.id, one.chapter, _(one.severity), _(one.title)) for one in controls))
    for one in controls:
        yield from ("", f"## {escape(one.id)}", "", escape(_(one.title)))
        for heading, text in (("Why", one.why), ("How to fix", one.fix), ("Caution", one.caution)):
            if text:
                yield from ("", f"**{_(heading)}.** {'<br>'.join(map(escape, _(text).strip().splitlines()))}")
        yield from ("", *(f"- {escape(name)}: {escape(', '.join(found))}" for name, found in references(one).items()))


def proof(proofs: "Proofs", screen: Screen) -> bytes:
    """Give the verdict on every example of a control, and whether all are as they should be."""
    return screen.finish(list(_proof(proofs, screen)))


def _proof(proofs: "Proofs", screen: Screen) -> Iterator[str]:
    for one in proofs:
        status = one.assessment[one.control].result.status
        word = _("as it should") if one.holds else _(f"EXPECTED {one.expected}")
        yield f"{screen.style(pad(_(status), 14), status)} {word}"
        yield from screen.wrap(next((f.message for f in one.assessment if f.status == status), ""), 4)
        yield from (
            screen.style(f"    | {clip(line, screen.width - 6)}", "quiet") for line in one.objects.strip().splitlines()
        )
        yield ""
    hold = sum(one.holds for one in proofs)
    both = {one.expected for one in proofs} >= {"pass", "fail"}
    lacks = "" if both else "; it lacks a passing or a failing one"
    yield from screen.wrap(f"{hold} of {len(proofs)} examples hold{lacks}.")


def _json(value: object) -> str:
    return msgspec.json.encode(value, enc_hook=str).decode()
