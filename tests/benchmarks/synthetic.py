"""Synthetic clusters of any size: about 9 KB of JSON a pod, realistic owners, different specs, pages of 500."""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = 500
_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"


def _word(source: random.Random, length: int) -> str:
    return "".join(source.choices(_ALPHABET, k=length))


def _security(source: random.Random) -> dict[str, Any] | None:
    return source.choice(
        [
            None,
            {},
            {"privileged": True},
            {"runAsNonRoot": True, "allowPrivilegeEscalation": False},
            {
                "runAsNonRoot": True,
                "runAsUser": 10001,
                "runAsGroup": 10001,
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            {"capabilities": {"add": [source.choice(["NET_ADMIN", "SYS_PTRACE", "NET_BIND_SERVICE"])]}},
        ]
    )


def _container(source: random.Random, name: str) -> dict[str, Any]:
    container = {
        "name": name,
        "image": f"registry.example.com/team-{source.randrange(40)}/{name}:{source.randrange(1, 99)}",
        "imagePullPolicy": "IfNotPresent",
        "args": ["serve", f"--workers={source.randrange(1, 9)}", "--config=/etc/service/config.yaml"],
        "env": [{"name": f"SETTING_{_word(source, 6).upper()}", "value": _word(source, 30)} for _ in range(12)]
        + [{"name": "POD_IP", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "status.podIP"}}}],
        "ports": [{"containerPort": 8000 + source.randrange(999), "name": "http", "protocol": "TCP"}],
        "resources": source.choice(
            [{}, {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "1", "memory": "512Mi"}}]
        ),
        "livenessProbe": {"httpGet": {"path": "/healthz", "port": "http", "scheme": "HTTP"}, "periodSeconds": 10},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http", "scheme": "HTTP"}, "periodSeconds": 10},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "volumeMounts": [{"mountPath": "/etc/service", "name": "config", "readOnly": True}],
    }
    security = _security(source)
    return container if security is None else container | {"securityContext": security}


def _without_probes(container: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in container.items() if not key.endswith("Probe")}


def spec(source: random.Random) -> dict[str, Any]:
    """Give a pod spec as a template holds it."""
    result = {
        "containers": [_container(source, name) for name in ("app", "worker")[: source.choice([1, 2, 2])]],
        "initContainers": [_without_probes(_container(source, "migrate"))] if source.random() < 0.3 else [],
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": source.choice([{}, {"runAsNonRoot": True}, {"fsGroup": 2000}]),
        "terminationGracePeriodSeconds": 30,
        "volumes": [{"name": "config", "configMap": {"name": "service", "defaultMode": 420}}],
    }
    if source.random() < 0.05:
        result["volumes"].append({"name": "logs", "hostPath": {"path": "/var/log", "type": ""}})
    return {key: value for key, value in result.items() if value != []}


def _running(template: dict[str, Any], source: random.Random) -> dict[str, Any]:
    """Give the spec of a pod as the API server stores it: node, account, token volume, tolerations."""
    volume = f"kube-api-access-{_word(source, 5)}"
    mount = {"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "name": volume, "readOnly": True}
    token = {
        "name": volume,
        "projected": {
            "defaultMode": 420,
            "sources": [
                {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}], "name": "kube-root-ca.crt"}},
            ],
        },
    }
    containers = {
        key: [one | {"volumeMounts": [*one["volumeMounts"], mount]} for one in template[key]]
        for key in ("containers", "initContainers")
        if key in template
    }
    tolerations = [
        {"effect": "NoExecute", "key": f"node.kubernetes.io/{key}", "operator": "Exists", "tolerationSeconds": 300}
        for key in ("not-ready", "unreachable")
    ]
    return (
        template
        | containers
        | {
            "nodeName": f"node-{source.randrange(5000):04}",
            "serviceAccountName": "default",
            "serviceAccount": "default",
            "tolerations": tolerations,
            "volumes": [*template["volumes"], token],
            "enableServiceLinks": True,
            "preemptionPolicy": "PreemptLowerPriority",
            "priority": 0,
        }
    )


def _uid(source: random.Random) -> str:
    text = f"{source.getrandbits(128):032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _status(source: random.Random, template: dict[str, Any]) -> dict[str, Any]:
    started = "2026-11-01T08:00:00Z"
    conditions = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")
    return {
        "phase": "Running",
        "hostIP": "192.0.2.10",
        "podIP": "198.51.100.7",
        "podIPs": [{"ip": "198.51.100.7"}],
        "qosClass": "Burstable",
        "startTime": started,
        "conditions": [
            {"type": name, "status": "True", "lastProbeTime": None, "lastTransitionTime": started}
            for name in conditions
        ],
        "containerStatuses": [
            {
                "name": one["name"],
                "image": one["image"],
                "imageID": f"{one['image'].partition(':')[0]}@sha256:{source.getrandbits(256):064x}",
                "containerID": f"containerd://{source.getrandbits(256):064x}",
                "ready": True,
                "restartCount": source.randrange(3),
                "started": True,
                "state": {"running": {"startedAt": started}},
                "lastState": {},
            }
            for one in template["containers"]
        ],
    }


def _managed(source: random.Random) -> list[dict[str, Any]]:
    """What makes real pods so large: the fields that each manager owns."""
    fields = {f"f:{_word(source, 12)}": {".": {}, f"f:{_word(source, 14)}": {}} for _ in range(33)}
    return [
        {
            "apiVersion": "v1",
            "fieldsType": "FieldsV1",
            "fieldsV1": {"f:spec": fields},
            "manager": manager,
            "operation": "Update",
            "time": "2026-11-01T08:00:00Z",
        }
        for manager in ("kube-controller-manager", "kubelet")
    ]


def pods(count: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Give pods of many owners; the number of owners grows with the square root of the number of pods."""
    source = random.Random(seed)
    owners = max(20, int(count**0.5 * 8))
    made = 0
    for owner in range(owners):
        size = max(1, round(2 * count / owners * source.random())) if owner < owners - 1 else count - made
        size = min(size, count - made)
        yield from _owned(source, owner, size)
        made += size


def _owned(source: random.Random, owner: int, size: int) -> Iterator[dict[str, Any]]:
    namespace, name, revision = f"team-{owner % 200:03}", f"service-{owner:05}", _word(source, 10)
    template, uid, managed = spec(source), _uid(source), _managed(source)
    for _ in range(size):
        yield {
            "metadata": {
                "name": f"{name}-{revision}-{_word(source, 5)}",
                "generateName": f"{name}-{revision}-",
                "namespace": namespace,
                "uid": _uid(source),
                "resourceVersion": str(source.randrange(10**9)),
                "creationTimestamp": "2026-11-01T08:00:00Z",
                "labels": {"app": name, "pod-template-hash": revision},
                "annotations": {"example.com/ip": f"198.51.100.{source.randrange(256)}"},
                "ownerReferences": [
                    {
                        "apiVersion": "apps/v1",
                        "blockOwnerDeletion": True,
                        "controller": True,
                        "kind": "ReplicaSet",
                        "name": f"{name}-{revision}",
                        "uid": uid,
                    }
                ],
                "managedFields": managed,
            },
            "spec": _running(template, source),
            "status": _status(source, template),
        }


def write_pages(folder: Path, count: int) -> int:
    """Write the pods of a synthetic cluster as page files of 500, as the API server sends them.

    Returns:
        The number of bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page: list[dict[str, Any]] = []
    total = number = 0
    for one in pods(count):
        page.append(one)
        if len(page) == PAGE:
            total += _write(folder / f"pods-{number:05}.json", page)
            page, number = [], number + 1
    return total + (_write(folder / f"pods-{number:05}.json", page) if page else 0)


def _write(path: Path, items: list[dict[str, Any]]) -> int:
    listed = {"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": items}
    return path.write_bytes(json.dumps(listed, separators=(",", ":")).encode())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    print(write_pages(arguments.folder, arguments.count), "bytes")
