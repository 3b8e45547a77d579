"""From pages of JSON to typed objects."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snb.inventory.decode import Batch, Skipped, convert, decode
from k8snb.resources.kinds import KINDS
from k8snb.resources.pod import INJECTED_TOKEN, VolumeName
from k8snb.sources.stream import Gap, Origin, Page

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "c"}]}}


def page(value: object, *origins: Origin) -> Page:
    return Page(json.dumps(value).encode(), origins)


def bare(**changes: object) -> dict[str, object]:
    return {key: value for key, value in (POD | changes).items() if key not in {"kind", "apiVersion"}}


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (POD, 1),
        ({"kind": "PodList", "apiVersion": "v1", "items": [bare(), bare()]}, 2),
        ({"kind": "List", "apiVersion": "v1", "items": [POD, POD]}, 2),
        ({"apiVersion": "v1", "items": [POD], "kind": "List"}, 1),
        ({"kind": "PodList", "apiVersion": "v1", "items": []}, 0),
    ],
    ids=["object", "typed list", "mixed list", "kubectl's order", "empty list"],
)
def test_pods_are_found_in_every_shape_of_list(value: object, count: int) -> None:
    batches = [one for one in decode(page(value)) if isinstance(one, Batch)]
    assert sum(len(one.objects) for one in batches) == count
    assert all(one.kind.kind == "Pod" for one in batches)


def test_a_mixed_list_keeps_every_object_and_its_place() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}}
    crd = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}}
    places = [Origin("f.yaml", number) for number in (1, 2, 3)]
    found = list(decode(page({"kind": "List", "items": [POD, service, crd]}, *places)))
    assert [one.kind.kind for one in found if isinstance(one, Batch)] == ["Pod", "Service"]
    assert [one.origins[0] for one in found if isinstance(one, Batch)] == places[:2]
    assert found[2] == Skipped("Widget", "example.com/v1")


def test_a_kind_of_another_group_is_not_taken_for_ours() -> None:
    ingress = {"apiVersion": "networking.internal.knative.dev/v1", "kind": "Ingress", "metadata": {"name": "x"}}
    assert list(decode(page({"kind": "List", "items": [ingress]}))) == [
        Skipped("Ingress", "networking.internal.knative.dev/v1")
    ]


@pytest.mark.parametrize(
    "spec",
    [
        {"hostPID": "yes"},
        {"hostNetwork": 1},
        {"containers": {}},
        {"containers": [{"securityContext": {"privileged": "true"}}]},
        {"securityContext": {"runAsUser": "0"}},
        {"volumes": [{"name": 5}]},
        7,
    ],
)
def test_one_wrong_typed_object_is_told_and_costs_nobody_else(spec: object) -> None:
    bad = POD | {"metadata": {"name": "bad", "namespace": "shop"}, "spec": spec}
    found = list(decode(page({"kind": "List", "items": [POD, bad, POD]})))
    gaps = [one for one in found if isinstance(one, Gap)]
    assert [(gap.cause, gap.subject, gap.resource) for gap in gaps] == [("malformed", ("Pod", "shop", "bad"), "pods")]
    assert sum(len(one.objects) for one in found if isinstance(one, Batch)) == 2


@pytest.mark.parametrize("nothing", [None, []])
def test_null_is_unset_everywhere(nothing: object) -> None:
    spec = dict.fromkeys(("containers", "volumes", "initContainers"), nothing)
    (batch,) = decode(page(POD | {"spec": spec | {"securityContext": None, "hostPID": None}}))
    assert isinstance(batch, Batch)


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"kind": "PodList", "items": [{"meta', b"[" * 100_000, b"\xff\xfe", b"[]", b"null"]
)
def test_what_is_no_object_is_a_gap(data: bytes) -> None:
    (gap,) = decode(Page(data))
    assert isinstance(gap, Gap)
    assert gap.cause == "malformed"


def test_a_truncated_list_says_what_was_lost() -> None:
    (gap,) = decode(Page(b'{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"}}'))
    assert isinstance(gap, Gap)
    assert gap.resource == "pods"


@given(st.binary(max_size=200))
def test_any_bytes_give_a_gap_or_nothing(data: bytes) -> None:
    assert all(isinstance(one, Gap | Skipped | Batch) for one in decode(Page(data)))


@pytest.mark.parametrize(
    ("name", "kept"),
    [("kube-api-access-x7k2p", INJECTED_TOKEN), ("kube-api-access-", "kube-api-access-"), ("data", "data")],
)
def test_only_the_random_suffix_of_an_injected_volume_is_cut(name: str, kept: str) -> None:
    assert convert(VolumeName, name) == kept


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.resource)
def test_every_kind_decodes_an_object_with_nothing_set(kind: msgspec.Struct) -> None:
    (batch,) = decode(
        page({"apiVersion": f"{kind.group}/{kind.version}".lstrip("/"), "kind": kind.kind, "metadata": {"name": "x"}})
    )
    assert isinstance(batch, Batch)
    assert batch.kind == kind
