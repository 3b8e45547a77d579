"""Whether a workload's pods hold a ServiceAccount token."""

from k8snb.analysis.components import api_servers
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.core import ServiceAccount
from k8snb.resources.pod import PodSpec


def holds_token(cluster: Cluster, workload: Workload) -> bool:
    """Say whether a workload's pods hold a token of their ServiceAccount.

    They do when one was injected into a running pod, when `automountServiceAccountToken` of the pod, else of its
    ServiceAccount, is not false, or when a volume projects one. The mirror of a static pod never does.

    Source: Kubernetes, ServiceAccount admission plugin.
    """
    running = injected(workload)
    return running if running is not None else mounts(cluster, workload) or projects(workload.spec)


def injected(workload: Workload) -> bool | None:
    """Say whether the running pods were given a token; None where that cannot be told from them.

    Static pods never get one. A pod that has none for another reason may get one when it is made anew.
    """
    if any(podset.token for podset in workload.podsets):
        return True
    return False if workload.podsets and all(podset.static for podset in workload.podsets) else None


def mounts(cluster: Cluster, workload: Workload) -> bool:
    """Say whether the effective `automountServiceAccountToken` is not false; unset is true."""
    own = workload.spec.automountServiceAccountToken
    if own is not None:
        return own
    accounts = cluster.all(ServiceAccount, workload.namespace)
    account = next((one for one in accounts if one.name == workload.service_account), None)
    return account is None or account.automountServiceAccountToken is not False


def projects(spec: PodSpec) -> bool:
    """Say whether a volume projects a token by hand."""
    sources = (source for volume in spec.volumes or () if volume.projected for source in volume.projected.sources or ())
    return any(source.serviceAccountToken for source in sources)


def audiences(cluster: Cluster) -> tuple[frozenset[str], bool]:
    """Give the audiences of tokens that the API servers take, and whether all of them are known.

    Source: kube-apiserver reference, `--api-audiences`, by default what `--service-account-issuer` says.
    """
    flags = [one.flags or {} for one in api_servers(cluster)]
    given = [one.get("api-audiences") or one.get("service-account-issuer") or "" for one in flags]
    whole = bool(given) and all(one and "$(" not in one for one in given)  # what the environment puts there is not read
    return frozenset(one.strip() for value in given for one in value.split(",") if one), whole
