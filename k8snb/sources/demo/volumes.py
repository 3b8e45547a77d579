"""Claims and the volumes that the storage driver makes for them."""

from typing import Any

from k8snb.sources.demo import metadata
from k8snb.sources.demo.children import key
from k8snb.sources.demo.seeds import suffix, uid

Json = dict[str, Any]


def bind(claim: Json) -> list[Json]:
    """Bind a claim to a volume of its own; give both."""
    namespace, name = key(claim)
    volume = f"pvc-{uid('PersistentVolumeClaim', namespace, name)}"
    storage, modes = claim["spec"]["resources"]["requests"], claim["spec"]["accessModes"]
    claim["spec"]["volumeName"] = volume
    claim["metadata"]["finalizers"] = ["kubernetes.io/pvc-protection"]
    claim["metadata"].setdefault("annotations", {})["pv.kubernetes.io/bind-completed"] = "yes"
    claim["status"] = {"accessModes": modes, "capacity": storage, "phase": "Bound"}
    reference = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": namespace, "name": name}
    spec = {
        "accessModes": modes,
        "capacity": storage,
        "claimRef": reference | {"uid": uid("PersistentVolumeClaim", namespace, name)},
        "csi": {"driver": "disk.csi.example.com", "fsType": "ext4", "volumeHandle": suffix(12, volume)},
        "persistentVolumeReclaimPolicy": "Delete",
        "storageClassName": claim["spec"]["storageClassName"],
        "volumeMode": "Filesystem",
    }
    meta: Json = {
        "name": volume,
        "finalizers": ["kubernetes.io/pv-protection"],
        "creationTimestamp": metadata.created(claim),
    }
    meta["annotations"] = {"pv.kubernetes.io/provisioned-by": "disk.csi.example.com"}
    return [
        claim,
        {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": meta, "spec": spec, "status": {"phase": "Bound"}},
    ]
