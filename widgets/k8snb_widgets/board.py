"""The assessment board: score, filters, findings, and one of them in detail."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, cast

import msgspec

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Finding
from k8snb.display.shown import Bundle
from k8snb.errors import UsageError
from k8snb.languages import _
from k8snb.remediation.rollout import LIMIT
from k8snb.remediation.session import Session
from k8snb_widgets.detail import detail
from k8snb_widgets.editor import editor_of
from k8snb_widgets.index import Answer, Index
from k8snb_widgets.lines import Line, Plain, lines, plain_line
from k8snb_widgets.memory import recalled, remember
from k8snb_widgets.picture import picture
from k8snb_widgets.remedy import Remedy
from k8snb_widgets.remedy_told import remedy_told
from k8snb_widgets.state import FACETS, GROUPS, State, changed

MOST_ROWS = 200
"""Lines that one answer carries."""


class Board:
    """An assessment to look through. All that can be clicked is a method, and works without a browser.

    Args:
        assessment: The assessment.
        name: By this name a notebook remembers what was chosen, for when the cell runs again; not at all if empty.
        interactive: Whether a notebook shows the board to click on; otherwise, or where scripts do not run, it shows
            a picture of it.
        wait: Seconds that a rollout may take after a fix.
        start: What is chosen at first, as in `choose`: what fails, if nothing is given.

    Raises:
        UsageError: if what is chosen at first means nothing.

    Attributes:
        assessment: The assessment.
        index: Its findings, prepared for filters.
        state: What is chosen now.
        answer: What the filters let through now.
        lines: The lines of the list: findings, and groups where they are grouped.
        remedies: The fixes that were looked at, by the id of their finding.
    """

    def __init__(
        self, assessment: Assessment, *, name: str = "", interactive: bool = True, wait: float = LIMIT, **start: Any
    ) -> None:
        self.assessment = assessment
        self.interactive = interactive
        self.index = Index(assessment)
        self.answer: Answer
        self.lines: Sequence[Line]
        self._name = name
        self._start = changed(State(), **({"status": "fail"} | start))
        self.remedies: dict[str, Remedy] = {}
        self._wait = wait
        self._told: list[Callable[[], None]] = []
        self._progress: list[Callable[[str], None]] = []
        self._put(recalled(name, self._start))

    @property
    def found(self) -> list[Finding]:
        """The findings that the filters let through, the most urgent first."""
        return [self.index.findings[at] for at in self.answer.found]

    def choose(self, **changes: Any) -> "Board":
        """Set filters, and leave the others as they are; give the board.

        Args:
            changes: `status`, `severity`, `chapter`, `control`, `namespace`: a word, or several, none for all;
                `text`: words that must stand in a finding.

        Raises:
            UsageError: if a filter or its value is unknown.
        """
        return self._set(changed(self.state, **changes))

    def reset(self) -> "Board":
        """Let every finding through; give the board."""
        return self.choose(**dict.fromkeys(FACETS, ()), text="")

    def group_by(self, word: str = "") -> "Board":
        """Group by `control`, `namespace`, `severity` or `subject`, all closed; not at all if empty. Give the board."""
        if word not in GROUPS:
            raise UsageError(f"There is no grouping by {word!r}.", f"There is {', '.join(filter(None, GROUPS))}.")
        return self._set(msgspec.structs.replace(self.state, group=cast(Any, word), opened=()))

    def open(self, group: str, opened: bool = True) -> "Board":
        """Open or close a group, by what its line says; give the board."""
        others = tuple(one for one in self.state.opened if one != group)
        return self._set(msgspec.structs.replace(self.state, opened=(*others, group) if opened else others))

    def select(self, finding_id: str = "") -> "Board":
        """Show the detail of a finding, or none if empty; give the board.

        Raises:
            UsageError: if there is no such finding.
        """
        if finding_id and finding_id not in self.index.places:
            raise UsageError(f"There is no finding {finding_id!r} here.", "board.found has those that are shown.")
        return self._set(msgspec.structs.replace(self.state, selected=finding_id))

    @property
    def selected(self) -> Finding | None:
        """The finding whose detail is shown."""
        return self.index.findings[self.index.places[self.state.selected]] if self.state.selected else None

    def detail(self) -> Plain | None:
        """Give the detail of the selected finding as plain data: evidence, objects, why, fix, references."""
        if self.selected is None:
            return None
        remedy = self.remedy
        told = remedy_told(remedy) if remedy else None
        return {**detail(self.assessment, self.selected), "remedy": told, "answer": self._answer}

    @property
    def _answer(self) -> str:
        """What may be begun in the editor about the selected finding; empty where nothing may, or there is none."""
        found = self.selected
        if found is None or found.waiver is not None or editor_of(self.assessment) is None:
            return ""
        words = {"fail": _("Accept this risk …"), "not-assessed": _("Answer for it: attest …")}
        return words.get(found.status, "")

    def answer_for(self) -> "Board":
        """Begin a waiver of the selected finding in the notebook's editor, or an attestation if it was not assessed.

        Raises:
            UsageError: if there is no editor, or nothing to answer for.
        """
        editor = editor_of(self.assessment)
        if editor is None or not self._answer:
            raise UsageError("There is nothing to answer for here.", "Editor(result) in a cell gives what to write in.")
        editor.from_finding(self.state.selected)
        return self

    def rows(self, start: int = 0, count: int = MOST_ROWS) -> list[Plain]:
        """Give some lines of the list as plain data, at most `MOST_ROWS`."""
        first = max(0, start)
        wanted = self.lines[first : first + min(max(0, count), MOST_ROWS)]
        return [self._marked(plain_line(self.index, one)) for one in wanted]

    def _marked(self, line: Plain) -> Plain:
        remedy = self.remedies.get(line.get("id", ""))
        return line | {"done": remedy.state} if remedy and remedy.state else line

    @cached_property
    def _session(self) -> Session | None:
        cluster = self.assessment.cluster
        return Session(cluster) if cluster is not None and cluster.opened is not None else None

    @property
    def remedy(self) -> Remedy | None:
        """The fix of the selected finding; None where none is selected, it does not fail, or its source is a file of
        results."""
        found = self.selected
        if found is None or found.status != "fail" or found.waiver is not None or self._session is None:
            return None
        if found.id not in self.remedies:
            self.remedies[found.id] = Remedy(self.assessment, found, self._session, self._wait, self._say)
        return self.remedies[found.id]

    def preview(self) -> "Board":
        """Plan the fix of the selected finding and let the server try it; nothing is changed. Give the board.

        Raises:
            UsageError: if the selected finding has no fix.
        """
        return self._fix(lambda one: one.preview())

    def apply(self, cluster: str) -> "Board":
        """Change the cluster as previewed, and verify; give the board.

        Args:
            cluster: Name of the cluster that is meant.

        Raises:
            UsageError: if the selected finding has no fix.
        """
        return self._fix(lambda one: one.apply(cluster))

    def check(self) -> "Board":
        """Verify once more what was applied; give the board."""
        return self._fix(lambda one: one.check())

    def undo(self) -> "Board":
        """Take back what was applied, and verify that; give the board."""
        return self._fix(lambda one: one.undo())

    def take_back(self, entry: str) -> "Board":
        """Preview the way back of an entry of the journal; `apply` goes it. Give the board."""
        return self._fix(lambda one: one.take_back(entry))

    def export(self) -> "Board":
        """Write what was previewed as files into a folder below `fixes`; give the board."""
        return self._fix(lambda one: one.export())

    def _fix(self, step: Callable[[Remedy], Any]) -> "Board":
        remedy = self.remedy
        if remedy is None:
            raise UsageError("No finding that can be fixed is selected.", "board.select(ID) selects one.")
        step(remedy)
        self._tell()
        return self

    def _say(self, text: str) -> None:
        for tell in self._progress:
            tell(text)

    def on_change(self, tell: Callable[[], None]) -> None:
        """Have something called after every change."""
        self._told.append(tell)

    def on_progress(self, tell: Callable[[str], None]) -> None:
        """Have something called with each line of progress of a fix."""
        self._progress.append(tell)

    def _set(self, state: State) -> "Board":
        if state != self.state:
            self._put(state)
            remember(self._name, self._start, state)
            self._tell()
        return self

    def _tell(self) -> None:
        for tell in self._told:
            tell()

    def _put(self, state: State) -> None:
        gone = state.selected not in self.index.places
        self.state = msgspec.structs.replace(state, selected="") if gone else state
        self.answer = self.index.answer(self.state)
        self.lines = lines(self.index, self.answer.found, self.state)

    def __repr__(self) -> str:
        return str(picture(self)["text/plain"])

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        return picture(self)

    def _ipython_display_(self) -> None:
        from k8snb_widgets.live import show

        show(self)
