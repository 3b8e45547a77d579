"""YAML with the fields of the evidence marked, and what is missing shown where it would stand."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import yaml

from k8snb.controls.model import Evidence
from k8snb.display.words import observed
from k8snb.languages import _
from k8snb_widgets.lines import shown

_STEP = re.compile(r"\.?([\w-]+)|\[(\d+)\]|\['([^']*)'\]")


class Line(msgspec.Struct, frozen=True):
    """A line of YAML.

    Attributes:
        text: What stands there; of an absent field, where it would stand.
        marked: Whether it is evidence.
        note: What is said of it.
        absent: Whether it is not in the object.
    """

    text: str
    marked: bool = False
    note: str = ""
    absent: bool = False


class _Found(msgspec.Struct, frozen=True):
    """How far a path leads: the node there, the line of its key, and the steps that lead nowhere."""

    node: Any
    first: int
    rest: tuple[str, ...] = ()

    @property
    def end(self) -> int:
        """The line after the node."""
        end: int = self.node.end_mark.line
        block = isinstance(self.node, yaml.CollectionNode) and not self.node.flow_style
        return max(self.first + 1, end if block else end + 1)


def marked(content: Any, evidence: Sequence[tuple[str, Evidence]]) -> list[Line]:
    """Give an object as lines of YAML.

    Args:
        content: The object as builtin types; untrusted.
        evidence: What was seen, each with its path in the object: steps, then a flag after a space.
    """
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=10_000)
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    lines = [Line(shown(one, 400)) for one in text.splitlines()]
    absent: dict[int, dict[str, Line]] = {}
    for path, one in evidence:
        place, _, flag = path.partition(" ")
        found = _follow(root, _steps(place), flag)
        if found is None:
            continue
        if found.rest:
            ghost = _absent(found, one, lines)
            absent.setdefault(found.end, {})[ghost.text] = ghost
        else:
            _mark(lines, found, one)
    return list(_woven(lines, absent))


def _steps(path: str) -> tuple[str, ...]:
    return tuple(next(part for part in step if part) for step in _STEP.findall(path) if any(step))


def _follow(root: Any, steps: tuple[str, ...], flag: str) -> _Found | None:
    """Follow the steps as far as they lead; None where not even the first one does."""
    found = _Found(root, 0)
    for at, step in enumerate(steps):
        below = _below(found, step)
        if below is None:
            return msgspec.structs.replace(found, rest=steps[at:]) if at else None
        found = below
    if flag.startswith("-") and isinstance(found.node, yaml.SequenceNode):
        item = next((one for one in found.node.value if str(one.value).partition("=")[0] == flag), None)
        return _Found(item, item.start_mark.line) if item else msgspec.structs.replace(found, rest=(f"- {flag}",))
    return found if steps else None


def _below(found: _Found, step: str) -> _Found | None:
    if isinstance(found.node, yaml.MappingNode):
        return next((_Found(value, key.start_mark.line) for key, value in found.node.value if key.value == step), None)
    if isinstance(found.node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(found.node.value):
        item = found.node.value[int(step)]
        return _Found(item, item.start_mark.line)
    return None


def _mark(lines: list[Line], found: _Found, one: Evidence) -> None:
    for at in range(found.first, min(found.end, len(lines))):
        note = f"{_('expected')} {shown(_(one.expected), 200)}" if at == found.first else ""
        lines[at] = msgspec.structs.replace(lines[at], marked=True, note=note)


def _absent(found: _Found, one: Evidence, lines: Sequence[Line]) -> Line:
    """Show a field that is not there; its note says what was seen instead."""
    key = lines[found.first].text if found.first < len(lines) else ""
    block = isinstance(found.node, yaml.CollectionNode) and found.node.value and not found.node.flow_style
    indent = found.node.start_mark.column if block else len(key) - len(key.lstrip(" -")) + 2
    name = ".".join(found.rest)
    text = " " * indent + (name if name.startswith("-") else f"{name}:")
    return Line(
        shown(text), True, f"{shown(observed(one.observed))}, {_('expected')} {shown(_(one.expected), 200)}", True
    )


def _woven(lines: Sequence[Line], absent: dict[int, dict[str, Line]]) -> Iterator[Line]:
    for at, line in enumerate(lines):
        yield from absent.get(at, {}).values()
        yield line
    for at, ghosts in absent.items():
        if at >= len(lines):
            yield from ghosts.values()
