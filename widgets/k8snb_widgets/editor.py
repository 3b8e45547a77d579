"""The editor of waivers and attestations: who answers for what, why, and until when, written into their files."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import msgspec

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Finding
from k8snb.assessment.waivers import Word
from k8snb.display.shown import Bundle
from k8snb.errors import UsageError
from k8snb.languages import _
from k8snb_widgets.draft import WORDS, Draft, changed, covered, entry_of, pattern, problems
from k8snb_widgets.entry_file import Kept, ended, kept, read, with_entry
from k8snb_widgets.memory import recalled, remember

_parsed = lru_cache(maxsize=8)(kept)
_open: WeakValueDictionary[int, "Editor"] = WeakValueDictionary()
"""The editors that can be written in, the newest for each assessment; as long as one is there, so is its assessment."""


def editor_of(assessment: Assessment) -> "Editor | None":
    """Give the editor of an assessment that a notebook shows to write in; None where there is none."""
    return _open.get(id(assessment))


class Proposal(msgspec.Struct, frozen=True):
    """A file as it would be written.

    Attributes:
        path: Of the file.
        before: Its text as it is; empty where there is none yet.
        text: Its text as it would be.
        what: What is done to it, in a sentence; untrusted text.
    """

    path: str
    before: str
    text: str
    what: str


class Editor:
    """Writes waivers and attestations. All that can be clicked is a method, and works without a browser.

    Args:
        assessment: What they are about.
        waivers: Path of the file of waivers; made when the first one is written.
        attestations: Path of the file of attestations; it may be the same.
        name: By this name a notebook remembers what was begun, for when the cell runs again; not at all if empty.
        interactive: Whether a notebook shows the editor to write in, or a picture of it.
        start: What stands in the fields at first, as in `write`.

    Raises:
        UsageError: if a field is unknown.

    Attributes:
        paths: The files, by `waivers` and `attestations`.
        today: The day of the assessment: a demo cluster has its own.
        draft: What stands in the fields.
        proposal: The file that `save` would write; None before `preview` or `end`.
        note: What was done last, in a sentence.
        tried: Whether a preview was asked for, so that what is missing shall show.
    """

    def __init__(
        self,
        assessment: Assessment,
        *,
        waivers: str = "waivers.yaml",
        attestations: str = "attestations.yaml",
        name: str = "",
        interactive: bool = True,
        **start: Any,
    ) -> None:
        self.assessment = assessment
        self.interactive = interactive
        self.paths: dict[Word, str] = {"waivers": waivers, "attestations": attestations}
        self.today = _day(assessment)
        self.proposal: Proposal | None = None
        self.note = ""
        self.tried = False
        self._name = name
        self._start = changed(Draft(), **start)
        self._told: list[Callable[[], None]] = []
        self.draft = recalled(name, self._start)
        if interactive:
            _open[id(assessment)] = self

    @property
    def entries(self) -> list[Kept]:
        """The entries of both files, expired ones too.

        Raises:
            UsageError: if a file cannot be read.
        """
        return [one for word, path in self.paths.items() if path for one in _parsed(read(path), word, path)]

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong with each field yet; empty where the entry is whole."""
        return problems(self.draft, self.today)

    @property
    def covers(self) -> list[Finding]:
        """The findings that the entry would be about."""
        return self.covered(WORDS[self.draft.kind], self.draft.control, self.draft.subject)

    def covered(self, word: Word, control: str, subject: str) -> list[Finding]:
        """Give the findings that an entry is about; see `k8snb_widgets.draft.covered`."""
        return covered(self.assessment, word, control, subject)

    def counts(self, one: Kept) -> bool:
        """Say whether an entry still counts on the day of the assessment."""
        return one.entry.until >= self.today

    def write(self, **changes: Any) -> "Editor":
        """Set fields, and leave the others as they are; give the editor.

        Args:
            changes: `kind` (`waiver`, `attestation`), `control`, `subject` (a pattern), `who`, `why`, `until` (a day
                as YYYY-MM-DD), and for an attestation `status` (`pass`, `fail`, `not-applicable`).

        Raises:
            UsageError: if a field is unknown, or is given no text.
        """
        wanted = changed(self.draft, **changes)
        if wanted.control != self.draft.control and "subject" not in changes:
            wanted = msgspec.structs.replace(wanted, subject="*")
        return self._put(wanted)

    def from_finding(self, finding_id: str) -> "Editor":
        """Begin an entry about the subject of a finding: a waiver if it fails, else an attestation. Give the editor.

        Raises:
            UsageError: if there is no such finding.
        """
        found = next((one for one in self.assessment.record.findings if one.id == finding_id), None)
        if found is None:
            raise UsageError(f"There is no finding {finding_id!r} here.", "board.found has those that are shown.")
        kind = "waiver" if found.status == "fail" else "attestation"
        return self.write(kind=kind, control=found.control, subject=pattern(found.subject))

    def preview(self) -> str:
        """Give the text of the file with the entry in it; nothing is written yet.

        Raises:
            UsageError: if something is wrong with the entry or the file.
        """
        self.tried = True
        entry = entry_of(self.draft, self.today)
        word = WORDS[self.draft.kind]
        path = self.paths[word]
        if not path:
            raise UsageError(f"No file of {word} is named.", f"Editor(…, {word}='{word}.yaml').")
        before = read(path)
        kind = _(self.draft.kind)
        what = _(f"A {kind} for {entry.control} is added.")
        return self._propose(Proposal(path, before, with_entry(before, word, entry, path), what))

    def end(self, entry_id: str) -> str:
        """Give the text of the file with an entry counting no more from today on; nothing is written yet.

        Raises:
            UsageError: if there is no such entry, or it is over, or its file cannot be edited.
        """
        one = next((one for one in self.entries if one.id == entry_id), None)
        if one is None or not self.counts(one):
            raise UsageError(f"No entry {entry_id!r} counts today.", "editor.entries has all.")
        path = self.paths[one.word]
        before = read(path)
        what = _(f"The entry for {one.entry.control} counts no more from {self.today} on.")
        return self._propose(Proposal(path, before, ended(before, one, self.today, path), what))

    def save(self) -> "Editor":
        """Write the file that was previewed, whole or not at all; give the editor.

        Raises:
            UsageError: if nothing was previewed, the file has changed since, or it cannot be written.
        """
        from k8snb.commands.output import write_whole

        wanted = self.proposal
        if wanted is None:
            raise UsageError("Nothing was previewed.", "Call editor.preview() or editor.end(…), and look at it.")
        if read(wanted.path) != wanted.before:
            self.cancel()
            raise UsageError(f"{wanted.path} has changed meanwhile; nothing was written.", "Preview it again.")
        write_whole(Path(wanted.path), wanted.text.encode())
        written = _(f"{wanted.path} is written; the next run with it honours that.")
        return self._put(msgspec.structs.replace(self._start, who=self.draft.who), note=f"{wanted.what} {written}")

    def cancel(self) -> "Editor":
        """Forget what was previewed; give the editor."""
        return self._put(self.draft)

    def on_change(self, tell: Callable[[], None]) -> None:
        """Have something called after every change."""
        self._told.append(tell)

    def _propose(self, wanted: Proposal) -> str:
        self._put(self.draft, proposal=wanted)
        return wanted.text

    def _put(self, draft: Draft, *, note: str = "", proposal: Proposal | None = None) -> "Editor":
        self.tried = self.tried and not note
        self.draft, self.note, self.proposal = draft, note, proposal
        remember(self._name, self._start, draft)
        for tell in self._told:
            tell()
        return self

    def picture(self) -> Bundle:
        """Give the editor as a MIME bundle of HTML without scripts, and of text."""
        from k8snb_widgets.editor_picture import picture

        return picture(self)

    def told(self) -> dict[str, Any]:
        """Give all that a view shows, as plain data."""
        from k8snb_widgets.editor_tell import everything

        return everything(self)

    def asked(self, content: object) -> None:
        """Do what a browser asks, if it may ask that.

        Raises:
            UsageError: if it names what is not there, or that cannot be done.
        """
        from k8snb_widgets.editor_requests import done

        done(self, content)

    def __repr__(self) -> str:
        return str(self.picture()["text/plain"])

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        return self.picture()

    def _ipython_display_(self) -> None:
        from k8snb_widgets.form import show

        show(self, "editor")


def _day(assessment: Assessment) -> date:
    found = assessment.record.parameters.get("today")
    return date.fromisoformat(str(found)) if found else date.today()
