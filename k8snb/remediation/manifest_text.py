"""Editing the text of one YAML document: as little of it changes as can be."""

import difflib
import re
from collections.abc import Callable, Sequence
from io import StringIO
from itertools import pairwise
from typing import Any

from msgspec import UNSET

from k8snb.remediation.edits import diff, put
from k8snb.remediation.objects import Raw
from k8snb.remediation.patch import Change
from k8snb.remediation.target import of_object
from k8snb.remediation.text import is_plain

_KEY = re.compile(r"^( *)(?:- )*[^\s#][^#]*:\s*(?:#.*)?$")
_DASH = re.compile(r"^( *)- ")


class UnfaithfulError(Exception):
    """A text that cannot be edited without changing what was not meant; the message says why."""


def edit_document(text: str, change: Change) -> str:
    """Give the text of a document with a change in it.

    ruamel.yaml keeps comments, order and quotes, and lays lines out its own way; only the lines that the change itself
    touches are taken from it.

    Args:
        text: One document, with the marker before it.
        change: Of an object in it.

    Raises:
        UnfaithfulError: if it cannot be edited.
    """
    return edit_text(text, lambda data: applied(data, change, quoted=True))


def edit_text(text: str, act: Callable[[Any], None]) -> str:
    """Give a text with its data changed; lines that the change does not touch stay as they are.

    Args:
        text: One YAML document.
        act: Changes the data that ruamel.yaml gives of it.

    Raises:
        UnfaithfulError: if it cannot be edited.
    """
    from ruamel.yaml.error import YAMLError

    ending = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    try:
        reader = _yaml(plain)
        unchanged = _dumped(reader, reader.load(plain))
        data = reader.load(plain)
        act(data)
        wanted = _dumped(reader, data)
    except (YAMLError, RecursionError, ValueError, TypeError, AttributeError) as error:
        raise UnfaithfulError("it cannot be read as one YAML document") from error
    return _carried(plain, unchanged, wanted).replace("\n", ending)


def applied(data: Any, change: Change, *, quoted: bool = False) -> None:
    """Change an object in a document, or in a list of such; only the fields that the change is about.

    Raises:
        UnfaithfulError: if the object is not there.
    """
    raw = _find(data, change)
    if raw is None:
        raise UnfaithfulError("the object is not where it was")
    for edit in diff(change.before, change.wanted):
        put(raw, edit.path, edit.after if edit.after is UNSET or not quoted else _quoted(edit.after))


def _find(data: Any, change: Change) -> Raw | None:
    if not isinstance(data, dict):
        return None
    if isinstance(data.get("items"), list):
        return next((raw for item in data["items"] if (raw := _find(item, change)) is not None), None)
    if not isinstance(data.get("metadata"), dict) or "name" not in data["metadata"]:
        return None
    own, wanted = of_object(data), change.target
    same = (own.name, own.namespace) == (wanted.name, wanted.namespace) and own.kind in {"", wanted.kind}
    return data if same else None


def _quoted(value: Any) -> Any:
    """Put quotes around every text that some reader could take for something else."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    match value:
        case str():
            return value if is_plain(value) else DoubleQuotedScalarString(value)
        case dict():
            return {key: _quoted(one) for key, one in value.items()}
        case list():
            return [_quoted(one) for one in value]
    return value


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML

    found = YAML()
    found.preserve_quotes = True
    found.allow_duplicate_keys = True
    found.width = 1 << 20
    offset = _offset(text.splitlines())
    found.indent(mapping=2, sequence=offset + 2, offset=offset)
    return found


def _offset(lines: Sequence[str]) -> int:
    """Give how far the dashes of lists stand from the key above them, as the text has it first."""
    content = [one for one in lines if one.strip() and not one.lstrip().startswith("#")]
    for line, after in pairwise(content):
        key, dash = _KEY.match(line), _DASH.match(after)
        if key and dash:
            head = len(key[0]) - len(key[0].lstrip(" -"))
            return max(0, min(len(dash[1]) - head, 8))
    return 0


def _dumped(reader: Any, data: Any) -> str:
    stream = StringIO()
    reader.dump(data, stream)
    return stream.getvalue()


def _carried(text: str, unchanged: str, wanted: str) -> str:
    """Carry what differs between two layouts of our own into the user's text."""
    own, old, new = text.splitlines(), unchanged.splitlines(), wanted.splitlines()
    places = _aligned(old, own)
    found = list(own)
    for word, start, end, new_start, new_end in reversed(difflib.SequenceMatcher(None, old, new, False).get_opcodes()):
        if word == "equal":
            continue
        first, last = (
            places.get(start - 1, -1 if start == 0 else None),
            places.get(end, len(own) if end == len(old) else None),
        )
        if first is None or last is None or last <= first or last - first - 1 != end - start:
            return _marked(text, wanted)
        shift = _indent(own[first]) - _indent(old[start - 1]) if start else 0
        found[first + 1 : last] = [_shifted(one, shift) for one in new[new_start:new_end]]
    return "\n".join(found) + ("\n" if text.endswith("\n") else "")


def _marked(text: str, wanted: str) -> str:
    """Keep the line that marks the document, which ruamel.yaml may leave out."""
    mark = text.partition("\n")[0]
    return wanted if not mark.startswith("---") or wanted.startswith("---") else f"{mark}\n{wanted}"


def _aligned(old: Sequence[str], own: Sequence[str]) -> dict[int, int]:
    """Give for each line of one layout the line of the other that says the same."""
    matcher = difflib.SequenceMatcher(None, [_bare(one) for one in old], [_bare(one) for one in own], False)
    return {block.a + i: block.b + i for block in matcher.get_matching_blocks() for i in range(block.size)}


def _bare(line: str) -> str:
    return "".join(line.split())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _shifted(line: str, shift: int) -> str:
    return " " * shift + line if shift >= 0 else line[min(-shift, _indent(line)) :]
