"""What may be stored of an object."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snb.sources.redaction import clean, scrub

SECRET = "hunter2"
CONTAINER: dict[str, Any] = {
    "name": "a",
    "image": "a:1",
    "env": [
        {"name": "PASSWORD", "value": SECRET},
        {"name": "MODE", "value": "fast"},
        {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "token", "key": "token"}}},
    ],
    "command": ["run", f"--password={SECRET}"],
    "args": ["--password", SECRET],
    "livenessProbe": {"exec": {"command": ["sh", "-c", f"ping --password={SECRET}"]}},
    "lifecycle": {"preStop": {"exec": {"command": ["bye", "--password", SECRET]}}},
}
SPEC = {"containers": [CONTAINER], "initContainers": [CONTAINER], "ephemeralContainers": [CONTAINER], "hostPID": True}
TEMPLATE = {"metadata": {"annotations": {"a": f"https://u:{SECRET}@host"}}, "spec": SPEC}


def of_kind(kind: str) -> dict[str, Any]:
    spec: dict[str, Any] = {"spec": {"template": TEMPLATE, "replicas": 2}}
    if kind == "Pod":
        spec = {"spec": SPEC, "status": {"containerStatuses": [{"message": f"password={SECRET}"}]}}
    if kind == "CronJob":
        spec = {"spec": {"jobTemplate": spec}}
    if kind == "PodTemplate":
        spec = {"template": TEMPLATE}
    return {"kind": kind, "metadata": {"name": "a"}} | spec


CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob")
WORKLOADS = ("Pod", *CONTROLLERS, "PodTemplate", "HelmRelease")


@pytest.mark.parametrize("kind", WORKLOADS)
def test_literal_credentials_become_markers_in_every_workload(kind: str) -> None:
    original = of_kind(kind)
    before = json.dumps(original)
    cleaned = clean(original)
    assert SECRET not in json.dumps(cleaned)
    assert json.dumps(original) == before
    restored = json.dumps(cleaned)
    for marked in ("k8snb:redacted:password", "k8snb:redacted:basic-auth-url"):
        restored = restored.replace(marked, SECRET)
    assert json.loads(restored) == original
    assert clean(cleaned) == cleaned


def test_kind_of_a_list_counts_for_its_items() -> None:
    pod = {key: value for key, value in of_kind("Pod").items() if key != "kind"}
    assert SECRET not in json.dumps(clean(pod, "Pod"))
    assert clean({"data": {"a": "eA=="}}, "Secret") == {"data": {"a": ""}}


def test_secret_keeps_its_metadata_and_key_names_only() -> None:
    secret = {
        "kind": "Secret",
        "metadata": {"name": "a", "labels": {"b": "c"}},
        "type": "Opaque",
        "data": {"password": "aHVudGVyMg=="},
        "stringData": {"other": SECRET},
        "unknown": SECRET,
    }
    cleaned = clean(secret)
    assert cleaned["metadata"] == secret["metadata"]
    assert (cleaned["data"], cleaned["stringData"]) == ({"password": ""}, {"other": ""})
    assert SECRET not in json.dumps(cleaned)


def test_metadata_keeps_no_copy_of_the_object() -> None:
    annotations = {
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "objectset.rio.cattle.io/applied": "H4sI",
        "db": f"postgres://u:{SECRET}@db",
        "kept": "x",
    }
    metadata = {"name": "a", "managedFields": [{"manager": "x"}], "annotations": annotations}
    cleaned = clean({"kind": "Service", "metadata": metadata})["metadata"]
    assert cleaned == {
        "name": "a",
        "annotations": {"db": "postgres://u:k8snb:redacted:basic-auth-url@db", "kept": "x"},
    }


def test_config_map() -> None:
    config = {
        "kind": "ConfigMap",
        "data": {"password": SECRET, "app.conf": f"a=b\npassword={SECRET}\nc=d\n", "mode": "fast"},
        "binaryData": {"b": "aHVudGVyMg=="},
    }
    assert clean(config) == {
        "kind": "ConfigMap",
        "data": {
            "password": "k8snb:redacted:password",
            "app.conf": "a=b\npassword=k8snb:redacted:password\nc=d\n",
            "mode": "fast",
        },
        "binaryData": {"b": ""},
    }


@pytest.mark.parametrize("kind", [*WORKLOADS, "Secret", "ConfigMap", "Service", "CustomResourceDefinition", 7, None])
@pytest.mark.parametrize("wrong", [7, None, "x", [], [1], {}, [{"containers": 7}], True])
def test_wrong_types_pass_through(kind: Any, wrong: Any) -> None:
    fields = ("metadata", "spec", "template", "data", "stringData", "binaryData", "status")
    cleaned = clean({"kind": kind} | dict.fromkeys(fields, wrong))
    if kind in WORKLOADS:
        assert cleaned == {"kind": kind} | dict.fromkeys(fields, wrong)
    container = {"env": wrong, "command": wrong, "args": wrong, "livenessProbe": wrong, "lifecycle": wrong}
    pod = {"kind": "Pod", "spec": {"containers": [container, wrong], "initContainers": wrong}}
    assert clean(pod) == pod


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
)


@given(JSON)
def test_scrub_is_idempotent_and_keeps_the_structure(value: Any) -> None:
    scrubbed = scrub(value)
    assert scrub(scrubbed) == scrubbed
    assert type(scrubbed) is type(value)
