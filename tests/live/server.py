"""A real API server for these tests: hardened, and with a part of the demo cluster in it."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import urllib3

from k8snb.sandbox import components, control, processes
from k8snb.sandbox.client import Client
from k8snb.sandbox.home import Home
from k8snb.sandbox.seed.stages import stages
from k8snb.sandbox.seed.write import Writer
from k8snb.sources.connection_config import Access, connect
from tests.live.standin import Reply


class Real:
    """A real API server, asked as its administrator.

    Args:
        home: The practice cluster.
        settings: What it was made as.
    """

    def __init__(self, home: Home, settings: components.Settings) -> None:
        self.home, self.settings = home, settings
        self.client = Client(home, settings.server)
        connection, _ = connect(None, Access(str(home.kubeconfig)))
        self._pool = connection.client.rest_client.pool_manager

    def ask(self, target: str, headers: Mapping[str, str]) -> Reply:
        """Hand a request on."""
        got = self._pool.request("GET", self.settings.server + target, headers=dict(headers), retries=False)
        return got.status, got.data

    def write(self, method: str, path: str, body: Any) -> None:
        """Change something."""
        status, told = self.client.ask(method, path, body)
        assert status in {200, 201}, told

    def warned(self, path: str, body: Any) -> tuple[int, list[str]]:
        """Create something, and give the status and the warnings."""
        content, kind = msgspec.json.encode(body), {"content-type": "application/json", "user-agent": "k8snb-tests"}
        got = self._pool.request("POST", self.settings.server + path, body=content, headers=kind, retries=False)
        return got.status, got.headers.getlist("warning")

    def fill(self, objects: list[dict[str, Any]]) -> None:
        """Let it hold objects."""
        writer = Writer(Client(self.home, self.settings.server, "seed"))
        for _, steps in stages(objects):
            writer.write(steps)

    def compact(self) -> None:
        """Make etcd forget every revision but the newest."""
        key = {"key": "AA=="}
        revision = self._etcd("kv/range", key)["header"]["revision"]
        self._etcd("kv/compaction", {"revision": revision, "physical": True})

    def _etcd(self, path: str, body: Any) -> Any:
        keys = self.home.keys
        trust, pair = str(keys / "etcd-ca.crt"), [str(keys / f"etcd-client.{end}") for end in ("crt", "key")]
        pool = urllib3.PoolManager(ca_certs=trust, cert_file=pair[0], key_file=pair[1])
        got = pool.request("POST", f"{self.settings.etcd}/v3/{path}", body=msgspec.json.encode(body))
        assert got.status == 200, got.data
        return msgspec.json.decode(got.data)


@contextmanager
def running(folder: Path, objects: list[dict[str, Any]], version: str | None = None) -> Iterator[Real]:
    """Run an API server that holds some objects, and that nobody else changes."""
    name = f"test-{secrets.token_hex(4)}"
    home = Home(name, folder / name)
    try:
        settings = control.up(home, lambda _: None, profile="hardened", version=version)
        processes.stop(home, (components.CONTROLLER_MANAGER,))
        server = Real(home, settings)
        server.fill(objects)
        yield server
    finally:
        control.down(home, lambda _: None)
