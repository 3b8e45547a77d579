"""Waivers and attestations: what people answer for, until a day, with a reason."""

from collections.abc import Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

import msgspec

from k8snb.assessment.result import Subject
from k8snb.assessment.verdict import Verdict
from k8snb.controls.model import Evidence
from k8snb.controls.registry import find
from k8snb.errors import UsageError

Word = Literal["waivers", "attestations"]
"""What a file lists."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a file.

    Attributes:
        control: Id of the control.
        subject: `Kind/namespace/name`, `Kind/name` for cluster-scoped ones; `*` and `?` match. All subjects if not set.
        who: Who answers for it.
        why: The reason.
        until: The last day on which it counts.
        status: For an attestation, the verdict that is attested.
        when: For an attestation, the day on which somebody looked.
    """

    control: str
    who: str
    why: str
    until: date
    subject: str = "*"
    status: Literal["pass", "fail", "not-applicable"] | None = None
    when: date | None = None

    def covers(self, control: str, subject: Subject) -> bool:
        """Say whether it is about that control and subject."""
        return self.control == control and fnmatchcase(str(subject), self.subject)


class Waivers(msgspec.Struct, frozen=True):
    """Waivers that count today."""

    entries: Sequence[Entry] = ()

    def accepts(self, control: str, subject: Subject) -> dict[str, str] | None:
        """Give who accepted the failing finding, why and until when; None where nobody did."""
        found = next((one for one in self.entries if one.covers(control, subject)), None)
        return {"who": found.who, "why": found.why, "until": found.until.isoformat()} if found else None


class Attestations(msgspec.Struct, frozen=True):
    """Attestations that count today."""

    entries: Sequence[Entry] = ()

    def answer(self, control: str, subject: Subject) -> Verdict | None:
        """Give the verdict that a person attests where no machine could look; None where nobody does."""
        found = next((one for one in self.entries if one.covers(control, subject)), None)
        if found is None or found.status is None:
            return None
        observed = f"{found.status}, attested by {found.who}: {found.why}"
        evidence = Evidence("attestation", found.control, observed, f"valid until {found.until.isoformat()}")
        return Verdict(found.status, None, observed, (evidence,))


def waivers_from(path: str | None, today: date) -> Waivers:
    """Read a YAML file `waivers: [...]`; expired entries do not count.

    Raises:
        UsageError: if the file cannot be read, or an entry is not whole.
    """
    return Waivers(_entries(path, "waivers", today))


def attestations_from(path: str | None, today: date) -> Attestations:
    """Read a YAML file `attestations: [...]`; expired entries do not count.

    Raises:
        UsageError: if the file cannot be read, or an entry is not whole.
    """
    entries = _entries(path, "attestations", today)
    lacking = next((one for one in entries if one.status is None), None)
    if lacking:
        raise UsageError(
            f"{path}: the attestation for {lacking.control} has no status.", "It is pass, fail or not-applicable."
        )
    return Attestations(entries)


def entries_in(text: str, word: Word, path: str) -> tuple[Entry, ...]:
    """Give all entries of a text in their order, expired ones too.

    Args:
        text: YAML.
        word: What they are.
        path: How the text is called where something is wrong with it.

    Raises:
        UsageError: if it is no YAML, or an entry is not whole.
    """
    try:
        entries = msgspec.convert(_content(text, word, path), tuple[Entry, ...], strict=False)
    except msgspec.ValidationError as error:
        hint = "Each needs control, who, why and until; subject limits it."
        raise UsageError(f"{path}: {error}.", hint) from error
    for one in entries:
        find(one.control)
    return entries


def _entries(path: str | None, word: Word, today: date) -> tuple[Entry, ...]:
    if not path:
        return ()
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.", f"--{word} wants a YAML file.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no YAML ({error}).", f"--{word} wants a YAML file.") from error
    return tuple(one for one in entries_in(text, word, path) if one.until >= today)


def _content(text: str, word: Word, path: str) -> Any:
    import yaml

    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UsageError(
            f"{path} is no YAML ({str(error).partition(chr(10))[0]}).", f"--{word} wants a YAML file."
        ) from error
    if not isinstance(content, dict) or word not in content:
        raise UsageError(f"{path} has no list {word!r}.", f"Its first line should be `{word}:`.")
    return content[word] or []
