"""What the controller manager makes of workloads: ReplicaSets, Jobs, claims and pods."""

from collections.abc import Callable
from typing import Any

from k8snb.sources.demo.jobs import cron_job, job
from k8snb.sources.demo.pods import Pods
from k8snb.sources.demo.replicas import deployment, replica_set
from k8snb.sources.demo.sets import daemon_set, stateful_set

Json = dict[str, Any]


def run(one: Json, pods: Pods) -> list[Json]:
    """Run the controller of a workload; give the objects that it makes besides pods, and fill in its status."""
    control = _BY_KIND.get(one["kind"])
    return control(one, pods) if control else []


_BY_KIND: dict[str, Callable[[Json, Pods], list[Json]]] = {
    "Deployment": deployment,
    "ReplicaSet": replica_set,
    "ReplicationController": replica_set,
    "StatefulSet": stateful_set,
    "DaemonSet": daemon_set,
    "Job": job,
    "CronJob": cron_job,
}
