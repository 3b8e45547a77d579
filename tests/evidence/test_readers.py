"""What is made of the answers of an API server."""

import contextlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snb.evidence.flagz import read as read_flags
from k8snb.evidence.metrics import WANTED, samples
from k8snb.evidence.metrics import read as read_metrics
from k8snb.evidence.probes import anonymous, handshakes
from k8snb.evidence.server import Read
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
        status, body = self.server.answer  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as found:
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


@pytest.mark.parametrize(
    ("read", "status", "body"),
    [
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
