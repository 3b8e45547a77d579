"""What a person writes into the editor of waivers and attestations, and what is wrong with it yet."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, get_args

import msgspec

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Finding, Subject
from k8snb.assessment.waivers import Entry, Word
from k8snb.display.words import known
from k8snb.errors import UsageError
from k8snb.languages import _

Kind = Literal["waiver", "attestation"]
Field = Literal["kind", "control", "subject", "who", "why", "until", "status"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STATUSES = ("pass", "fail", "not-applicable")
MOST_TEXT = 500
"""Characters of a field."""
WORDS: dict[str, Word] = {"waiver": "waivers", "attestation": "attestations"}


class Draft(msgspec.Struct, frozen=True):
    """An entry that is being written; `subject` is a pattern as in the file, `until` a day as YYYY-MM-DD."""

    kind: Kind = "waiver"
    control: str = ""
    subject: str = "*"
    who: str = ""
    why: str = ""
    until: str = ""
    status: str = ""


def changed(draft: Draft, **changes: object) -> Draft:
    """Give the draft with some of it changed.

    Raises:
        UsageError: if a field is unknown, or is given no text.
    """
    unknown = sorted(set(changes) - set(Draft.__struct_fields__))
    if unknown:
        raise UsageError(f"An entry has no {unknown[0]!r}.", f"It has {', '.join(Draft.__struct_fields__)}.")
    given = {name: str(value) if isinstance(value, date) else value for name, value in changes.items()}
    try:
        return msgspec.convert(msgspec.structs.asdict(draft) | given, Draft)
    except msgspec.ValidationError as error:
        raise UsageError(f"The editor does not take that: {error}.") from error


def pattern(subject: Subject) -> str:
    """Give the pattern that means a subject and, but for what does not print, no other."""
    special = re.sub(r"([*?\[])", r"[\1]", str(subject))
    return "".join(one if one.isprintable() else "?" for one in special)


def problems(draft: Draft, today: date) -> dict[str, str]:
    """Give what is wrong with each field that cannot stay as it is; empty where the entry is whole."""
    return dict(_problems(draft, today))


def _problems(draft: Draft, today: date) -> Iterator[tuple[Field, str]]:
    if known(draft.control) is None:
        yield "control", _("Choose a control.")
    if not draft.subject or not draft.subject.isprintable():
        yield "subject", _("Choose what it is about.")
    if draft.kind == "attestation" and draft.status not in STATUSES:
        yield "status", _("Choose what was found.")
    if told := _text(draft.who):
        yield "who", told
    if told := _text(draft.why):
        yield "why", told
    day = day_of(draft.until)
    if day is None:
        yield "until", _("Give a day as YYYY-MM-DD.")
    elif day < today:
        yield "until", _("That day is over.")


def _text(text: str) -> str:
    if not text.strip():
        return _("This must not be empty.")
    if not text.isprintable():
        return _("One line of text, without invisible characters.")
    return _(f"At most {MOST_TEXT} characters.") if len(text) > MOST_TEXT else ""


def day_of(text: str) -> date | None:
    """Give a day from its text; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def entry_of(draft: Draft, today: date) -> Entry:
    """Give the entry that a draft makes.

    Raises:
        UsageError: if something is wrong with it yet.
    """
    wrong = problems(draft, today)
    if wrong:
        field, told = next(iter(wrong.items()))
        raise UsageError(f"{field}: {told}")
    attested = draft.kind == "attestation"
    return Entry(
        draft.control,
        draft.who.strip(),
        draft.why.strip(),
        date.fromisoformat(draft.until),
        draft.subject,
        draft.status if attested else None,  # type: ignore[arg-type]
        today if attested else None,
    )


def covered(assessment: Assessment, word: Word, control: str, subject: str) -> list[Finding]:
    """Give the findings that an entry is about: failing ones for a waiver, open questions for an attestation.

    Args:
        assessment: The findings to look among.
        word: `waivers` or `attestations`.
        control: Id of the control.
        subject: Pattern of the subjects.
    """
    probe = Entry(control, "", "", date.max, subject)
    found = (one for one in assessment.record.findings if probe.covers(one.control, one.subject))
    return [one for one in found if (one.status == "fail" if word == "waivers" else _asks(one))]


def _asks(one: Finding) -> bool:
    control = known(one.control)
    attested = any(evidence.source == "attestation" for evidence in one.evidence)
    by_people = one.status == "fail" and control is not None and "attestation" in control.evidence
    return one.status == "not-assessed" or attested or by_people
