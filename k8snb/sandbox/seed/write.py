"""Writing objects to an API server, several at once."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from k8snb.sandbox.client import Client
from k8snb.sandbox.errors import SandboxError
from k8snb.sandbox.seed.stages import Step

_THREADS, _CONFLICT, _INVALID = 6, 409, 422
_PATIENCE_SECONDS = 20.0


class Writer:
    """Writes steps, and remembers which identity each object got.

    Args:
        client: Who writes.
    """

    def __init__(self, client: Client) -> None:
        self.written = 0
        self._client = client
        self._uids: dict[str, str] = {}

    def write(self, steps: Sequence[Step]) -> None:
        """Write objects that do not need each other.

        Raises:
            SandboxError: if the API server refuses one.
        """
        with ThreadPoolExecutor(_THREADS) as pool:
            for uid, step in zip(pool.map(self._write, steps), steps, strict=True):
                self._uids[step.old_uid] = uid
        self.written += len(steps)

    def _write(self, step: Step) -> str:
        body = self._owned(step.body)
        there = self._created(step.path, body, step.yields)
        path = f"{step.path}/{body['metadata']['name']}"
        if step.ephemeral and not there["spec"].get("ephemeralContainers"):
            there = self._patched(f"{path}/ephemeralcontainers", {"spec": {"ephemeralContainers": step.ephemeral}})
        if step.status:
            self._patched(path if _no_subresource(there) else f"{path}/status", {"status": step.status})
        return str(there["metadata"]["uid"])

    def _owned(self, body: dict[str, Any]) -> dict[str, Any]:
        metadata = body["metadata"]
        owners = metadata.get("ownerReferences")
        if not owners:
            return body
        renamed = [one | {"uid": self._uids.get(one["uid"], one["uid"])} for one in owners]
        labels = {key: self._uids.get(value, value) for key, value in metadata.get("labels", {}).items()}
        return body | {"metadata": metadata | {"ownerReferences": renamed, "labels": labels}}

    def _created(self, path: str, body: dict[str, Any], yields: bool) -> Any:
        status, answer = self._client.ask("POST", path, body)
        end = time.monotonic() + _PATIENCE_SECONDS
        while status == 404 and time.monotonic() < end:  # a definition is not served at once
            time.sleep(0.1)
            status, answer = self._client.ask("POST", path, body)
        itself = f"{path}/{body['metadata']['name']}"
        if status == _CONFLICT and yields:
            return self._client.get(itself)
        if status == _CONFLICT or (status == _INVALID and self._client.answers(itself)):
            return self._replaced(itself, body)
        return _accepted("POST", path, body, status, answer)

    def _replaced(self, path: str, body: dict[str, Any]) -> Any:
        there = self._client.get(path)
        kept = {key: there["metadata"][key] for key in ("resourceVersion", "uid")}
        status, answer = self._client.ask("PUT", path, body | {"metadata": body["metadata"] | kept})
        return there if status == _INVALID else _accepted("PUT", path, body, status, answer)

    def _patched(self, path: str, patch: dict[str, Any]) -> Any:
        kind = "application/merge-patch+json"
        status, answer = self._client.ask("PATCH", path, patch, kind)
        return _accepted("PATCH", path, patch, status, answer)


def _no_subresource(there: dict[str, Any]) -> bool:
    return str(there["apiVersion"]).startswith(("aquasecurity.github.io", "gateway.networking.k8s.io"))


def _accepted(method: str, path: str, body: dict[str, Any], status: int, answer: Any) -> Any:
    if status in {200, 201}:
        return answer
    told = answer.get("message", "") if isinstance(answer, dict) else str(answer)
    name = body.get("metadata", {}).get("name", "")
    raise SandboxError(f"The API server refuses {method} {path} {name} ({status}): {told[:500]}")
