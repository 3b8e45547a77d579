"""Fields of containers, all of them: init containers, sidecars, regular and ephemeral ones."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from k8snb.analysis.pod_security.capabilities_baseline import DEFAULT
from k8snb.analysis.pod_security.selinux_options import TYPES
from k8snb.remediation.objects import Raw
from k8snb.remediation.plans.model import Recipe, Template, on_template
from k8snb.resources.pod import FIELDS

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_KEPT = frozenset({"NET_BIND_SERVICE"})
_TMP = "/tmp"  # noqa: S108 - a path in a container
SELINUX_TYPES = TYPES[max(TYPES)]


def containers(template: Raw) -> Iterator[Raw]:
    """Give every container of a template."""
    for field in FIELDS:
        yield from template.get("spec", {}).get(field) or ()


def context(one: Raw) -> Raw:
    """Give the `securityContext` of a container or of a pod's spec, made where there is none."""
    if one.get("securityContext") is None:
        one["securityContext"] = {}
    found: Raw = one["securityContext"]
    return found


def contexts(template: Raw) -> Iterator[Raw]:
    """Give every `securityContext` that is there: the pod's, then those of containers."""
    for one in (template.get("spec", {}), *containers(template)):
        if one.get("securityContext"):
            yield one["securityContext"]


def _set(field: str, value: Any, template: Raw) -> str:
    for one in containers(template):
        context(one)[field] = value
    return ""


def _unset(*fields: str) -> Callable[[Raw], str]:
    def change(template: Raw) -> str:
        for found in contexts(template):
            for field in fields:
                found.pop(field, None)
        return ""

    return change


def _not_privileged(template: Raw) -> str:
    for one in containers(template):
        if (one.get("securityContext") or {}).get("privileged"):
            one["securityContext"]["privileged"] = False
    return "If one capability or device is what it needs, ask for just that."


def _read_only(template: Raw) -> str:
    _set("readOnlyRootFilesystem", True, template)
    spec, mounted = template["spec"], False
    names = {one.get("name") for one in spec.get("volumes") or ()}
    name = next(one for one in ("tmp", "k8snb-tmp") if one not in names) if {"tmp", "k8snb-tmp"} - names else ""
    for one in [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]:
        mounts = one.get("volumeMounts") or []
        if name and not any(str(mount.get("mountPath", "")).rstrip("/") == _TMP for mount in mounts):
            one["volumeMounts"] = [*mounts, {"name": name, "mountPath": _TMP}]
            mounted = True
    if mounted:
        spec["volumes"] = [*(spec.get("volumes") or ()), {"name": name, "emptyDir": {}}]
    return "An emptyDir at /tmp stays writable; what is written elsewhere needs a volume of its own." if mounted else ""


def _no_more_than_default(template: Raw) -> str:
    for found in contexts(template):
        _keep_added(found, DEFAULT)
    return ""


def _drop_all(template: Raw) -> str:
    lost: list[str] = []
    for one in containers(template):
        found = context(one)
        lost += [name for name in (found.get("capabilities") or {}).get("add") or () if name not in _KEPT]
        _keep_added(found, _KEPT)
        found["capabilities"] = (found.get("capabilities") or {}) | {"drop": ["ALL"]}
    return f"It no longer gets {', '.join(map(str, dict.fromkeys(lost)))}." if lost else ""


def _keep_added(found: Raw, allowed: frozenset[str]) -> None:
    capabilities = found.get("capabilities") or {}
    added = capabilities.get("add") or []
    kept = [name for name in added if name in allowed]
    if kept != added:
        found["capabilities"] = {key: value for key, value in capabilities.items() if key != "add"}
        found["capabilities"] |= {"add": kept} if kept else {}


def _no_host_ports(template: Raw) -> str:
    taken = [
        port.pop("hostPort") for one in containers(template) for port in one.get("ports") or () if "hostPort" in port
    ]
    return (
        f"Port {', '.join(map(str, taken))} of the node is no longer answered; put a Service in front." if taken else ""
    )


def _no_probe_hosts(template: Raw) -> str:
    for one in containers(template):
        hooks = (one.get("lifecycle") or {}).values()
        for handler in [*(one.get(probe) for probe in _PROBES), *hooks]:
            for way in ("httpGet", "tcpSocket"):
                ((handler or {}).get(way) or {}).pop("host", None)
    return ""


def _selinux(template: Raw) -> str:
    for found in contexts(template):
        options = found.get("seLinuxOptions")
        if options:
            kept = {key: value for key, value in options.items() if key not in {"user", "role"}}
            if kept.get("type") and kept["type"] not in SELINUX_TYPES:
                kept.pop("type")
            found["seLinuxOptions"] = kept
            if not kept:
                found.pop("seLinuxOptions")
    return ""


_CHANGES: dict[str, Template] = {
    "no-privileged-containers": _not_privileged,
    "no-privilege-escalation": partial(_set, "allowPrivilegeEscalation", False),
    "read-only-root-filesystem": _read_only,
    "no-added-capabilities": _no_more_than_default,
    "drop-all-capabilities": _drop_all,
    "default-proc-mount": _unset("procMount"),
    "no-host-ports": _no_host_ports,
    "no-host-probes": _no_probe_hosts,
    "selinux-options": _selinux,
}
RECIPES: dict[str, Recipe] = {control: on_template(change) for control, change in _CHANGES.items()}
