"""Showing, confirming, applying, checking and taking back, for `k8snb fix`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from k8snb.assessment.assessment import Assessment
from k8snb.commands.guard import tell
from k8snb.commands.output import screen, write
from k8snb.display import told
from k8snb.errors import UsageError
from k8snb.formats import fix as text
from k8snb.formats.screen import plural
from k8snb.remediation.allowed import lacking
from k8snb.remediation.journal import journal
from k8snb.remediation.plan import Plan
from k8snb.remediation.rollback import undo
from k8snb.remediation.session import Session

_SHOWN = 20
_NAMED = 6


class Asked(msgspec.Struct, frozen=True):
    """What the user asked for, see `k8snb fix --help`."""

    apply: bool
    yes: bool
    cluster: str | None
    auto_rollback: bool
    on_failure: str
    force_managed: bool
    seconds: float


def history() -> int:
    """List the journal."""
    found = list(journal().entries())[::-1]
    if not found:
        tell("the journal is empty")
    else:
        write(text.told(told.history(found), screen()))
    return 0


def settled(session: Session) -> None:
    """Tell what became of changes that an earlier run left open."""
    for one in session.reconcile():
        tell(f"entry {one.id} was left open: {one.target} is {one.state} ({one.told})")


def undoing(session: Session, wanted: str) -> tuple[Plan, ...]:
    """Plan the way back of an entry of the journal, or of all of a plan's, the last one first."""
    found = [one for one in session.book.find(wanted) if one.state == "applied"]
    if not found:
        undo(session, session.book.find(wanted)[0])
    return tuple(undo(session, one) for one in reversed(found))


def nothing_fails(result: Assessment) -> int:
    """Tell that nothing is to fix, and what was not assessed."""
    open_ones = len(result.findings(status="not-assessed"))
    hint = f"{plural(open_ones, 'finding')} could not be assessed; k8snb assess says why." if open_ones else ""
    tell("nothing fails here, so there is nothing to fix", hint)
    return 0


def run(session: Session, plans: Sequence[Plan], asked: Asked, export: Path | None) -> int:
    """Show the plans, and do with them what is asked."""
    for index, one in enumerate(plans[:_SHOWN] if not asked.apply else plans, 1):
        number = f"{index} of {len(plans)}" if len(plans) > 1 else ""
        write(text.told(told.preview(one), screen(), head=text.heading(one.title, screen(), number)))
    if len(plans) > _SHOWN and not asked.apply:
        tell(f"{plural(len(plans) - _SHOWN, 'more plan')} not shown", "Narrow it down with --subject or -n.")
    if export is not None:
        return _export(plans, export)
    _permissions(session, plans)
    if not asked.apply:
        if any(one.changes for one in plans):
            tell("nothing was changed", "--apply changes the cluster; --export DIR writes the fixes as files.")
        return 0
    return _apply(session, plans, asked)


def _permissions(session: Session, plans: Sequence[Plan]) -> None:
    """Tell in one line what is missing to apply the plans, and to take them back."""
    changes = [change for one in plans for change in one.changes]
    found = lacking(session.connection, changes) if session.connection else ()
    if found:
        named = ", ".join(found[:_NAMED]) + (", …" if len(found) > _NAMED else "")
        tell(f"missing to apply and to take back: {named}", "k8snb rbac --level fix prints a role for all but RBAC.")


def _export(plans: Sequence[Plan], folder: Path) -> int:
    from k8snb.remediation.export import export

    names = export(plans, folder)
    tell(
        f"{folder}: {plural(len(names), 'file')} written", f"{folder}/README.md says how to use them." if names else ""
    )
    return 0


def _apply(session: Session, plans: Sequence[Plan], asked: Asked) -> int:
    ready, left = _ready(plans, asked)
    if not ready:
        tell("nothing can be applied here", "The text above says why; --export DIR writes the fixes as files.")
        return 1
    _confirm(session, ready, asked)
    done: list[Plan] = []
    for one in ready:
        done.append(one)
        if not _one(one, asked):
            rest = len(ready) - len(done)
            tell(f"stopped at {one.title}; {plural(rest, 'plan')} not begun" if rest else f"stopped at {one.title}")
            if asked.on_failure == "undo":
                _undo_all([other for other in reversed(done) if other.standing], asked)
            return 1
    return int(bool(left))


def _ready(plans: Sequence[Plan], asked: Asked) -> tuple[list[Plan], list[Plan]]:
    """Part the plans that can be applied from those that cannot, and tell the latter."""
    ready: list[Plan] = []
    left: list[Plan] = []
    for one in plans:
        preview = one.preview()
        blocked = not preview.steps or preview.obstacle or (preview.manager and not asked.force_managed)
        (left if blocked else ready).append(one)
    if left:
        named = ", ".join(one.title for one in left[:3])
        kept = any(one.preview().manager for one in left) and not asked.force_managed
        hint = "--force-managed also changes what others keep." if kept else ""
        tell(f"{plural(len(left), 'plan')} cannot be applied: {named}{', …' if len(left) > 3 else ''}", hint)
    return ready, left


def _confirm(session: Session, ready: Sequence[Plan], asked: Asked) -> None:
    """Make sure that this is the cluster that is meant.

    Raises:
        UsageError: if it is not, or nobody can be asked.
    """
    name, server = session.identity.name, session.identity.server
    if asked.cluster is not None and asked.cluster != name:
        raise UsageError(f"This is the cluster {name}, not {asked.cluster}.", "Nothing was changed.")
    if asked.yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("Nobody can be asked here.", f"Add --yes --expect-cluster {name}.")
    count = plural(sum(len(one.changes) for one in ready), "change")
    print(
        f"\n{count} on {name} ({server}). Type the name of the cluster to apply: ", end="", file=sys.stderr, flush=True
    )
    if sys.stdin.readline().strip() != name:
        raise UsageError("That is not its name.", "Nothing was changed.")


def _one(plan: Plan, asked: Asked) -> bool:
    """Apply one plan, check it, and offer or take the way back; say whether it holds."""
    applied = plan.apply(force_managed=asked.force_managed)
    for one in applied:
        why = f": {one.entry.told}" if one.entry.told else ""
        tell(f"{one.entry.target} {one.entry.state}{why} (journal {one.entry.id})")
        if one.conflict:
            write(text.told(told.conflict(one.conflict), screen()))
            tell("somebody else changed it meanwhile", "Run the same command again: it plans anew.")
    if not plan.succeeded:
        if asked.auto_rollback and any(one.entry.state == "applied" for one in applied):
            _undo_all([plan], asked)
        return False
    holds = _verified(plan, asked)
    if not holds:
        _offer(plan, asked)
    return holds


def _verified(plan: Plan, asked: Asked) -> bool:
    """Look what became of a plan, and tell it; say whether it holds."""
    holds = plan.verify(asked.seconds, tell).holds
    write(text.told(told.outcome(plan), screen()))
    tell(told.ended([plan]))
    return holds


def _offer(plan: Plan, asked: Asked) -> None:
    if plan.undoes or asked.on_failure == "undo":
        return
    if asked.auto_rollback or _agreed(asked):
        _undo_all([plan], asked)
    else:
        tell("kept", f"k8snb fix --undo {plan.id} --apply takes it back.")


def _agreed(asked: Asked) -> bool:
    if asked.yes or not sys.stdin.isatty():
        return False
    print("Take it back? [Y/n] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"", "y", "yes"}


def _undo_all(plans: Sequence[Plan], asked: Asked) -> None:
    for plan in plans:
        for back in plan.roll_back():
            tell(f"{back.title}: taken back")
            _verified(back, asked)
