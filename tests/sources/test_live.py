"""A live cluster: paging, refusals, and what is said where nothing answers."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from k8snb._version import __version__
from k8snb.errors import SourceError, UsageError
from k8snb.inventory.cluster import load
from k8snb.resources.kinds import KINDS
from k8snb.sources import connection
from k8snb.sources.live import Live, live
from k8snb.sources.stream import Fact, Gap, Item, Listed, Page

BY_PATH = {kind.path: kind for kind in KINDS}
PODS = [{"metadata": {"name": f"p{number}", "namespace": "shop"}, "spec": {"containers": []}} for number in range(5)]


class Api(ThreadingHTTPServer):
    """Serves lists of two objects a page; `answers` replaces the answer to a path by (status, body)."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, list[dict[str, Any]]] = {"pods": PODS}
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.everything: tuple[int, bytes] | None = None
        self.asked: list[tuple[str, dict[str, list[str]], dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Api

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        self.server.asked.append((parts.path, query, {key.lower(): value for key, value in self.headers.items()}))
        status, body = self.server.answers.get(parts.path) or self.server.everything or self._list(parts.path, query)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _list(self, path: str, query: dict[str, list[str]]) -> tuple[int, bytes]:
        if path == "/version":
            return 200, b'{"gitVersion": "v1.35.6"}'
        kind = BY_PATH.get(path)
        if kind is None or kind.optional:
            return 404, b"404 page not found"
        start = int(query.get("continue", ["0"])[0])
        found = self.server.objects.get(kind.resource, [])
        meta = {"continue": str(start + 2)} if len(found) > start + 2 else {}
        page = {"kind": f"{kind.kind}List", "apiVersion": "v1", "metadata": meta, "items": found[start : start + 2]}
        return 200, json.dumps(page).encode()

    def log_message(self, *_: object) -> None:  # type: ignore[override]
        pass


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setattr(connection, "RETRIES", 0)
    with Api() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def kubeconfig(folder: Path, url: str, **changes: Any) -> str:
    content = {
        "current-context": "prod",
        "contexts": [{"name": "prod", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "users": [{"name": "u", "user": {"token": "t"}}],
    } | changes
    path = folder / "config"
    path.write_text(json.dumps(content))
    return str(path)


@pytest.fixture
def opened(api: Api, tmp_path: Path) -> Live:
    return live(None, kubeconfig(tmp_path, api.url))


def read(source: Live) -> list[Item]:
    return [item for part in source.parts() for item in part.read()]


def forbidden(resource: str) -> tuple[int, bytes]:
    return 403, json.dumps({"kind": "Status", "message": f"{resource} is forbidden"}).encode()


def test_pages_are_followed_to_the_end(api: Api, opened: Live) -> None:
    cluster = load(opened)
    assert len(cluster.pods().to_dicts()) == 5
    asked = [query for path, query, _ in api.asked if path == "/api/v1/pods"]
    assert [query.get("continue") for query in asked] == [None, ["2"], ["4"]]
    assert {query["limit"][0] for query in asked} == {"500"}


def test_the_source_says_what_it_is(opened: Live) -> None:
    assert (opened.kind, opened.name, opened.complete) == ("context", "prod", False)


def test_every_listed_resource_is_whole_and_an_unserved_optional_one_is_empty(opened: Live) -> None:
    listed = {item.resource for item in read(opened) if isinstance(item, Listed)}
    assert listed == {kind.resource for kind in KINDS}
    assert all(one.cause is None for one in load(opened).coverage)


def test_the_version_is_a_fact(opened: Live) -> None:
    facts = [item for item in read(opened) if isinstance(item, Fact)]
    assert [(fact.name, fact.value["gitVersion"], fact.source) for fact in facts] == [("version", "v1.35.6", "probe")]


def test_requests_authenticate_name_their_agent_and_never_ask_for_secrets(api: Api, opened: Live) -> None:
    read(opened)
    assert {headers["user-agent"] for _, _, headers in api.asked} == {f"k8snb/{__version__}"}
    assert {headers["authorization"] for _, _, headers in api.asked} == {"Bearer t"}
    assert not [path for path, _, _ in api.asked if "secret" in path]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (forbidden("pods"), "forbidden"),
        ((404, b"404 page not found"), "unsupported"),
        ((410, b"{}"), "timeout"),
        ((500, b"oops"), "unreachable"),
        ((503, b""), "unreachable"),
        ((504, b""), "timeout"),
        ((200, b"<html>log in</html>"), "malformed"),
        ((200, b"{}"), "malformed"),
        ((200, b"\xff\xfe"), "malformed"),
        ((302, b""), "unreachable"),
    ],
)
def test_a_resource_that_cannot_be_listed_is_a_gap(
    api: Api, opened: Live, answer: tuple[int, bytes], cause: str
) -> None:
    api.answers["/api/v1/pods"] = answer
    items = read(opened)
    assert [(gap.resource, gap.cause) for gap in items if isinstance(gap, Gap)] == [("pods", cause)]
    assert "pods" not in {item.resource for item in items if isinstance(item, Listed)}


def test_a_list_that_breaks_off_is_a_gap_beside_its_pages(api: Api, opened: Live) -> None:
    body = json.dumps({"kind": "PodList", "metadata": {"continue": "2"}, "items": PODS[:2]}).encode()
    api.answers["/api/v1/pods"] = (200, body)
    items = read(opened)
    assert [gap.cause for gap in items if isinstance(gap, Gap)] == ["malformed"]
    assert any(isinstance(item, Page) and b"PodList" in item.data for item in items)


def test_an_unknown_version_is_no_fact(api: Api, opened: Live) -> None:
    api.answers["/version"] = (200, b"<html>")
    assert load(opened).version is None


@pytest.mark.parametrize(
    ("everything", "words"),
    [
        (forbidden("everything"), ["Nothing could be read", "forbidden"]),
        ((401, b"{}"), ["refuses the credentials"]),
        ((404, b"404 page not found"), ["Nothing could be read"]),
        ((200, b"<html>captive portal</html>"), ["Nothing could be read"]),
    ],
)
def test_a_server_that_lets_nothing_be_read_is_an_error(
    api: Api, opened: Live, everything: tuple[int, bytes], words: list[str]
) -> None:
    api.everything = everything
    with pytest.raises(SourceError) as caught:
        read(opened)
    assert all(word in str(caught.value) for word in words)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("url", "words"), [("http://127.0.0.1:1", "refused"), ("http://nowhere.invalid", ""), ("http://[::1", "")]
)
def test_a_server_that_is_not_there_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    monkeypatch.setattr(connection, "RETRIES", 0)
    with pytest.raises((SourceError, UsageError)) as caught:
        read(live(None, kubeconfig(tmp_path, url)))
    assert words in str(caught.value)
    assert "\n" not in caught.value.message


def test_a_plain_server_behind_https_is_an_error(api: Api, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="TLS"):
        read(live(None, kubeconfig(tmp_path, api.url.replace("http", "https"))))


def test_an_unknown_context_is_wrong_usage_with_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean context:prod") as caught:
        live("prd", kubeconfig(tmp_path, "http://127.0.0.1:1"))
    assert "no context 'prd'" in caught.value.message


def test_no_current_context_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="context:prod"):
        live(None, kubeconfig(tmp_path, "http://127.0.0.1:1", **{"current-context": ""}))


def test_a_context_can_be_chosen_where_there_is_no_current_one(api: Api, tmp_path: Path) -> None:
    assert live("prod", kubeconfig(tmp_path, api.url, **{"current-context": None})).name == "prod"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        "a: [",
        "\0",
        "contexts: 3",
        "current-context: a\ncontexts: [{}]",
        "contexts: [{name: a}]",
        "é: \xff",
    ],
)
def test_a_malformed_kubeconfig_is_wrong_usage(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match="config") as caught:
        live(None, str(path))
    assert "\n" not in caught.value.message


def test_missing_parts_of_a_context_are_wrong_usage(tmp_path: Path) -> None:
    for lacking in ({"clusters": []}, {"clusters": [{"name": "c", "cluster": {}}]}):
        with pytest.raises(UsageError, match="kubeconfig"):
            live(None, kubeconfig(tmp_path, "http://127.0.0.1:1", **lacking))


def test_a_kubeconfig_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="There is no kubeconfig"):
        live(None, str(tmp_path / "none"))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(SourceError, match="No cluster is configured"):
        live(None, None)


def test_kubeconfig_of_the_environment_may_be_several_files(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path / 'none'}:{kubeconfig(tmp_path, api.url)}")
    assert len(load(live(None, None)).pods().to_dicts()) == 5
