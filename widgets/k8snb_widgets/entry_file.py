"""Files of waivers and attestations: their entries, and their text with one more, or with one ended."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

from k8snb.assessment.waivers import Entry, Word, entries_in
from k8snb.errors import UsageError
from k8snb.remediation.manifest_text import UnfaithfulError, edit_text
from k8snb.remediation.text import is_plain


class Kept(msgspec.Struct, frozen=True):
    """An entry of a file.

    Attributes:
        id: Derived from what it says, so that it means the same entry until that changes.
        word: Whether the file lists it among its waivers or its attestations.
        at: Its place in the list.
        entry: What it says; untrusted text.
    """

    id: str
    word: Word
    at: int
    entry: Entry


def read(path: str) -> str:
    """Give the text of a file; empty where there is none yet.

    Raises:
        UsageError: if it cannot be read.
    """
    try:
        with Path(path).open(encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{path}: {told}.", "Name another file.") from error


def kept(text: str, word: Word, path: str) -> tuple[Kept, ...]:
    """Give the entries of a text.

    Raises:
        UsageError: if it is no such file.
    """
    return tuple(_identified(entries_in(text, word, path), word)) if has_list(text, word, path) else ()


def has_list(text: str, word: Word, path: str) -> bool:
    """Say whether a text has the list already; one without may get it.

    Raises:
        UsageError: if it is no YAML mapping.
    """
    import yaml

    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        told = str(error).partition("\n")[0]
        raise UsageError(f"{path} is no YAML ({told}).", "Mend it by hand, or name another file.") from error
    if content is not None and not isinstance(content, dict):
        raise UsageError(f"{path} has no list {word!r}.", f"Its first line should be `{word}:`.")
    return content is not None and word in content


def _identified(entries: tuple[Entry, ...], word: Word) -> Iterator[Kept]:
    seen: dict[bytes, int] = {}
    for at, one in enumerate(entries):
        content = msgspec.json.encode((word, one))
        seen[content] = seen.get(content, 0) + 1
        yield Kept(hashlib.sha256(content + bytes([seen[content] % 256])).hexdigest()[:12], word, at, one)


def with_entry(text: str, word: Word, entry: Entry, path: str) -> str:
    """Give a text with an entry at the end of its list.

    Raises:
        UsageError: if the text cannot be edited without a change of anything else.
    """
    if not has_list(text, word, path):
        before = "" if not text or text.endswith("\n") else "\n"
        text = f"{text}{before}{word}:\n"
    wanted = (*entries_in(text, word, path), entry)

    def add(data: Any) -> None:
        if not data[word]:
            data[word] = []
        data[word].append(_plain(entry))

    return _checked(text, add, word, wanted, path)


def ended(text: str, one: Kept, today: date, path: str) -> str:
    """Give a text in which an entry counts no more; it stays as a record.

    Args:
        text: Of the file.
        one: An entry of it.
        today: The first day on which it shall not count.
        path: How the file is called where something is wrong with it.

    Raises:
        UsageError: if the text cannot be edited without a change of anything else.
    """
    last = today - timedelta(days=1)
    entries = entries_in(text, one.word, path)
    wanted = (*entries[: one.at], msgspec.structs.replace(one.entry, until=last), *entries[one.at + 1 :])

    def end(data: Any) -> None:
        data[one.word][one.at]["until"] = last

    return _checked(text, end, one.word, wanted, path)


def _checked(text: str, act: Any, word: Word, wanted: tuple[Entry, ...], path: str) -> str:
    """Edit a text, and read it again as an assessment would."""
    hint = "Add the entry by hand: the file is written in a way that cannot be kept."
    try:
        found = edit_text(text, act)
    except UnfaithfulError as error:
        raise UsageError(f"{path} cannot be edited: {error}.", hint) from error
    if entries_in(found, word, path) != wanted:
        raise UsageError(f"{path} cannot be edited without changing its other entries.", hint)
    return found


def _plain(entry: Entry) -> Mapping[str, Any]:
    """Give an entry as YAML has it: in the order in which people read, quoted where some reader could err."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    order = ("control", "subject", "status", "who", "why", "when", "until")
    values = {name: getattr(entry, name) for name in order}
    return {
        name: DoubleQuotedScalarString(value) if isinstance(value, str) and not is_plain(value) else value
        for name, value in values.items()
        if value is not None
    }
