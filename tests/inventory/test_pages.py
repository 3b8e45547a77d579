"""Pods that are told apart before they are decoded fall into the same sets as pods that are decoded."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snb.inventory import pages as module
from k8snb.inventory.build import Collected, collect
from k8snb.inventory.decode import Batch, decode
from k8snb.inventory.pages import PodPages
from k8snb.inventory.pods import PodSet, PodSets
from k8snb.sources.stream import Item, Origin, Page

OWNER = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r", "uid": "u", "controller": True}
TOKEN = {"projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}
MOUNTED = "/var/run/secrets/kubernetes.io/serviceaccount"


def made(name: str, suffix: str = "x7k2p", *, container: str = "c", **spec: Any) -> dict[str, Any]:
    volume = f"kube-api-access-{suffix}"
    containers = [{"name": container, "image": "i", "volumeMounts": [{"name": volume, "mountPath": MOUNTED}]}]
    return {
        "metadata": {"name": name, "namespace": "shop", "labels": {"app": "a"}, "ownerReferences": [OWNER]},
        "spec": {"containers": containers, "volumes": [{"name": volume} | TOKEN], "nodeName": f"on-{name}"} | spec,
    }


def changed(name: str, **metadata: Any) -> dict[str, Any]:
    pod = made(name)
    return pod | {"metadata": pod["metadata"] | metadata}


def listed(*pods: dict[str, Any], indent: int | None = None) -> Page:
    value = {"kind": "PodList", "apiVersion": "v1", "items": pods}
    return Page(json.dumps(value, indent=indent).encode(), (Origin("f.json"),))


def by_page(*pages: Page) -> list[PodSet]:
    sets = PodPages(PodSets())
    assert all(sets.add(page) for page in pages)
    return sets.sets.sets()


def by_pod(*pages: Page) -> list[PodSet]:
    sets = PodSets()
    for page in pages:
        for batch in decode(page):
            assert isinstance(batch, Batch)
            for pod, origin in zip(batch.objects, batch.origins, strict=True):
                sets.add(pod, origin)
    return sets.sets()


PODS = [
    made("a"),
    made("b", "zzzzz"),
    made("c", "00000"),
    made("d", hostPID=True),
    made("e", containers=[{"name": "c", "securityContext": {"privileged": True}}]),
    made("f", nodeName=None),
    made("g", serviceAccountName="builder"),
    made("h", affinity={"only": "h"}, tolerations=[], hostname="h"),
    changed("i", namespace=None),
    changed("j", namespace="other"),
    changed("k", labels=None),
    changed("l", labels={"app": "b"}),
    changed("m", ownerReferences=None),
    changed("n", ownerReferences=None),
    changed("o", annotations={"example.com/ip": "198.51.100.7"}),
    changed("p", annotations={"container.apparmor.security.beta.kubernetes.io/c": "unconfined"}),
    changed("q", ownerReferences=[OWNER | {"uid": "v"}]),
    {"metadata": {"name": "r"}},
]


@given(st.lists(st.lists(st.sampled_from(PODS), min_size=1, max_size=8), min_size=1, max_size=4))
def test_pages_give_the_sets_that_their_pods_give(shares: list[list[dict[str, Any]]]) -> None:
    pages = [listed(*share) for share in shares]
    assert by_page(*pages) == by_pod(*pages)


@pytest.mark.parametrize("indent", [None, 2])
def test_a_token_volume_of_any_suffix_makes_no_difference(indent: int | None) -> None:
    (found,) = by_page(listed(made("a", "aaaaa"), made("b", "bbbbb"), indent=indent), listed(made("c", "ccccc")))
    assert (found.names, found.nodes, found.token) == (["a", "b", "c"], ["on-a", "on-b", "on-c"], True)


@pytest.mark.parametrize(
    "pods",
    [
        [made("a", "aaaaa", container="kube-api-access-aaaaa"), made("b", "bbbbb", container="kube-api-access-bbbbb")],
        [made("a", hostPID="yes"), made("b")],
        [changed("a", labels={"app": 5}), made("b")],
        [changed("a", labels=7), made("b")],
        [changed("a", namespace=5), made("b")],
        [changed("a", ownerReferences=[OWNER | {"controller": False}]), made("b")],
        [made("a") | {"status": {"phase": 5}}, made("b")],
        [made("a") | {"kind": "Service", "apiVersion": "v1"}, made("b")],
        [made("a") | {"spec": None}],
    ],
    ids=["suffix elsewhere", "type", "label", "labels", "namespace", "no controller", "status", "kind", "null"],
)
def test_a_page_that_needs_a_closer_look_is_left_whole(pods: list[dict[str, Any]]) -> None:
    sets = PodPages(PodSets())
    assert not sets.add(listed(*pods))
    assert sets.sets.sets() == []


class Share:
    """A part of a source that holds some pages."""

    size = 0

    def __init__(self, *pages: Page) -> None:
        self.pages = pages

    def read(self) -> "list[Item]":
        """Give the pages."""
        return list(self.pages)


def read(*pages: Page) -> Collected:
    return collect([Share(*pages)])  # type: ignore[list-item]


def test_names_that_hold_the_suffix_keep_pods_apart() -> None:
    pods = [made(one, one * 5, container=f"kube-api-access-{one * 5}") for one in "ab"]
    assert [found.names for found in read(listed(*pods)).podsets] == [["a"], ["b"]]


def test_a_bad_pod_is_told_and_its_neighbours_are_kept() -> None:
    bad = deepcopy(made("bad"))
    bad["spec"]["containers"][0]["image"] = 5
    found = read(listed(made("a")), listed(made("b"), bad, made("c")))
    assert [one.names for one in found.podsets] == [["a", "b", "c"]]
    assert [(gap.cause, gap.subject) for gap in found.gaps] == [("malformed", ("Pod", "shop", "bad"))]


def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 0)
    pages = [listed(*PODS), listed(*PODS)]
    assert by_page(*pages) == by_pod(*pages)


def test_pods_of_several_owners_share_one_template() -> None:
    owners = [[OWNER], [OWNER | {"uid": "v"}], None]
    sets = by_page(listed(*(changed(f"p{number}", ownerReferences=owner) for number, owner in enumerate(owners))))
    assert len(sets) == len(owners)
    assert len({id(found.template) for found in sets}) == 1
