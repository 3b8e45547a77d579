"""Pods by chance, the same every time: each has a little of what the Pod Security Standards look at."""

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

Json = dict[str, Any]
Made = st.SearchStrategy[Json]
CAPABILITIES = ("ALL", "all", "CHOWN", "KILL", "NET_BIND_SERVICE", "NET_RAW", "SYS_ADMIN", "CAP_CHOWN", "SETUID")
SYSCTLS = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_rmem",
    "net/ipv4/tcp_syncookies",
    "net.ipv4.tcp_notsent_lowat",
    "kernel.msgmax",
)
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
VOLUMES: dict[str, Json] = {
    "configMap": {"name": "a"},
    "csi": {"driver": "example.com"},
    "downwardAPI": {},
    "emptyDir": {},
    "ephemeral": {
        "volumeClaimTemplate": {
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
        }
    },
    "hostPath": {"path": "/var/log"},
    "image": {"reference": "registry.example.com/a:1"},
    "iscsi": {"targetPortal": "192.0.2.1:3260", "iqn": "iqn.2001-04.com.example:a", "lun": 0},
    "nfs": {"server": "192.0.2.1", "path": "/a"},
    "persistentVolumeClaim": {"claimName": "a"},
    "projected": {"sources": [{"configMap": {"name": "a"}}]},
    "secret": {"secretName": "a"},
    "rbd": {"monitors": ["192.0.2.1"], "image": "a"},
}


def _of(**fields: st.SearchStrategy[Any]) -> Made:
    """Give objects with some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def _rare(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Give a value once in a while, else what is as good as nothing."""
    return st.integers(0, 7).flatmap(lambda chance: value if chance == 7 else st.none())


def _profile() -> Made:
    kinds = st.sampled_from(("RuntimeDefault", "RuntimeDefault", "Unconfined"))
    local = st.just({"type": "Localhost", "localhostProfile": "a"})
    return st.one_of(st.builds(dict, type=kinds), local)


_FLAG = st.booleans()
_ID = st.sampled_from((0, 1000, 1000))
_SELINUX = _of(
    type=st.sampled_from(("container_t", "container_init_t", "container_kvm_t", "container_engine_t", "spc_t", "")),
    user=st.sampled_from(("", "system_u")),
    role=st.sampled_from(("", "system_r")),
    level=st.just("s0:c1,c2"),
)
_CAPABILITIES = _of(
    add=st.lists(st.sampled_from(CAPABILITIES), max_size=2, unique=True),
    drop=st.lists(st.sampled_from(("ALL", "ALL", "ALL", "all", "NET_RAW", "CAP_ALL")), max_size=2, unique=True),
)
_CONTEXT = _of(
    allowPrivilegeEscalation=st.sampled_from((False, False, False, True)),
    appArmorProfile=_rare(_profile()),
    capabilities=_CAPABILITIES,
    privileged=_rare(_FLAG),
    procMount=_rare(st.sampled_from(("Default", "Unmasked"))),
    readOnlyRootFilesystem=_FLAG,
    runAsNonRoot=_FLAG,
    runAsUser=_ID,
    seLinuxOptions=_rare(_SELINUX),
    seccompProfile=_profile(),
)
_HOST = st.sampled_from(("", "127.0.0.1", "::1", "localhost", "192.0.2.1", "example.com"))
_HANDLER = st.one_of(
    st.fixed_dictionaries({"httpGet": st.fixed_dictionaries({"port": st.just(80)}, optional={"host": _HOST})}),
    st.fixed_dictionaries({"tcpSocket": st.fixed_dictionaries({"port": st.just(80)}, optional={"host": _HOST})}),
    st.just({"exec": {"command": ["true"]}}),
)
_PORT = st.fixed_dictionaries({"containerPort": st.just(80)}, optional={"hostPort": st.sampled_from((0, 80))})
_PODS_CONTEXT = _of(
    appArmorProfile=_rare(_profile()),
    fsGroup=_ID,
    runAsNonRoot=_FLAG,
    runAsUser=_ID,
    seLinuxOptions=_rare(_SELINUX),
    seccompProfile=_profile(),
    sysctls=_rare(st.builds(lambda name: [{"name": name, "value": "1"}], st.sampled_from(SYSCTLS))),
    supplementalGroups=st.lists(_ID, max_size=2),
)
_WINDOWS = _of(windowsOptions=_of(hostProcess=_FLAG, runAsUserName=st.just("a")), runAsNonRoot=_FLAG)


@st.composite
def _container(draw: st.DrawFn, name: str, context: Made, kind: str) -> Json:
    made = {"name": name, "image": "registry.example.com/a:1", "securityContext": draw(context)}
    if kind == "initContainers" and not draw(_FLAG):
        return made
    always = {"restartPolicy": "Always"} if kind == "initContainers" else {}
    probes = {one: draw(_rare(_HANDLER)) for one in ("livenessProbe", "readinessProbe", "startupProbe")}
    cycle = {one: draw(_rare(_HANDLER)) for one in ("postStart", "preStop")}
    return made | always | probes | {"lifecycle": cycle, "ports": draw(st.lists(_PORT, max_size=1))}


@st.composite
def _pod(draw: st.DrawFn) -> Json:
    windows = draw(_rare(st.just(value=True)))
    context, outer = (_WINDOWS, _WINDOWS) if windows else (_CONTEXT, _PODS_CONTEXT)
    counts = {"containers": draw(st.sampled_from((1, 1, 2))), "initContainers": draw(st.sampled_from((0, 0, 1)))}
    spec: Json = {
        kind: [draw(_container(f"{kind[0]}{index}", context, kind)) for index in range(count)]
        for kind, count in counts.items()
    }
    kinds = draw(st.lists(st.sampled_from(sorted(VOLUMES)), max_size=1))
    spec["volumes"] = [{"name": f"v{index}", kind: VOLUMES[kind]} for index, kind in enumerate(kinds)]
    shared = {} if windows else {one: draw(_rare(_FLAG)) for one in ("hostNetwork", "hostPID", "hostIPC")}
    spec |= shared | {"securityContext": draw(outer)}
    if windows:
        spec["os"] = {"name": "windows"}
    elif not any(shared.values()) and draw(_FLAG):
        spec["hostUsers"] = draw(_FLAG)
    profile = None if windows else draw(_rare(st.sampled_from(("runtime/default", "localhost/a", "unconfined", ""))))
    annotations = {} if profile is None else {f"{APPARMOR}c0": profile}
    return {"metadata": {"name": "a", "annotations": annotations}, "spec": spec}


def pods(count: int) -> list[Json]:
    """Give so many pods."""
    found: list[Json] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(_pod())
    def collect(one: Json) -> None:
        found.append({"apiVersion": "v1", "kind": "Pod", **one})

    collect()
    return found
