"""The difference that people look at: two objects as YAML, without secrets and without what only the server counts."""

import difflib
import re
from collections.abc import Sequence
from typing import Any

from k8snb.remediation.objects import Raw
from k8snb.remediation.patch import settled
from k8snb.remediation.text import yaml
from k8snb.sources.redaction import clean

_CONTEXT = 2
_ITEM = re.compile(r"^(?P<dashes>(?:- )*)")


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
        _, old_at, _, new_at, _ = group[0]
        found.append(f"@@ {_within(new, new_at) if new else _within(old, old_at)}".rstrip())
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
    """Tell the keys that a line stands below."""
    above: list[str] = []
    indent = _indent(lines[index]) if index < len(lines) else 0
    for line in reversed(lines[:index]):
        if _indent(line) < indent:
            indent = _indent(line)
            above.append(line.strip(" -").partition(":")[0])
    return ".".join(reversed(above))


def _indent(line: str) -> int:
    """How far in the key of a line stands; the dash of a list item counts."""
    return len(line) - len(line.lstrip(" -"))
