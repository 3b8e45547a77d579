"""Evidence that people bring as files: benchmark runs of nodes, what a provider says of its cluster, audit logs."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from k8snb.errors import UsageError
from k8snb.evidence import audit_log, kube_bench, providers
from k8snb.sources.stream import Fact

DAYS = 30
"""An older file tells of another time."""
ANYWAY = "anyway"
"""Key of a fact's value: a person said that it counts, whatever it says of its cluster and its age."""
_MOST_BYTES, _HEAD = 64 * 2**20, 4096
_SOURCES = {providers.NAME: "provider", audit_log.NAME: "object"}
_KNOWN = (
    "kube-bench --json, aws eks describe-cluster, gcloud container clusters describe --format=json, az aks show, "
    "audit logs"
)


def facts(paths: Sequence[str], *, anyway: bool = False) -> tuple[Fact, ...]:
    """Read evidence files.

    Args:
        paths: The files. One of kube-bench is named after its node, which it does not tell: `cp1.json`.
        anyway: Whether old files count too, and those of another cluster.

    Returns:
        One fact for each: `provider/export`, `kube-bench/<name of the file>`, or `audit-log`.

    Raises:
        UsageError: if a file cannot be read, is of no kind that is known, or is older than 30 days.
    """
    return tuple(_fact(Path(path), anyway=anyway) for path in paths)


def _fact(path: Path, *, anyway: bool) -> Fact:
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        with path.open("rb") as file:
            log = audit_log.parse(file) if audit_log.is_log(file.read(_HEAD)) and not file.seek(0) else None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.", "--evidence wants a file.") from error
    if not anyway and datetime.now(UTC) - changed > timedelta(DAYS):
        told = f"{path} is of {changed.date()}, more than {DAYS} days ago."
        raise UsageError(told, "Make it anew, or --any-evidence uses it all the same.")
    name, value = (audit_log.NAME, log) if log else _read(path)
    kept = msgspec.json.decode(msgspec.json.encode(value)) | {ANYWAY: anyway}
    return Fact(name, kept, _SOURCES.get(name, "benchmark"), path.name[:120], changed.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _read(path: Path) -> tuple[str, Any]:
    """Give the name and the value of the fact that a JSON file holds."""
    kinds: tuple[tuple[str, Callable[[Any], Any]], ...] = (
        (f"{kube_bench.NAME}{path.stem}", kube_bench.parse),
        (providers.NAME, providers.parse),
    )
    content = _content(path)
    try:
        told = ((name, parse(content)) for name, parse in kinds)
        found = next(((name, value) for name, value in told if value is not None), None)
    except msgspec.ValidationError as error:
        raise UsageError(f"{path} is not whole: {error}.", f"Known: {_KNOWN}.") from error
    if found is None:
        raise UsageError(f"{path} is no evidence that is known.", f"Known: {_KNOWN}.")
    return found


def _content(path: Path) -> Any:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(f"{path} is larger than {_MOST_BYTES // 2**20} MiB.", f"Known: {_KNOWN}.")
        return msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no JSON ({error}).", f"Known: {_KNOWN}.") from error
