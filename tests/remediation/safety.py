"""Every fixable control on a real API server: applied, taken back, compared; every write held against the audit log.

python -m tests.remediation.safety
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from k8snb.remediation.journal import Journal
from k8snb.remediation.plans import RECIPES
from tests.remediation.server import Server, running


def exceptions(server: Server, book: Journal, namespace: str = "") -> tuple[int, list[str]]:
    """Give the number of writes of k8snb, and those that no dry run of the identical request, or no entry, precedes.

    Args:
        server: Whose audit log is read.
        book: The journal.
        namespace: Only what is in there; everything if empty.
    """
    tried: set[str] = set()
    found: list[str] = []
    writes, entries = 0, list(book.entries())
    for one in server.audited():
        parts = urlsplit(one["requestURI"])
        if not one["userAgent"].startswith("k8snb/") or namespace not in parts.path or "reviews" in parts.path:
            continue
        body, query = one.get("requestObject"), dict(parse_qsl(parts.query))
        is_trial = query.pop("dryRun", None) == "All"
        if isinstance(body, dict):
            body = {key: value for key, value in body.items() if key != "dryRun"}
        request = json.dumps([one["verb"], parts.path, query, body], sort_keys=True)
        if is_trial:
            tried.add(request)
            continue
        writes += 1
        if request not in tried:
            found.append(f"not tried: {request}")
        name = one["objectRef"].get("name") or (body or {}).get("metadata", {}).get("name")
        when = one["requestReceivedTimestamp"][:19] + "Z"
        if not any(entry.target.name == name and entry.when <= when for entry in entries):
            found.append(f"no entry: {request}")
    return writes, found


def _cases() -> Iterator[tuple[str, str, Callable[[Server, str], list[str]]]]:
    from tests.remediation.test_families import OTHERS, TEMPLATES, deployment

    def of_template(spec: Any) -> Callable[[Server, str], list[str]]:
        return lambda server, namespace: [deployment(server, namespace, spec)]

    yield from ((control, "", of_template(spec)) for control, spec in TEMPLATES.items())
    yield from OTHERS


def main() -> int:
    """Try every case, print what became of it, and count."""
    from tests.remediation.conftest import planner
    from tests.remediation.test_families import REFUSED, round_trip

    restored: dict[str, bool] = {}
    with tempfile.TemporaryDirectory() as place, running(Path(place)) as server:
        book = Journal(Path(place) / "journal")
        for control, word, make in _cases():
            namespace = server.namespace()
            try:
                round_trip(server, planner(server, namespace, book), control, make(server, namespace))
                restored.setdefault(control, True)
            except AssertionError as error:
                restored[control] = False
                print(f"{control} {word}: {error}")
            server.delete(f"/api/v1/namespaces/{namespace}")
        writes, found = exceptions(server, book)
    print("\n".join(found))
    print(
        f"applied and taken back, as before: {sum(restored.values())} of {len(RECIPES)} fixable controls "
        f"(no server takes an object that fails {REFUSED})"
    )
    print(f"writes: {writes}; without a dry run of the identical request, or without an entry before: {len(found)}")
    return int(bool(found) or set(restored) != set(RECIPES) - {REFUSED} or not all(restored.values()))


if __name__ == "__main__":
    sys.exit(main())
