"""Only kernel parameters that stay inside the pod.

Restricted field: `spec.securityContext.sysctls[*].name`.
Allowed: the names in `SAFE`, each from the minor that it is listed under.
"""

from collections.abc import Iterator
from functools import partial

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.analysis.pod_security.visit import of_pod
from k8snb.resources.pod import PodTemplate

SAFE: dict[int, tuple[str, ...]] = {
    0: (
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
    ),
    27: ("net.ipv4.ip_local_reserved_ports",),
    29: (
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
    ),
    32: ("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"),
    37: ("net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"),
}


def _sysctls(safe: frozenset[str], template: PodTemplate) -> Iterator[Place]:
    wanted = of_pod(template, "sysctls")
    if not wanted:
        yield Place(True, "spec.securityContext.sysctls", None)
    for index, sysctl in enumerate(wanted or ()):
        yield Place((sysctl.name or "") in safe, f"spec.securityContext.sysctls[{index}].name", sysctl.name)


def _revision(since: int) -> Revision:
    safe = frozenset(name for minor, names in SAFE.items() if minor <= since for name in names)
    return Revision(since, partial(_sysctls, safe))


CHECK = Check("sysctls", "baseline", tuple(map(_revision, SAFE)))
sysctls = CHECK.revisions[-1].look
