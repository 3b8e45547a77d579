"""A real API server with its controllers, an audit log that keeps what was sent, and a stand-in for the kubelets."""

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from k8snb.sandbox import control
from k8snb.sandbox.client import Client
from k8snb.sandbox.home import Home
from k8snb.sandbox.profiles import HARDENED

Raw = dict[str, Any]
_MERGE = "application/merge-patch+json"
_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [
        {"level": "None", "verbs": ["get", "list", "watch"]},
        {"level": "Request", "userGroups": ["system:masters"]},
        {"level": "None"},
    ],
}
_BROKEN = "broken.example.com"
"""Images of this registry cannot be pulled."""


def _admission(_: Home) -> str:
    return json.dumps({"apiVersion": "apiserver.config.k8s.io/v1", "kind": "AdmissionConfiguration", "plugins": []})


class Server:
    """A control plane of the tests' own."""

    def __init__(self, home: Home, server: str) -> None:
        self.home = home
        self.client = Client(home, server)
        self._over = threading.Event()
        self._kubelet = threading.Thread(target=self._run_pods, daemon=True)
        self.refuse: Callable[[Raw], str] = lambda _pod: ""

    def start(self) -> None:
        self._kubelet.start()

    def stop(self) -> None:
        self._over.set()
        self._kubelet.join(10)

    def get(self, path: str) -> Raw:
        found: Raw = self.client.get(path)
        return found

    def make(self, path: str, body: Raw) -> Raw:
        status, told = self.client.ask("POST", path, body)
        assert status == 201, told
        made: Raw = told
        return made

    def merge(self, path: str, body: Raw) -> Raw:
        status, told = self.client.ask("PATCH", path, body, _MERGE)
        assert status == 200, told
        found: Raw = told
        return found

    def delete(self, path: str) -> None:
        self.client.ask("DELETE", path)

    def namespace(self) -> str:
        """Make a namespace, and give its name."""
        name = f"n-{secrets.token_hex(4)}"
        self.make("/api/v1/namespaces", {"metadata": {"name": name}})
        account = f"/api/v1/namespaces/{name}/serviceaccounts/default"
        self.until(lambda: self.client.ask("GET", account)[0] == 200)
        return name

    def until(self, holds: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "it never held"
            self._over.wait(0.05)

    def audited(self) -> list[Raw]:
        """Give the writes in the audit log, in the order in which they were answered."""
        lines = (self.home.folder / "logs" / "audit.log").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def _run_pods(self) -> None:
        """Say of every pod that it runs, as a kubelet would; or that it does not, where `refuse` gives a reason."""
        while not self._over.wait(0.1):
            status, found = self.client.ask("GET", "/api/v1/pods")
            for pod in found["items"] if status == 200 else ():
                if pod["metadata"].get("deletionTimestamp"):
                    self._gone(pod)
                elif (pod.get("status") or {}).get("phase") == "Pending":
                    self._report(pod)

    def _gone(self, pod: Raw) -> None:
        self.client.ask("DELETE", _path(pod), {"gracePeriodSeconds": 0})

    def _report(self, pod: Raw) -> None:
        spec = pod["spec"]
        broken = any(one["image"].startswith(_BROKEN) for one in spec["containers"])
        reason = self.refuse(pod) or ("ImagePullBackOff" if broken else "")
        state = {"waiting": {"reason": reason, "message": "told by the test"}} if reason else {"running": {}}
        statuses = [_status(one, state) for one in spec["containers"]]
        if reason and (pod["status"].get("containerStatuses") or [{}])[0].get("state") == state:
            return
        conditions = [{"type": kind, "status": str(not reason)} for kind in ("Ready", "ContainersReady")]
        phase = "Pending" if reason else "Running"
        first = [_status(one, {"terminated": {"exitCode": 0}}) for one in spec.get("initContainers") or ()]
        status = {
            "phase": phase,
            "conditions": conditions,
            "containerStatuses": statuses,
            "initContainerStatuses": first,
        }
        self.client.ask("PATCH", f"{_path(pod)}/status", {"status": status}, _MERGE)


def _status(container: Raw, state: Raw) -> Raw:
    image = container["image"]
    told = {"name": container["name"], "image": image, "imageID": _image_id(image), "restartCount": 0, "state": state}
    return told | {"ready": "waiting" not in state}


def _image_id(image: str) -> str:
    return f"{image.partition(':')[0]}@sha256:{hashlib.sha256(image.encode()).hexdigest()}"


def _path(pod: Raw) -> str:
    return f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Run a control plane."""
    name = f"test-{secrets.token_hex(4)}"
    home = Home(name, folder / name)
    files = {"audit-policy.json": lambda _: json.dumps(_POLICY), "admission.json": _admission}
    try:
        with mock.patch.dict(HARDENED.files, files):  # type: ignore[arg-type]
            settings = control.up(home, lambda _: None, profile="hardened")
        server = Server(home, settings.server)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        control.down(home, lambda _: None)
