"""A plan: what changes, what that does, doing it, checking it, and taking it back."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from k8snb.assessment.result import Finding
from k8snb.errors import UsageError
from k8snb.remediation.apply import Applied, apply
from k8snb.remediation.dry_run import TIMES, moved_on
from k8snb.remediation.journal import new_id
from k8snb.remediation.outcome import lost, rolled_out
from k8snb.remediation.patch import Change
from k8snb.remediation.plans.model import Procedure
from k8snb.remediation.preview import Preview, Step, look
from k8snb.remediation.rollout import LIMIT
from k8snb.remediation.session import Session
from k8snb.remediation.target import Target
from k8snb.remediation.verify import Verified, check, inventory

if TYPE_CHECKING:
    from pathlib import Path

    from k8snb.sources.connection import Connection


class Plan:
    """How some findings are fixed: `diff`, `dry_run`, `apply`, `verify`, `roll_back`, `export`.

    Attributes:
        id: Its id, which is that of its group in the journal.
        title: What it changes.
        findings: What it is to fix.
        changes: What changes, in order; empty where only a person can do it.
        procedures: What a person does.
        notes: Choices that were made.
        undoes: Ids of the journal's entries that it takes back, one for each change.
        applied: What became of each change.
        verified: What was seen after it was applied; None where nobody looked.
        standing: Whether some change was applied, and not taken back.
    """

    def __init__(
        self,
        session: Session,
        title: str,
        findings: Sequence[Finding],
        changes: Sequence[Change],
        *,
        procedures: Sequence[Procedure] = (),
        notes: Sequence[str] = (),
        parameters: Mapping[str, Any] | None = None,
        undoes: Sequence[str] = (),
        origins: Mapping[Target, Any] | None = None,
    ) -> None:
        self.id, self.session, self.title = new_id(), session, title
        self.findings, self.changes, self.procedures = tuple(findings), tuple(changes), tuple(procedures)
        self.notes, self.undoes, self.parameters = tuple(dict.fromkeys(notes)), tuple(undoes), parameters or {}
        self.origins = origins or {}
        self.applied: tuple[Applied, ...] = ()
        self.verified: Verified | None = None
        self.standing = False
        self._preview: Preview | None = None

    @property
    def controls(self) -> tuple[str, ...]:
        """Ids of the controls that it is to satisfy."""
        return tuple(dict.fromkeys(one.control for one in self.findings))

    def preview(self) -> Preview:
        """Give what is known before anything is changed; the server is asked once."""
        if self._preview is None:
            self._preview = self._looked()
        return self._preview

    def dry_run(self) -> Preview:
        """Ask the server again what the very requests would do; nothing is stored."""
        self._preview = self._looked()
        return self._preview

    def _looked(self) -> Preview:
        return look(
            self.session,
            self.changes,
            self.findings,
            notes=self.notes,
            parameters=self.parameters,
            ours=bool(self.undoes),
        )

    def diff(self) -> str:
        """Give the difference as text."""
        parts = [f"--- {one.change.target}\n" + "\n".join(one.diff) for one in self.preview().steps]
        return "\n".join(parts)

    def apply(self, *, force_managed: bool = False) -> "tuple[Applied, ...]":
        """Change the cluster: only what the last dry run tried, and only where nobody changed it since.

        Args:
            force_managed: Change an object that a chart, a GitOps controller or an operator keeps, all the same.

        Returns:
            What became of each change; the last one may not be `applied`, later ones were not sent then.

        Raises:
            UsageError: if there was no dry run, or it says that the change cannot be made.
        """
        preview = self._ready(force_managed=force_managed)
        connection = self.session.connection
        self._preview = None
        for index, step in enumerate(preview.steps):
            undoes = self.undoes[index] if index < len(self.undoes) else ""
            done = self._send(connection, step, undoes)
            self.applied = (*self.applied, done)
            self.standing = self.standing or done.entry.state == "applied"
            if done.entry.state != "applied":
                break
        return self.applied

    def _send(self, connection: "Connection | None", step: Step, undoes: str) -> Applied:
        """Send one change; where only the version or status of the object moved on, try that one, and send again."""
        for _ in range(TIMES):
            assert connection is not None  # noqa: S101 - an obstacle otherwise
            assert step.tried is not None  # noqa: S101 - an obstacle otherwise
            done = apply(
                connection,
                self.session.book,
                step.tried,
                plan=self.id,
                cluster=self.session.identity,
                controls=self.controls,
                undoes=undoes,
            )
            again = moved_on(connection, step.tried) if done.stale else None
            if again is None:
                return done
            step = msgspec.structs.replace(step, tried=again)
        return done

    def _ready(self, *, force_managed: bool) -> Preview:
        preview = self._preview
        if self.applied:
            raise UsageError(f"{self.title} was changed already.", "Plan again.")
        if preview is None:
            raise UsageError("Nothing was previewed yet.", "plan.dry_run() shows what would change; look at it first.")
        if not preview.steps:
            raise UsageError(
                f"{self.title}: there is nothing to apply here.", "A person has to do it; see the procedure."
            )
        if preview.obstacle:
            raise UsageError(f"{self.title}: {preview.obstacle}.", "plan.export(DIR) writes the change as files.")
        keeper = preview.manager
        if keeper and not force_managed:
            told = f"{self.title} is kept by {keeper.name} ({keeper.why}), which would undo the change."
            raise UsageError(told, "Export it for their source, or insist with force_managed (--force-managed).")
        return preview

    @property
    def succeeded(self) -> bool:
        """Whether every change was made."""
        return len(self.applied) == len(self.changes) and all(one.entry.state == "applied" for one in self.applied)

    def verify(self, limit: float = LIMIT, tell: Callable[[str], None] = lambda _: None) -> Verified:
        """Wait for the rollout, and judge the subjects again from the live objects; what was taken back is then undone.

        Args:
            limit: Seconds that the rollout may take.
            tell: Called with one line of progress at a time.

        Raises:
            UsageError: if nothing was applied.
            SourceError: if the cluster cannot be asked.
        """
        connection, done, self.verified = self.session.connection, self._done(), None
        if connection is None or not done:
            raise UsageError(f"{self.title}: nothing was applied yet.", "plan.apply() comes first.")
        rollout = rolled_out(connection, done, limit, tell)
        now = inventory(self.session.cluster, connection, [one.entry.target for one in done])
        self.verified = Verified(check(now, self.findings, self.parameters), rollout, lost(connection, done))
        if self.verified.holds:
            self._settle()
        return self.verified

    def _settle(self) -> None:
        """Write down that what this took back is undone."""
        for wanted in self.undoes:
            for known in self.session.book.find(wanted):
                self.session.book.finish(known, "undone")

    def roll_back(self) -> "tuple[Plan, ...]":
        """Take the changes back, the last one first, field by field; see `k8snb.remediation.rollback`.

        Raises:
            UsageError: if nothing was applied, or somebody changed one of the fields since.
        """
        from k8snb.remediation.rollback import take_back

        if not self.standing:
            raise UsageError(f"{self.title}: nothing was applied that could be taken back.")
        back = take_back(self.session, [one.entry for one in self._done()])
        self.standing = False
        return back

    def _done(self) -> list[Applied]:
        return [one for one in self.applied if one.entry.state == "applied"]

    def export(self, folder: "str | Path") -> "tuple[str, ...]":
        """Write the change as files, for whoever keeps the object; see `k8snb.remediation.export`.

        Returns:
            The names of the files.
        """
        from k8snb.remediation.export import export

        return export([self], folder)

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, str]:
        from k8snb.display.plan import plan_bundle

        return plan_bundle(self)

    def __repr__(self) -> str:
        return f"<Plan for {self.title}: {len(self.changes)} changes, {len(self.procedures)} procedures>"
