"""A live cluster: paging, refusals, and what is said where nothing answers."""

import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from k8snb._version import __version__
from k8snb.assessment.assess import assess
from k8snb.errors import SourceError, UsageError
from k8snb.inventory.cluster import load
from k8snb.resources.kinds import KINDS
from k8snb.sources import live_pages
from k8snb.sources.connection import Limits
from k8snb.sources.connection_config import Access
from k8snb.sources.live import Live, live
from k8snb.sources.stream import Fact, Gap, Item, Listed, Page
from tests.serving import serving

AT_ONCE = Limits(connect=2, read=0.5, retries=0, backoff=0)
BY_PATH = {kind.path: kind for kind in KINDS}
PODS = [{"metadata": {"name": f"p{number}", "namespace": "shop"}, "spec": {"containers": []}} for number in range(5)]


class Api(ThreadingHTTPServer):
    """Serves lists of two objects a page; `answers` replaces the answer to a path by (status, body)."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, list[dict[str, Any]]] = {"pods": PODS}
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.everything: tuple[int, bytes] | None = None
        self.after = ""
        self.token = ""
        self.endless = False
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
        if self.server.token and self.headers.get("authorization") != f"Bearer {self.server.token}":
            status, body = 401, b"{}"
        self.send_response(status)
        if self.server.after:
            self.send_header("Retry-After", self.server.after)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _list(self, path: str, query: dict[str, list[str]]) -> tuple[int, bytes]:
        if path == "/version":
            return 200, b'{"gitVersion": "v1.35.6"}'
        if path == "/apis":
            return 200, b'{"kind": "APIGroupDiscoveryList", "items": []}'
        kind = BY_PATH.get(path)
        if kind is None or kind.optional:
            return 404, b"404 page not found"
        if self.server.endless and kind.resource == "pods":
            meta = {"continue": str(len(self.server.asked))}
            return 200, json.dumps({"kind": "PodList", "metadata": meta, "items": []}).encode()
        start = int(query.get("continue", ["0"])[0])
        found = self.server.objects.get(kind.resource, [])
        meta = {"continue": str(start + 2)} if len(found) > start + 2 else {}
        page = {"kind": f"{kind.kind}List", "apiVersion": "v1", "metadata": meta, "items": found[start : start + 2]}
        return 200, json.dumps(page).encode()

    def log_message(self, *_: object) -> None:  # type: ignore[override]
        pass


@pytest.fixture
def api() -> Iterator[Api]:
    with serving(Api()) as server:
        yield server


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
    return live(None, Access(kubeconfig(tmp_path, api.url), limits=AT_ONCE))


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


def test_the_version_and_the_address_are_facts(opened: Live) -> None:
    facts = {item.name: item for item in read(opened) if isinstance(item, Fact)}
    assert set(facts) == {"version", "endpoint"}
    assert facts["version"].value["gitVersion"] == "v1.35.6"
    assert facts["endpoint"].value == "127.0.0.1"


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
        ((404, b"404 page not found"), ["is no Kubernetes API server", "404"]),
        ((200, b"<html>captive portal</html>"), ["is no Kubernetes API server", "a web page"]),
        ((200, b'{"hello": "world"}'), ["Nothing could be read"]),
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
def test_a_server_that_is_not_there_is_an_error(tmp_path: Path, url: str, words: str) -> None:
    with pytest.raises((SourceError, UsageError)) as caught:
        read(live(None, Access(kubeconfig(tmp_path, url), limits=AT_ONCE)))
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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("contexts: [1", "line 1 is no YAML"),
        ("just text", "lists of named clusters"),
        ("contexts: 3\ncurrent-context: x", "lists of named clusters"),
        (
            "contexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\nusers: []\nclusters: []",
            "name c",
        ),
        (
            "contexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n"
            "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\nusers: [{name: u, usr: {token: s3cret}}]",
            "Expected key user",
        ),
    ],
)
def test_a_broken_kubeconfig_is_told_in_words_of_people_and_without_its_secrets(
    tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "config"
    path.write_text(text)
    with pytest.raises(UsageError, match=told) as caught:
        live(None, str(path))
    assert not re.search(
        r"s3cret|object|codec|indices|attribute|\{", caught.value.message.replace("Expected object", "")
    )


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


def test_someone_else_can_be_acted_as(api: Api, tmp_path: Path) -> None:
    access = Access(kubeconfig(tmp_path, api.url), "jane", ("dev", "ops"), AT_ONCE)
    read(live(None, access))
    assert {headers["impersonate-user"] for _, _, headers in api.asked} == {"jane"}
    assert {headers["impersonate-group"] for _, _, headers in api.asked} <= {"dev, ops", "ops", "dev"}


def test_a_kubeconfig_can_say_whom_to_act_as(api: Api, tmp_path: Path) -> None:
    users = [{"name": "u", "user": {"token": "t", "as": "bot", "as-user-extra": {"why": ["audit"]}}}]
    read(live(None, Access(kubeconfig(tmp_path, api.url, users=users), limits=AT_ONCE)))
    assert {headers["impersonate-user"] for _, _, headers in api.asked} == {"bot"}
    assert {headers["impersonate-extra-why"] for _, _, headers in api.asked} == {"audit"}


def test_a_group_without_a_user_is_wrong_usage(api: Api, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--as"):
        live(None, Access(kubeconfig(tmp_path, api.url), groups=("dev",)))


def test_a_retry_waits_as_long_as_the_server_says_but_not_for_ever(api: Api, tmp_path: Path) -> None:
    limits = Limits(retries=2, backoff=0, rest=0.05)
    source = live(None, Access(kubeconfig(tmp_path, api.url), limits=limits))
    api.answers["/api/v1/pods"] = (429, b"{}")
    api.after = "86400"
    read(source)
    assert 0.1 <= source.connection.spent < 2
    assert len([path for path, _, _ in api.asked if path == "/api/v1/pods"]) == 3


def test_an_expired_token_is_read_again_once(api: Api, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("old")
    users = [{"name": "u", "user": {"tokenFile": str(token)}}]
    source = live(None, Access(kubeconfig(tmp_path, api.url, users=users), limits=AT_ONCE))
    api.token = "new"
    token.write_text("new")
    assert len(load(source).pods().to_dicts()) == 5
    api.token = "newer"
    with pytest.raises(SourceError, match="refuses the credentials"):
        load(source)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 3", "process returned 3"),
        ("echo oops >&2; exit 1", "oops"),
        ("echo garbage", "decode"),
        ("echo '{}'", "missing key"),
        ('echo \'{"apiVersion": "client.authentication.k8s.io/v1", "kind": "x", "status": {}}\'', "missing token"),
    ],
)
def test_a_credential_plugin_that_gives_none_is_an_error(tmp_path: Path, script: str, words: str) -> None:
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": "sh", "args": ["-c", script]}
    users = [{"name": "u", "user": {"exec": plugin}}]
    with pytest.raises(SourceError, match="credential plugin sh") as caught:
        live(None, kubeconfig(tmp_path, "http://127.0.0.1:1", users=users))
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_a_credential_plugin_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    users = [{"name": "u", "user": {"exec": {"apiVersion": "v1", "command": "no-such-plugin"}}}]
    with pytest.raises(SourceError, match="no-such-plugin"):
        live(None, kubeconfig(tmp_path, "http://127.0.0.1:1", users=users))


def test_a_proxy_that_refuses_is_an_error(api: Api, tmp_path: Path) -> None:
    clusters = [{"name": "c", "cluster": {"server": "https://kubernetes.invalid", "proxy-url": api.url}}]
    path = kubeconfig(tmp_path, "", clusters=clusters)
    with pytest.raises(SourceError, match="proxy refuses") as caught:
        read(live(None, Access(path, limits=AT_ONCE)))
    assert "\n" not in caught.value.message


def test_a_list_that_does_not_end_is_a_gap(api: Api, opened: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_pages, "MOST_PAGES", 3)
    api.endless = True
    gaps = [item for item in read(opened) if isinstance(item, Gap)]
    assert [(gap.resource, gap.cause) for gap in gaps] == [("pods", "malformed")]


def test_an_answer_that_is_too_big_is_a_gap(api: Api, tmp_path: Path) -> None:
    limits = Limits(retries=0, body=1000)
    api.answers["/api/v1/pods"] = (200, b" " * 2000)
    items = read(live(None, Access(kubeconfig(tmp_path, api.url), limits=limits)))
    assert [gap.resource for gap in items if isinstance(gap, Gap)] == ["pods"]


@pytest.mark.parametrize("version", ["v1.16.0", "v1.99.3", "nonsense", "v1", ""])
def test_any_version_is_assessed(api: Api, opened: Live, version: str) -> None:
    api.answers["/version"] = (200, json.dumps({"gitVersion": version}).encode())
    assert assess(load(opened), all=True).controls


def test_a_kind_that_is_served_in_another_version_is_a_gap(api: Api, opened: Live) -> None:
    groups = [
        {
            "metadata": {"name": "gateway.networking.k8s.io"},
            "versions": [{"version": "v1beta1", "resources": [{"resource": "gateways"}], "freshness": "Current"}],
        }
    ]
    api.answers["/apis"] = (200, json.dumps({"kind": "APIGroupDiscoveryList", "items": groups}).encode())
    gaps = [item for item in read(opened) if isinstance(item, Gap)]
    assert [(gap.resource, gap.cause) for gap in gaps] == [("gateways", "unsupported")]


def test_an_optional_kind_is_not_taken_for_absent_where_discovery_fails(api: Api, opened: Live) -> None:
    api.answers["/apis"] = (403, b"{}")
    gaps = {item.resource for item in read(opened) if isinstance(item, Gap)}
    assert gaps == {kind.resource for kind in KINDS if kind.optional}


def test_discovery_of_old_servers_asks_group_by_group(api: Api, opened: Live) -> None:
    groups = [{"name": "gateway.networking.k8s.io", "versions": [{"version": "v1"}]}]
    api.answers["/apis"] = (200, json.dumps({"kind": "APIGroupList", "groups": groups}).encode())
    listed = {"kind": "APIResourceList", "resources": [{"name": "gateways"}]}
    api.answers["/apis/gateway.networking.k8s.io/v1"] = (200, json.dumps(listed).encode())
    gaps = [item for item in read(opened) if isinstance(item, Gap)]
    assert [(gap.resource, gap.cause) for gap in gaps] == [("gateways", "unsupported")]
