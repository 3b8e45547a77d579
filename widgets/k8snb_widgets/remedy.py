"""The fix of one finding, step by step: planned and previewed, applied and verified, taken back."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Finding
from k8snb.display import told
from k8snb.errors import K8snbError, UsageError
from k8snb.languages import _
from k8snb.remediation import planning
from k8snb.remediation.export import export
from k8snb.remediation.journal import Entry
from k8snb.remediation.plan import Plan
from k8snb.remediation.rollback import undo
from k8snb.remediation.session import Session
from k8snb.remediation.target import of_subject

FOLDER = Path("fixes")
"""Where exports go, below the folder of the notebook."""


class Remedy:
    """What a person does with the fix of one finding.

    Args:
        assessment: What the finding is of.
        finding: What is to be fixed.
        session: Work on one cluster.
        patience: Seconds that a rollout may take.
        tell: Called with one line of progress at a time.

    Attributes:
        plans: The plans that were last previewed, in order; empty before.
        told: What came of the last step, in one line.
        trouble: Why the last step could not be done; empty where it could.
        conflict: What somebody else changed meanwhile, as lines of a diff.
    """

    def __init__(
        self,
        assessment: Assessment,
        finding: Finding,
        session: Session,
        patience: float,
        tell: Callable[[str], None],
    ) -> None:
        self.finding, self.session = finding, session
        self.plans: tuple[Plan, ...] = ()
        self.told = self.trouble = ""
        self.conflict: tuple[str, ...] = ()
        self._assessment, self._patience, self._tell = assessment, patience, tell

    @property
    def id(self) -> str:
        """Id of what was previewed; empty before."""
        return self.plans[0].id if self.plans else ""

    @property
    def applied(self) -> bool:
        """Whether something was changed, and not taken back."""
        return any(plan.standing and not plan.undoes for plan in self.plans)

    @property
    def begun(self) -> bool:
        """Whether these plans were sent; they cannot be sent again."""
        return any(plan.applied for plan in self.plans)

    @property
    def holds(self) -> bool:
        """Whether everything was applied and verified."""
        return bool(self.plans) and all(one.verified and one.verified.holds for one in self.plans)

    @property
    def undoing(self) -> bool:
        """Whether the plans take an earlier change back."""
        return any(plan.undoes for plan in self.plans)

    @property
    def state(self) -> str:
        """What became of it in a word or two; empty where nothing was applied."""
        if self.undoing:
            return _("taken back") if self.holds else ""
        if not self.applied:
            return ""
        return _("fixed") if self.holds else _("changed")

    @property
    def obstacle(self) -> str:
        """Why what was previewed cannot be applied here; empty where it can."""
        return next(filter(None, map(told.obstacle, self.plans)), "")

    @property
    def entries(self) -> list[Entry]:
        """What the journal has of this object on this cluster, the newest first."""
        target, uid = of_subject(self.finding.subject), self.session.identity.uid
        changed = {target, *(change.target for plan in self.plans for change in plan.changes)}
        known = [one for one in self.session.book.entries() if one.target in changed and one.cluster.uid == uid]
        return known[::-1]

    def preview(self) -> "Remedy":
        """Plan, and let the server try the very requests; nothing is stored."""
        with self._step():
            self.session.reconcile()
            self.plans = planning.plans(
                self._assessment,
                controls=[self.finding.control],
                subject=str(self.finding.subject),
                session=self.session,
            )
            self._looked()
        return self

    def take_back(self, entry: str) -> "Remedy":
        """Plan the way back of an entry of the journal, and preview it.

        Args:
            entry: Its id.
        """
        with self._step():
            known = [one for one in self.entries if one.id == entry]
            if not known:
                raise UsageError(_(f"The journal has no entry {entry} of this object."))
            self.plans = (undo(self.session, known[0]),)
            self._looked()
        return self

    def _looked(self) -> None:
        for plan in self.plans:
            plan.preview()
        self.told = _("This is what would change; nothing was changed.")

    def apply(self, cluster: str) -> "Remedy":
        """Change the cluster as previewed, wait for rollouts, and assess the subjects again.

        Args:
            cluster: Name of the cluster that is meant; no other is changed.
        """
        with self._step():
            if not self.plans:
                raise UsageError(_("Nothing was previewed yet."))
            if cluster != self.session.identity.name:
                raise UsageError(_(f"This is the cluster {self.session.identity.name}, not {cluster}."))
            if self.obstacle:
                raise UsageError(self.obstacle)
            for plan in self.plans:
                if not self._sent(plan):
                    return self
            self._verify()
        return self

    def _sent(self, plan: Plan) -> bool:
        self._tell(_(f"Changing {plan.title} …"))
        last = plan.apply()[-1]
        if plan.succeeded:
            return True
        self.conflict = last.conflict
        changed = _("somebody else changed it meanwhile; preview again") if last.conflict else last.entry.told
        self.trouble = _(f"{last.entry.target} was not changed: {changed}")
        return False

    def check(self) -> "Remedy":
        """Look again how the rollout stands, and assess the subjects once more."""
        with self._step():
            self._begun()
            self._verify()
        return self

    def _begun(self) -> None:
        if not any(plan.standing for plan in self.plans):
            raise UsageError(_("Nothing was changed here."))

    def _verify(self) -> None:
        self.told = told.ended(self.plans)
        for plan in self.plans:
            plan.verify(self._patience, self._tell)
        ended = told.ended(self.plans)
        self.told, self.trouble = (ended, "") if self.holds else ("", ended)

    def undo(self) -> "Remedy":
        """Take back what was applied here, field by field, and verify that."""
        with self._step():
            self._begun()
            backs: list[Plan] = []
            for plan in reversed([one for one in self.plans if one.standing]):
                self._tell(_(f"Taking {plan.title} back …"))
                backs += plan.roll_back()
            self.plans = tuple(backs)
            self._verify()
        return self

    def export(self) -> Sequence[str]:
        """Write the change as files into a folder of its own below `FOLDER`; give their names."""
        with self._step():
            folder = FOLDER / self.id
            names = export(self.plans, folder)
            self.told = _(f"{len(names)} files are in {folder}; README.md there says how to use them.")
            return names
        return ()

    @contextmanager
    def _step(self) -> Iterator[None]:
        """Do one step; what goes wrong is told in one line, and nothing is pretended."""
        self.told, self.trouble, self.conflict = "", "", ()
        try:
            yield
        except K8snbError as error:
            self.trouble = str(error)
        except KeyboardInterrupt:
            self.trouble = _("Interrupted. Look at the cluster again before anything else.")
