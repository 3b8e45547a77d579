"""Controls as Markdown: for one or some in a row, and as the pages of the documentation."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from k8snb.chapters import CHAPTERS
from k8snb.controls.model import Control, Example, Parameter
from k8snb.controls.others import HEAD, RELATIONS, Others, compared, lines, others
from k8snb.display.catalogue import example, meaning, references, sources
from k8snb.display.text import plain
from k8snb.formats.control import TITLES

_CODE = re.compile(r"(`[^`]*`)")
_SPECIAL = re.compile(r"[\\*_\[\]#|~$<>]")
_MADE = "<!-- Made from the controls by `python -m tests.controls.test_pages`. -->"


def prose(text: object) -> str:
    """Give a text of the catalogue on one line, in which nothing but `code` is markup."""
    parts = _CODE.split(plain(" ".join(str(text).split())))
    return "".join(
        part.replace("|", "\\|") if part.startswith("`") else _SPECIAL.sub(r"\\\g<0>", part) for part in parts
    )


def as_markdown(controls: Sequence[Control]) -> bytes:
    """Give a table of the controls, and a section for each."""
    return _encoded([*_table(controls), *(line for one in controls for line in section(one))])


def pages(controls: Sequence[Control]) -> dict[str, bytes]:
    """Give the pages of the documentation by file name: an index, and a page for each chapter."""
    found = {one.id: [control for control in controls if control.chapter == one.id] for one in CHAPTERS}
    filled = {chapter: group for chapter, group in found.items() if group}
    made = {f"{chapter}.md": _encoded(_page(chapter, group)) for chapter, group in filled.items()}
    return {"README.md": _encoded(_index(filled))} | made


def _index(chapters: Mapping[str, Sequence[Control]]) -> Iterator[str]:
    known = others()
    count = sum(map(len, chapters.values()))
    yield from ("# Controls", "", _MADE, "")
    yield f"{count} controls, by chapter of the guide. `k8snb controls ID` tells the same of one; with `--prove` it"
    yield "judges its examples, now."
    yield from ("", "## The same rule elsewhere", "", f"Read on {known.date}. {prose(known.source)}.", "")
    yield from _rows(("It is", "Compared with ours, on the same object"), RELATIONS.items())
    yield ""
    yield from _rows(("Tool", "Rules", "Note"), ((one.name, one.source, one.note) for one in known.tools.values()))
    yield from ("", "Rules of each, by how they stand to ours; one counts at each control it is compared with.", "")
    yield from _rows(("Tool", *RELATIONS), _counts(known))
    for chapter, group in chapters.items():
        yield from ("", f"## [{TITLES[chapter]}]({chapter}.md)", "", *_table(group, f"{chapter}.md"))


def _counts(known: Others) -> Iterator[Sequence[str]]:
    rules = [rule for one in known.controls.values() for rule in one.rules]
    counted = Counter((rule.tool, rule.relation) for rule in rules for _ in rule.ids)
    for key, tool in known.tools.items():
        yield tool.name, *(str(counted[key, relation]) for relation in RELATIONS)


def _page(chapter: str, controls: Sequence[Control]) -> Iterator[str]:
    yield from (f"# {TITLES[chapter]}", "", _MADE, "", *_table(controls))
    for one in controls:
        yield from section(one)


def _table(controls: Sequence[Control], file: str = "") -> Iterator[str]:
    yield "| Control | Severity | What it asks for |"
    yield "| --- | --- | --- |"
    for one in controls:
        yield f"| [{prose(one.id)}]({file}#{plain(one.id)}) | {one.severity} | {prose(one.title)} |"


def section(control: Control) -> Iterator[str]:
    """Give one control: what it means, why, how to fix, evidence, parameters, examples, references, other tools."""
    yield from ("", f"## {prose(control.id)}", "", f"**{prose(control.title)}.** Severity: {control.severity}.")
    named = (("", meaning(control)), ("Why", control.why), ("How to fix", control.fix), ("Caution", control.caution))
    for heading, text in named:
        if text:
            yield from ("", f"{f'**{heading}.** ' if heading else ''}{prose(text)}")
    yield from ("", "**Evidence**, in order of trust:", "")
    yield from (f"1. {source}: {prose(words)}" for source, words in sources(control).items())
    yield from _parameters(control.parameters)
    yield from (*_example("Passes", control.passing), *_example("Fails", control.failing))
    yield from ("", "**References**", "")
    yield from (f"- {prose(name)}: {prose(', '.join(found))}" for name, found in references(control).items())
    yield from _elsewhere(control)


def _parameters(parameters: Sequence[Parameter]) -> Iterator[str]:
    if parameters:
        yield from ("", "**Parameters**", "")
    for one in parameters:
        default = (
            "" if one.default is None else f" Default: `{msgspec.json.encode(one.default, enc_hook=str).decode()}`."
        )
        yield f"- `{one.name}`: {prose(one.help)}{default}"


def _example(heading: str, examples: Sequence[Example]) -> Iterator[str]:
    if examples:
        which = f" (one of {len(examples)} examples)" if len(examples) > 1 else ""
        yield from ("", f"**{heading}**{which}:", "", "```yaml", *map(plain, example(examples[0]).splitlines()), "```")


def _elsewhere(control: Control) -> Iterator[str]:
    yield from ("", "**The same rule elsewhere**", "")
    if reason := compared(control.id).reason:
        yield from (prose(reason), "")
    yield from _rows(HEAD, ((one.tool, one.rule, one.relation, one.why) for one in lines(control)))


def _rows(head: Sequence[str], body: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for one in body:
        yield f"| {' | '.join(map(prose, one))} |"


def _encoded(found: Iterable[str]) -> bytes:
    return ("\n".join(found).strip("\n") + "\n").encode("utf-8", "replace")
