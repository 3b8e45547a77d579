"""`k8snb rbac`."""

import re
from typing import Annotated, Any, Literal

from typer import Option

from k8snb.access.levels import Level
from k8snb.commands import options
from k8snb.errors import UsageError

EXAMPLES = """\b
Examples:
  k8snb rbac | kubectl apply -f -         get and list of what is assessed
  k8snb rbac --level namespace -n shop    one namespace only
  k8snb rbac --level evidence             and what the API server tells of itself
  k8snb rbac --level fix                  the same as cluster, and writes what fixes write
  k8snb preflight --as system:serviceaccount:k8snb:k8snb

No level reads a Secret, and none has a wildcard. Only --level fix writes, and
no role or binding: who may change these may give themselves everything.
"""
Granted = Literal[Level, "fix"]
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_HEAD = "# Lets k8snb read {what}: get and list only, no Secrets, no wildcard. Made by `k8snb rbac`.\n"
_FIX = (
    "# Lets k8snb read a cluster and apply fixes: no Secrets, no wildcard, no RBAC. Made by `k8snb rbac`.\n"
    "# Who may patch workloads may run anything in their namespaces: bind it for as long as the work takes.\n"
)
_WHAT = {
    "namespace": "the namespace {namespace}",
    "cluster": "what it assesses of a cluster",
    "evidence": "what it assesses of a cluster, and what the API server tells of itself",
}
_PROXY = "# nodes/proxy reaches all of a kubelet's API, also what runs commands in containers: grant it for one run.\n"


def rbac(
    level: Annotated[Granted, Option("--level", help="How much may be read; fix also writes.")] = "cluster",
    namespace: Annotated[
        str | None, Option("-n", "--namespace", metavar="NS", help="Where the ServiceAccount lives. None makes k8snb.")
    ] = None,
    kubelet: Annotated[
        bool, Option("--kubelet-configuration", help="With --level evidence: also nodes/proxy, for the kubelets.")
    ] = False,
    output_file: options.OutputFile = None,
) -> int:
    """Print the ServiceAccount, the role and the binding that let k8snb read a cluster."""
    from k8snb.access.roles import manifests
    from k8snb.commands import output

    if level == "namespace" and namespace is None:
        raise UsageError("--level namespace wants the namespace that is read.", "Add -n NS.")
    if kubelet and level != "evidence":
        raise UsageError("--kubelet-configuration is evidence.", "Add --level evidence.")
    if namespace is not None and not _NAME.fullmatch(namespace):
        raise UsageError(
            f"{namespace!r} is no name of a namespace.", "At most 63 of a-z, 0-9 and -, as Kubernetes wants."
        )
    if level == "fix":
        output.write(_FIX.encode() + _yaml(_fixing(namespace)), output_file)
        return 0
    head = _HEAD.format(what=_WHAT[level].format(namespace=namespace)) + (_PROXY if kubelet else "")
    output.write(head.encode() + _yaml(manifests(level, namespace, kubelet=kubelet)), output_file)
    return 0


def _fixing(namespace: str | None) -> list[dict[str, Any]]:
    from k8snb.access.roles import manifests
    from k8snb.remediation.plans.writes import rules, writes

    return manifests("cluster", namespace, name="fix", more=rules(writes()))


def _yaml(documents: list[dict[str, Any]]) -> bytes:
    import yaml

    return yaml.safe_dump_all(documents, sort_keys=False, explicit_start=True).encode()
