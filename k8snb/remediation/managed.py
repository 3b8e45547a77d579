"""Who else keeps an object as it is: a chart, a GitOps controller, an operator. Their source is what has to change.

Release Secrets of Helm are not read; labels, annotations, owners and field managers tell enough.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from k8snb.remediation.edits import Edit, place
from k8snb.remediation.objects import Raw

_LABELS = {
    "helm.toolkit.fluxcd.io/name": "Flux (HelmRelease {})",
    "kustomize.toolkit.fluxcd.io/name": "Flux (Kustomization {})",
    "argocd.argoproj.io/instance": "Argo CD (Application {})",
    "olm.owner": "the Operator Lifecycle Manager ({})",
    "addonmanager.kubernetes.io/mode": "the add-on manager ({})",
}
_ANNOTATIONS = {
    "argocd.argoproj.io/tracking-id": "Argo CD ({})",
    "meta.helm.sh/release-name": "Helm (release {})",
    "rbac.authorization.kubernetes.io/autoupdate": "the API server itself",
}
_MANAGERS = {
    "argocd": "Argo CD",
    "helm-controller": "Flux",
    "kustomize-controller": "Flux",
    "flux": "Flux",
    "Helm": "Helm",
    "helm": "Helm",
}
_OURS = (
    "kubectl",
    "k8snb",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-apiserver",
    "Mozilla",
    "curl",
    "python-",
)
"""Field managers that are people at a keyboard, or Kubernetes itself counting."""
_KUBERNETES = frozenset({"apps", "batch", ""})


class Manager(msgspec.Struct, frozen=True):
    """Who keeps an object.

    Attributes:
        name: For people; untrusted text.
        why: Where it was seen.
    """

    name: str
    why: str


def manager(raw: Raw | None, edits: Iterable[Edit] = ()) -> Manager | None:
    """Tell who would undo a change, or be surprised by it; None where nobody is known.

    Args:
        raw: The object.
        edits: What is to change: a field that another manager owns is that one's.
    """
    metadata = (raw or {}).get("metadata") or {}
    return _marked(metadata) or _owner(metadata) or _field_manager(metadata, list(edits))


def _marked(metadata: Mapping[str, Any]) -> Manager | None:
    for field, known in (("labels", _LABELS), ("annotations", _ANNOTATIONS)):
        values = metadata.get(field) or {}
        for key, told in known.items():
            if values.get(key) and values[key] != "false":
                return Manager(told.format(str(values[key])[:253]), f"metadata.{field}['{key}']")
    if (metadata.get("labels") or {}).get("app.kubernetes.io/managed-by") == "Helm":
        return Manager("Helm", "metadata.labels['app.kubernetes.io/managed-by']")
    return None


def _owner(metadata: Mapping[str, Any]) -> Manager | None:
    for one in metadata.get("ownerReferences") or ():
        if one.get("controller"):
            group = str(one.get("apiVersion", "")).rpartition("/")[0]
            kind = "its controller" if group in _KUBERNETES else "the operator of"
            return Manager(f"{kind} {one.get('kind')} {one.get('name')}"[:300], "metadata.ownerReferences")
    return None


def _field_manager(metadata: Mapping[str, Any], edits: list[Edit]) -> Manager | None:
    for one in metadata.get("managedFields") or ():
        name = str(one.get("manager", ""))
        if one.get("subresource"):
            continue
        known = next((told for prefix, told in _MANAGERS.items() if name.startswith(prefix)), None)
        foreign = not name.startswith(_OURS) and name not in {"", "unknown"}
        if known or (foreign and any(_owns(one.get("fieldsV1") or {}, edit) for edit in edits)):
            return Manager(known or name[:128], f"metadata.managedFields, manager {name[:128]}")
    return None


def _owns(fields: Any, edit: Edit) -> bool:
    """Say whether a set of fields (`fieldsV1`) holds the very field that changes, or something below it."""
    for step in edit.path:
        key = _key(fields, step)
        if key is None:
            return False
        fields = fields[key]
    return True


def _key(fields: Any, step: Any) -> str | None:
    if isinstance(step, dict):
        wanted = list(step.items())
        for key in fields if isinstance(fields, dict) else ():
            if key.startswith("k:") and wanted[0] in _decoded(key[2:]).items():
                return str(key)
        return None
    return f"f:{step}" if place(fields, f"f:{step}") is not None else None


def _decoded(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}
