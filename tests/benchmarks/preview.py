"""Previews: what they take over a bare dry run, in milliseconds, which is all that they do offline. Prints a table.

python tests/benchmarks/preview.py    # the demo cluster, and one of 1,000 Deployments with over 10,000 findings
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from typing import Any

import k8snb
from k8snb.inventory.cluster import Cluster
from k8snb.remediation.plan import Plan
from k8snb.remediation.planning import plans
from k8snb.remediation.session import Session

CONTROLS = ("seccomp-profile", "default-deny-ingress", "pod-security-admission", "no-wildcard-roles")
PLANS = 6
GOAL = 500
"""Milliseconds."""
Json = dict[str, Any]


def objects(count: int, namespaces: int = 40) -> Iterator[Json]:
    """Give Deployments that harden nothing, their namespaces, and a role in each that is too wide."""
    for index in range(namespaces):
        name = f"team-{index}"
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        rules = [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["*"]}]
        metadata = {"name": "wide", "namespace": name}
        yield {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": metadata, "rules": rules}
    for index in range(count):
        labels = {"app": f"service-{index}"}
        container = {"name": "app", "image": "registry.example.com/app", "ports": [{"containerPort": 8080}]}
        template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
        metadata = {"name": f"service-{index}", "namespace": f"team-{index % namespaces}"}
        spec = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
        yield {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def measured(cluster: Cluster, control: str) -> list[float]:
    """Give the milliseconds of previews, the first of a namespace included."""
    result, session = k8snb.assess(cluster, controls=[control]), Session(cluster)
    found = [one for one in plans(result, controls=[control], session=session) if one.changes]
    return [_milliseconds(one) for one in found[:: max(1, len(found) // PLANS)][:PLANS]]


def _milliseconds(plan: Plan) -> float:
    started = time.perf_counter()
    plan.preview()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--deployments", type=int, default=1000)
    many = k8snb.connect(objects=list(objects(parser.parse_args().deployments)), complete=True)
    count = len(k8snb.assess(many).findings(status="fail"))
    print(f"| cluster | control | median ms | slowest ms | under {GOAL} |\n| --- | --- | --- | --- | --- |")
    for name, cluster in (("demo", k8snb.connect("demo")), (f"{count:,} failing findings", many)):
        for control in CONTROLS:
            times = measured(cluster, control)
            middle, most = statistics.median(times), max(times)
            print(f"| {name} | {control} | {middle:.0f} | {most:.0f} | {'yes' if middle < GOAL else 'no'} |")


if __name__ == "__main__":
    main()
