"""What became of changes that were applied: their rollouts, and the fields that did not stay."""

from collections.abc import Callable, Sequence

from k8snb.remediation.apply import Applied, holds
from k8snb.remediation.objects import live
from k8snb.remediation.rollout import Rollout, wait
from k8snb.remediation.target import TEMPLATES
from k8snb.sources.connection import Connection


def rolled_out(connection: Connection, done: Sequence[Applied], limit: float, tell: Callable[[str], None]) -> Rollout:
    """Wait for the first rollout that there is to wait for.

    Args:
        connection: Whom to ask.
        done: What was applied.
        limit: Seconds that it may take.
        tell: Called with one line of progress at a time.
    """
    found = Rollout("none")
    for one in done:
        if one.entry.verb == "patch" and one.stored is not None and one.entry.target.kind in TEMPLATES:
            found = wait(connection, one.entry.target, one.stored, limit, tell)
            if found.state != "none":
                return found
    return found


def lost(connection: Connection, done: Sequence[Applied]) -> tuple[str, ...]:
    """Give the fields that are no longer as they were set, and the objects that should not be, or be no longer."""
    found = []
    for one in done:
        now = live(connection, one.entry.target)
        if one.entry.verb == "patch":
            found += [edit.at for edit in one.entry.edits if now is None or not holds([edit], now, "after")]
        elif (now is None) != (one.entry.verb == "delete"):
            found.append(str(one.entry.target))
    return tuple(found)
