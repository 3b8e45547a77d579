"""The difference that people look at: two objects as YAML, without secrets and without what only the server counts."""

import difflib
from collections.abc import Sequence
from typing import Any

from k8snb.remediation.objects import Raw
from k8snb.remediation.patch import settled
from k8snb.remediation.text import yaml
from k8snb.sources.redaction import clean

_CONTEXT = 2


def shown(raw: Raw | None) -> Raw | None:
    """Give an object as it may be shown and stored: no credential, no Secret, no copy of itself in an annotation."""
    found = settled(raw)
    return None if found is None else clean(found)


def unified(before: Raw | None, after: Raw | None) -> list[str]:
    """Give the lines of a unified diff; a line that begins with `@@` tells where in the object the next ones stand.

    Args:
        before: The object as it is; None where there is none.
        after: The object as it would be; None where it would be gone.
    """
    old, new = _lines(shown(before)), _lines(shown(after))
    found: list[str] = []
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_CONTEXT):
        first, old_at, _, new_at, _ = next(one for one in group if one[0] != "equal")
        found.append(f"@@ {_within(old, old_at) if first == 'delete' else _within(new, new_at)}".rstrip())
        for word, old_from, old_to, new_from, new_to in group:
            if word == "equal":
                found += [f" {line}" for line in old[old_from:old_to]]
                continue
            found += [f"-{line}" for line in old[old_from:old_to]]
            found += [f"+{line}" for line in new[new_from:new_to]]
    return found


def _lines(value: Any) -> list[str]:
    return [] if value is None else yaml(value).splitlines()


def _within(lines: Sequence[str], index: int) -> str:
    """Tell the keys that a line stands below, items of lists by their names: `spec.containers[app]`."""
    above: list[str] = []
    indent, name = (_indent(lines[index]), _item(lines, index)) if index < len(lines) else (0, "")
    for place in range(min(index, len(lines)) - 1, -1, -1):
        line = lines[place]
        if _indent(line) < indent:
            above.append(line.strip(" -").partition(":")[0] + (f"[{name}]" if name else ""))
            indent, name = _indent(line), _item(lines, place)
    return ".".join(reversed(above))


def _item(lines: Sequence[str], index: int) -> str:
    """Give the name of the list item that a line is a field of; nothing where it is none, or has no name."""
    indent = _indent(lines[index])
    first = index
    while first and not (lines[first].lstrip().startswith("- ") and _indent(lines[first]) == indent):
        first -= 1
        if _indent(lines[first]) < indent:
            return ""
    for place in range(first, len(lines)):
        line = lines[place]
        if _indent(line) < indent or (place > first and _dashed(line) < indent):
            return ""
        if _indent(line) == indent and line.strip(" -").startswith("name: "):
            return line.partition("name: ")[2].strip('"')
    return ""


def _dashed(line: str) -> int:
    """How far in a line begins, its dash included."""
    return len(line) - len(line.lstrip(" "))


def _indent(line: str) -> int:
    """How far in the key of a line stands; the dash of a list item counts."""
    return len(line) - len(line.lstrip(" -"))
