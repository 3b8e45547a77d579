"""What is made of the answers of an API server."""

import contextlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snb.evidence.flagz import read as read_flags
from k8snb.evidence.kubelets import read as read_kubelets
from k8snb.evidence.metrics import WANTED, samples
from k8snb.evidence.metrics import read as read_metrics
from k8snb.evidence.probes import anonymous, handshakes
from k8snb.evidence.server import Read
from k8snb.evidence.statusz import read as read_status
from k8snb.sources.connection import Connection, Limits
from k8snb.sources.stream import Fact, Gap
from tests.serving import serving

SEEN = "2026-11-16T00:00:00Z"
METRICS = b"""\
# HELP apiserver_audit_event_total Counter of audit events.
# TYPE apiserver_audit_event_total counter
apiserver_audit_event_total 572
apiserver_other{password="no"} 1
apiserver_requested_deprecated_apis{group="policy",removed_release="1.25",resource="a\\"b",version="v1beta1"} 1
"""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        routes = self.server.routes  # type: ignore[attr-defined]
        status, body = routes.get(self.path.partition("?")[0]) or self.server.answer  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as found:
        found.routes = {}  # type: ignore[attr-defined]
        yield found


def to(server: ThreadingHTTPServer, status: int, body: bytes) -> Connection:
    from kubernetes import client

    server.answer = (status, body)  # type: ignore[attr-defined]
    configuration = client.Configuration()
    configuration.api_key = {"authorization": "Bearer secret"}
    host = f"http://127.0.0.1:{server.server_address[1]}"
    return Connection(host, client.ApiClient(configuration), Limits(retries=0))


def test_flags_are_as_on_a_command_line(server: ThreadingHTTPServer) -> None:
    flags = b'{"authorization-mode": "[Node,RBAC]", "admission-control": "[]", "profiling": "false", "empty": ""}'
    connection = to(server, 200, b'{"kind": "Flagz", "flags": ' + flags + b"}")
    assert list(read_flags(connection, SEEN)) == [
        Fact("flags/kube-apiserver", {"authorization-mode": "Node,RBAC", "profiling": "false"}, "flag", "/flagz", SEEN)
    ]


@pytest.mark.parametrize("emulated", ["1.36", ""])
def test_status_keeps_what_is_judged(server: ThreadingHTTPServer, emulated: str) -> None:
    told = {"startTime": "2026-11-15T18:24:41Z", "binaryVersion": "1.37.2", "goVersion": "go1.26.8", "paths": ["/x"]}
    told |= {"emulationVersion": emulated} if emulated else {}
    connection = to(server, 200, json.dumps({"kind": "Statusz"} | told).encode())
    value = {"startTime": "2026-11-15T18:24:41Z", "binaryVersion": "1.37.2", "emulationVersion": emulated}
    assert list(read_status(connection, SEEN)) == [Fact("status/kube-apiserver", value, "probe", "/statusz", SEEN)]


@pytest.mark.parametrize(
    ("read", "status", "body"),
    [
        (read_status, 404, b""),
        (read_status, 200, b'{"kind": "Statusz", "startTime": "soon", "binaryVersion": "1.37.2"}'),
        (read_status, 200, b'{"kind": "Flagz", "flags": {}}'),
        (read_flags, 404, b""),
        (read_flags, 200, b"<html>"),
        (read_flags, 200, b'{"kind": "Status"}'),
        (read_flags, 200, b'{"kind": "Flagz"}'),
        (read_metrics, 404, b""),
    ],
)
def test_what_is_not_told_is_a_gap(server: ThreadingHTTPServer, read: Read, status: int, body: bytes) -> None:
    found = list(read(to(server, status, body), SEEN))
    assert [(type(one), one.cause) for one in found] == [(Gap, "unsupported")]


def test_only_wanted_metrics_are_read() -> None:
    found = samples(METRICS)
    assert [(one["name"], one["value"]) for one in found] == [(WANTED[0], 572.0), (WANTED[2], 1.0)]
    assert found[1]["labels"]["resource"] == 'a"b'  # type: ignore[index]


@given(st.text())
def test_any_text_is_metrics_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert all(one["name"] in WANTED for one in samples(f"{WANTED[0]}{text}".encode()))


def kubelets(server: ThreadingHTTPServer, names: list[str], routes: dict[str, tuple[int, bytes]]) -> list[Fact | Gap]:
    connection = to(server, 502, b"")
    rows = {"metadata": {}, "items": [{"metadata": {"name": name}} for name in names]}
    server.routes = {"/api/v1/nodes": (200, json.dumps(rows).encode()), **routes}  # type: ignore[attr-defined]
    return list(read_kubelets(connection, SEEN))


def test_only_assessed_fields_of_a_kubelet_are_kept(server: ThreadingHTTPServer) -> None:
    told = {"kubeletconfig": {"readOnlyPort": 10255, "staticPodURLHeader": {"token": ["secret"]}}}
    routes = {"/api/v1/nodes/a%20b/proxy/configz": (200, json.dumps(told).encode())}
    found = kubelets(server, ["a b", "gone"], routes)
    assert [(type(one), getattr(one, "value", None)) for one in found] == [(Fact, {"readOnlyPort": 10255}), (Gap, None)]


def test_kubelets_that_do_not_answer_are_not_asked_one_by_one(server: ThreadingHTTPServer) -> None:
    names = [f"n{number}" for number in range(20)]
    found = kubelets(server, names, {})
    assert [one.resource for one in found if isinstance(one, Gap)] == [f"kubelet/{name}" for name in names]
    assert sum("not asked" in one.message for one in found if isinstance(one, Gap)) == 12


@pytest.mark.parametrize("status", [200, 401, 403])
def test_a_request_without_credentials_tells_the_status(server: ThreadingHTTPServer, status: int) -> None:
    assert [one.value for one in anonymous(to(server, status, b"{}"), SEEN) if isinstance(one, Fact)] == [
        {"status": status}
    ]


def test_nobody_sends_no_credentials(server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def noted(handler: Handler) -> None:
        asked.append(handler.headers.get("authorization"))
        do_get(handler)

    do_get = Handler.do_GET
    monkeypatch.setattr(Handler, "do_GET", noted)
    connection = to(server, 401, b"{}")
    connection.get("/api")
    list(anonymous(connection, SEEN))
    assert asked == ["Bearer secret", None]


def test_no_handshake_is_tried_without_tls_or_behind_a_proxy() -> None:
    for host, proxy in (("http://127.0.0.1:1", None), ("https://127.0.0.1:1", "http://127.0.0.1:2")):
        client = SimpleNamespace(configuration=SimpleNamespace(proxy=proxy, ssl_ca_cert=None))
        assert list(handshakes(Connection(host, client), SEEN)) == []


def test_a_handshake_that_fails_on_the_way_proves_nothing() -> None:
    client = SimpleNamespace(configuration=SimpleNamespace(proxy=None, ssl_ca_cert=None))
    (found,) = handshakes(Connection("https://127.0.0.1:1", client), SEEN)
    assert isinstance(found, Fact)
    assert set(found.value["versions"].values()) == {"untried"}
    assert found.value["notAfter"] is None
