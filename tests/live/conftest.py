"""A part of the demo cluster behind an API server, and a proxy in front of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import tests.serving
from k8snb.sandbox import binaries, components
from k8snb.sandbox.versions import DEFAULT, versions
from k8snb.sources.connection import Limits
from k8snb.sources.connection_config import Access
from k8snb.sources.demo import demo
from k8snb.sources.live import Live, live
from k8snb.sources.stream import Page
from tests.live.proxy import Proxy
from tests.live.server import running
from tests.live.standin import StandIn, Upstream

NAMESPACES = {"payments", "legacy", "staging", "kube-system", "default", "batch"}
Open = Callable[[Limits], Live]
PATIENT = Limits(connect=5, read=10, retries=1, backoff=0)
HASTY = Limits(connect=5, read=0.6, retries=0, backoff=0)


def part_of_the_demo() -> list[dict[str, Any]]:
    """Give the demo's objects of a few namespaces, and all that are in none."""
    found = []
    for part in demo().parts():
        for item in part.read():
            if isinstance(item, Page):
                page = json.loads(item.data)
                found += [{"kind": page["kind"].removesuffix("List")} | one for one in page.get("items", [page])]
    return [one for one in found if _wanted(one)]


def _wanted(one: dict[str, Any]) -> bool:
    name, namespace = one["metadata"]["name"], one["metadata"].get("namespace")
    if one["kind"] in {"Namespace", "Gateway"}:
        return (namespace or name) in NAMESPACES | {"shop"}
    return not namespace or namespace in NAMESPACES


@pytest.fixture(scope="session")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upstream]:
    """An API server that holds a part of the demo cluster: a real one where the programs are there."""
    if any(binaries.found(one, versions(DEFAULT)) is None for one in components.ALWAYS):
        yield StandIn(part_of_the_demo())
        return
    with running(tmp_path_factory.mktemp("server"), part_of_the_demo()) as server:
        yield server


@contextmanager
def serving(upstream: Upstream, page: int) -> Iterator[Proxy]:
    """Run a proxy."""
    with tests.serving.serving(Proxy(upstream, page)) as server:
        try:
            yield server
        finally:
            server.over.set()


@pytest.fixture
def proxy(upstream: Upstream) -> Iterator[Proxy]:
    """A proxy that hands on everything until it gets a fault."""
    with serving(upstream, 40) as server:
        yield server


@pytest.fixture
def opened(proxy: Proxy, tmp_path: Path) -> Open:
    """Opens the cluster behind the proxy."""
    return opener(proxy.url, tmp_path)


def opener(url: str, folder: Path, **user: str) -> Open:
    """Give what opens a server, by a kubeconfig in a folder."""
    path = folder / "config"
    content = {
        "current-context": "here",
        "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "users": [{"name": "u", "user": user}],
    }
    path.write_text(json.dumps(content))
    return lambda limits: live(None, Access(str(path), limits=limits))
