"""Pods by chance, the same every time: each near to what the Pod Security Standards forbid, and valid."""

import random
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
_CAPABILITIES = ("NET_BIND_SERVICE", "CHOWN", "SYS_ADMIN", "NET_RAW", "KILL")
_SYSCTLS = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.ip_forward",
    "net.core.somaxconn",
)
_SELINUX: tuple[Json, ...] = (
    {"type": "container_t"},
    {"type": "container_engine_t"},
    {"type": "spc_t"},
    {"user": "system_u"},
    {"role": "system_r"},
    {"level": "s0"},
)
_SECCOMP: tuple[Json, ...] = (
    {"type": "RuntimeDefault"},
    {"type": "Unconfined"},
    {"type": "Localhost", "localhostProfile": "profiles/a.json"},
)
_APPARMOR: tuple[Json, ...] = (
    {"type": "RuntimeDefault"},
    {"type": "Unconfined"},
    {"type": "Localhost", "localhostProfile": "a"},
)
_VOLUMES: tuple[Json, ...] = (
    {"emptyDir": {}},
    {"configMap": {"name": "a"}},
    {"downwardAPI": {}},
    {"projected": {"sources": []}},
    {"persistentVolumeClaim": {"claimName": "a"}},
    {"hostPath": {"path": "/var/log"}},
    {"nfs": {"server": "files.example.com", "path": "/a"}},
    {"iscsi": {"targetPortal": "10.0.0.1", "iqn": "iqn.2001-04.com.example:a", "lun": 0}},
    {"csi": {"driver": "csi.example.com"}},
)
_SAFE: Json = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def pods(count: int) -> Iterator[Json]:
    """Give pods; most are wrong in one to three places, some in none."""
    for number in range(count):
        yield _pod(random.Random(number))  # noqa: S311 - chance that can be repeated


def _pod(source: random.Random) -> Json:
    rare = source.choice((0.02, 0.1, 0.25))
    windows = source.random() < 0.08
    host_process = windows and source.random() < 0.5
    spec: Json = {"containers": [_container(source, rare, name, windows) for name in ("app", "side")[: 1 + _(source)]]}
    if source.random() < 0.3:
        spec["initContainers"] = [_container(source, rare, "first", windows)]
    if windows:
        _as_windows(source, spec, host_process)
    else:
        _as_linux(source, spec, rare)
    if source.random() < 2 * rare:
        spec["volumes"] = [{"name": f"v{at}"} | one for at, one in enumerate(source.sample(_VOLUMES, 2))]
    annotations = _annotations(source, spec) if source.random() < rare else {}
    return {"metadata": {"name": "app", "annotations": annotations}, "spec": spec}


def _(source: random.Random) -> bool:
    return source.random() < 0.3


def _container(source: random.Random, rare: float, name: str, windows: bool) -> Json:
    found: Json = {"name": name, "image": "app:1"}
    if source.random() < rare:
        host_port = source.choice(({}, {"hostPort": 0}, {"hostPort": 80}))
        found["ports"] = [{"containerPort": 80, **host_port}]
    if source.random() < rare:
        handler = source.choice(("httpGet", "tcpSocket"))
        probe = {handler: {"port": 80, "host": source.choice(("", "10.0.0.1", "localhost"))}}
        hook = source.random() < 0.5 and name != "first"
        if hook:
            found["lifecycle"] = {source.choice(("preStop", "postStart")): probe}
        elif name != "first":
            found[source.choice(("livenessProbe", "readinessProbe", "startupProbe"))] = probe
    context = {} if windows or source.random() < rare else dict(_SAFE)
    if not windows:
        _context(source, rare, context)
    return found | ({"securityContext": context} if context or source.random() < 0.5 else {})


def _context(source: random.Random, rare: float, context: Json) -> None:
    changes: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("privileged", (True, False)),
        ("allowPrivilegeEscalation", (True, False, None)),
        ("runAsNonRoot", (True, False, None)),
        ("runAsUser", (0, 1000, None)),
        ("seccompProfile", (*_SECCOMP, None)),
        ("appArmorProfile", (*_APPARMOR, None)),
        ("seLinuxOptions", (*_SELINUX, None)),
        ("procMount", ("Default", "Unmasked")),
    )
    for field, values in changes:
        if source.random() < rare:
            context[field] = source.choice(values)
    if source.random() < rare:
        added = source.sample(_CAPABILITIES, source.choice((0, 1, 2)))
        context["capabilities"] = {"add": added, "drop": source.choice((["ALL"], ["NET_RAW"], ["all"], []))}
    if context.get("privileged") or "SYS_ADMIN" in (context.get("capabilities") or {}).get("add", ()):
        context["allowPrivilegeEscalation"] = source.choice((True, None))  # the API server insists


def _as_linux(source: random.Random, spec: Json, rare: float) -> None:
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if source.random() < rare / 2:
            spec[field] = source.choice((True, False))
    unmasked = any((one.get("securityContext") or {}).get("procMount") == "Unmasked" for one in _all(spec))
    shared = any(spec.get(field) for field in ("hostNetwork", "hostPID", "hostIPC"))
    if (unmasked or source.random() < rare) and not shared:
        spec["hostUsers"] = False if unmasked else source.choice((True, False))
    elif unmasked:
        for one in _all(spec):
            one.get("securityContext", {}).pop("procMount", None)
    context: Json = {}
    for field, values in (
        ("runAsNonRoot", (True, False)),
        ("runAsUser", (0, 1000)),
        ("seccompProfile", _SECCOMP),
        ("appArmorProfile", _APPARMOR),
        ("seLinuxOptions", _SELINUX),
        ("sysctls", tuple([{"name": name, "value": "1"}] for name in _SYSCTLS)),
    ):
        if source.random() < rare:
            context[field] = source.choice(values)
    if shared:
        context.pop("sysctls", None)  # the API server refuses some of them there
    if context:
        spec["securityContext"] = context


def _as_windows(source: random.Random, spec: Json, host_process: bool) -> None:
    spec["os"] = {"name": "windows"}
    if host_process:
        spec["hostNetwork"] = True
        spec["securityContext"] = {"windowsOptions": {"hostProcess": True, "runAsUserName": "NT AUTHORITY\\SYSTEM"}}
    elif source.random() < 0.5:
        spec["securityContext"] = {"runAsNonRoot": True}


def _annotations(source: random.Random, spec: Json) -> Json:
    """Give the annotations that said what fields say today."""
    name = source.choice(_all(spec))["name"]
    profile = source.choice(("runtime/default", "localhost/a", "unconfined"))
    return source.choice(
        (
            {"seccomp.security.alpha.kubernetes.io/pod": profile},
            {f"container.seccomp.security.alpha.kubernetes.io/{name}": profile},
            {f"container.apparmor.security.beta.kubernetes.io/{name}": profile},
        )
    )


def _all(spec: Json) -> list[Json]:
    return [*spec["containers"], *spec.get("initContainers", ())]
