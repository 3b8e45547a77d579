"""What the controls of this chapter share: examples, and the versions of what runs."""

from collections.abc import Iterator

from k8snb.analysis.agents import repository
from k8snb.analysis.components import api_servers, component_containers
from k8snb.analysis.releases import Version, parse
from k8snb.inventory.cluster import Cluster

CHAPTER = "upgrading"
SECTION = "Upgrading and application security practices"
DAYS = 30


def node(kubelet: str, name: str = "w1") -> str:
    """Give an example: a node with that kubelet version."""
    status = f"{{nodeInfo: {{kubeletVersion: {kubelet}}}}}"
    return f"---\napiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\nstatus: {status}\n"


def component(program: str, version: str, on: str = "w1") -> str:
    """Give an example: a pod of a control-plane program on a node."""
    return f"""\
---
apiVersion: v1
kind: Pod
metadata: {{name: {program}-{on}, namespace: kube-system}}
spec:
  nodeName: {on}
  containers: [{{name: {program}, image: "registry.k8s.io/{program}:{version}", command: [{program}]}}]
"""


def server_versions(cluster: Cluster) -> list[Version]:
    """Give the different versions of the API servers that can be seen, oldest first."""
    return sorted(
        {version for one in api_servers(cluster) if (version := parse(one.version) or parse(cluster.version))}
    )


def running(cluster: Cluster, program: str) -> Iterator[tuple[str, str, Version | None]]:
    """Give node, pod and version of every pod that runs a program of Kubernetes; the version is its image's tag."""
    for workload, _, container in component_containers(cluster, program):
        image = container.image or ""
        tag = image.partition("@")[0].removeprefix(repository(image)).lstrip(":")
        for podset in workload.podsets:
            for name, on in zip(podset.names, podset.nodes, strict=True):
                yield on, name, parse(tag)
