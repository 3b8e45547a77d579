"""The journal: what k8snb is about to change, on disk before it is sent, and what became of it."""

import getpass
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from k8snb.errors import UsageError
from k8snb.remediation.diff import shown
from k8snb.remediation.dry_run import DryRun
from k8snb.remediation.edits import Edit, diff
from k8snb.remediation.objects import Raw
from k8snb.remediation.patch import Verb, new
from k8snb.remediation.target import Target

State = Literal["intended", "applied", "refused", "not-applied", "unclear", "undone"]
OPEN: tuple[State, ...] = ("intended", "unclear")
"""States that say that nobody knows yet what became of it."""


class Identity(msgspec.Struct, frozen=True):
    """Which cluster, and who asks it.

    Attributes:
        name: Name of the context.
        server: Its address.
        uid: UID of the namespace `kube-system`, which tells clusters apart; empty where it may not be read.
        user: The user that the cluster takes us for; empty where it does not say.
    """

    name: str
    server: str
    uid: str = ""
    user: str = ""


class Entry(msgspec.Struct, frozen=True):
    """One change.

    Attributes:
        id: Its id.
        plan: Id of the plan that it belongs to.
        when: Time, RFC 3339.
        who: The person at the keyboard, as the system names them.
        cluster: Where, and as whom.
        controls: Ids of the controls that it is to satisfy.
        target: The object.
        verb: `patch`, `create` or `delete`.
        version: The resourceVersion that was seen.
        edits: What changes, field by field; no credentials.
        state: What became of it.
        before: The whole object, where it is deleted.
        after: The whole object, where it is made.
        undoes: Id of the entry that this one takes back.
        told: Why, in one line, where it was refused or is unclear.
    """

    id: str
    plan: str
    when: str
    who: str
    cluster: Identity
    controls: tuple[str, ...]
    target: Target
    verb: Verb
    version: str
    edits: tuple[Edit, ...]
    state: State = "intended"
    before: Raw | None = None
    after: Raw | None = None
    undoes: str = ""
    told: str = ""


class Journal(msgspec.Struct, frozen=True):
    """The entries, one file each, for their owner only.

    Attributes:
        folder: Where they are.
    """

    folder: Path

    def begin(self, entry: Entry) -> Entry:
        """Write an entry; it is on disk when this returns.

        Raises:
            UsageError: if it cannot be written; nothing may be sent then.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(entry)
            _synced(self.folder.parent)
        except OSError as error:
            told = f"The journal {self.folder} cannot be written ({error.strerror})."
            raise UsageError(told, "Nothing was changed.") from error
        return entry

    def finish(self, entry: Entry, state: State, **changes: Any) -> Entry:
        """Write what became of an entry."""
        done = msgspec.structs.replace(entry, state=state, **changes)
        self._write(done)
        return done

    def entries(self) -> Iterator[Entry]:
        """Give every entry, oldest first; a file that is none is passed over."""
        for path in sorted(self.folder.glob("*.json")) if self.folder.is_dir() else ():
            try:
                yield msgspec.json.decode(path.read_bytes(), type=Entry)
            except (OSError, msgspec.MsgspecError):
                continue

    def find(self, wanted: str) -> list[Entry]:
        """Give the entry of an id, or those of a plan's; the beginning of an id is enough.

        Raises:
            UsageError: if there is none, or several begin so.
        """
        known = list(self.entries())
        for field in ("id", "plan"):
            found = [one for one in known if wanted and getattr(one, field).startswith(wanted)]
            if found and len({getattr(one, field) for one in found}) == 1:
                return found
            if found:
                raise UsageError(f"Several entries of the journal begin with {wanted!r}.", "Give more of the id.")
        raise UsageError(f"There is no entry {wanted!r} in the journal.", "k8snb fix --history lists them.")

    def _write(self, entry: Entry) -> None:
        """Write beside, sync, move there, sync the folder: whole or not there, and there for good."""
        partial = self.folder / f".{entry.id}.{os.getpid()}.partial"
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(msgspec.json.format(msgspec.json.encode(entry)))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self.folder / f"{entry.id}.json")
        _synced(self.folder)


def _synced(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def journal() -> Journal:
    """Give the journal of this user, below `$XDG_STATE_HOME` (XDG Base Directory Specification)."""
    state = os.environ.get("XDG_STATE_HOME", "")
    base = Path(state) if Path(state).is_absolute() else Path("~/.local/state").expanduser()
    return Journal(base / "k8snb" / "journal")


def entry(found: DryRun, plan: str, cluster: Identity, controls: tuple[str, ...], undoes: str = "") -> Entry:
    """Give the entry of a change that was tried and is to be sent."""
    change = found.change
    before, stored = shown(change.before), shown(found.stored)
    patched = change.verb == "patch"
    return Entry(
        new_id(),
        plan,
        datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        _person(),
        cluster,
        controls,
        change.target,
        change.verb,
        str((change.before or {}).get("metadata", {}).get("resourceVersion", "")),
        tuple(diff(before, stored)) if patched else (),
        before=new(change.before) if change.verb == "delete" and change.before else None,
        after=None if patched else stored,
        undoes=undoes,
    )


def new_id() -> str:
    """Give an id that sorts by time and that nobody else gives."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"


def _person() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
