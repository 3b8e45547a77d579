"""A real API server with objects in which every evidence matters, asked by an identity that only reads."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from k8snb.access.roles import Manifest, manifests
from k8snb.sandbox import control
from k8snb.sandbox.client import Client
from k8snb.sandbox.home import Home

OBJECTS = """
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Node, metadata: {name: w1}, status: {nodeInfo: {kubeletVersion: v1.36.0}}}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: gvisor}
handler: runsc
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: cart, namespace: shop}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  replicas: 0
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      runtimeClassName: gvisor
      serviceAccountName: dash
      containers: [{name: dash, image: "kubernetesui/dashboard:v2.7.0"}]
"""
PLACES = {
    "Namespace": "/api/v1/namespaces",
    "Node": "/api/v1/nodes",
    "ServiceAccount": "/api/v1/namespaces/{}/serviceaccounts",
    "RuntimeClass": "/apis/node.k8s.io/v1/runtimeclasses",
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "Role": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles",
    "RoleBinding": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings",
    "ClusterRole": "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    "ClusterRoleBinding": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
}
ROLE = PLACES["ClusterRole"] + "/k8snb-cluster"
USER = "system:serviceaccount:k8snb:k8snb"


class Reader:
    """The identity that `k8snb rbac` makes, on a server of its own.

    Args:
        home: The practice cluster.
        server: Its address.
    """

    def __init__(self, home: Home, server: str) -> None:
        self._admin, self.home = Client(home, server), home
        self._create(one for one in yaml.safe_load_all(OBJECTS))
        self._create(manifests("cluster"))
        self.rules: list[Manifest] = self._admin.get(ROLE)["rules"]
        self.kubeconfig = self._kubeconfig()

    def _create(self, objects: Iterable[Manifest]) -> None:
        for one in objects:
            place = PLACES[one["kind"]].format(one["metadata"].get("namespace"))
            status, told = self._admin.ask("POST", place, one)
            assert status in {201, 409}, told

    def _kubeconfig(self) -> Path:
        request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
        path = PLACES["ServiceAccount"].format("k8snb") + "/k8snb/token"
        status, told = self._admin.ask("POST", path, request)
        assert status == 201, told
        content: dict[str, Any] = json.loads(self.home.kubeconfig.read_text())
        content["users"][0]["user"] = {"token": told["status"]["token"]}
        file = self.home.kubeconfig.with_name("reader")
        file.write_text(json.dumps(content))
        return file

    def grant(self, rules: list[Manifest]) -> None:
        """Let the role have these rules."""
        status, role = self._admin.ask("GET", ROLE)
        assert status == 200, role
        status, told = self._admin.ask("PUT", ROLE, role | {"rules": rules})
        assert status == 200, told

    def without(self, name: str) -> None:
        """Let the role have all of its rules but for one resource or path."""
        keys = ("resources", "nonResourceURLs")
        less = [
            {key: [one for one in value if key not in keys or one != name] for key, value in rule.items()}
            for rule in self.rules
        ]
        self.grant([rule for rule in less if rule.get("resources") or rule.get("nonResourceURLs")])

    def anonymous(self) -> set[str]:
        """Give what the audit log says was asked without credentials."""
        return {one["requestURI"] for one in self._log() if "username" not in one["user"]}

    def log(self) -> list[dict[str, Any]]:
        """Give what the server's audit log says of the identity."""
        events = self._log()
        return [one for one in events if one["user"].get("username") == USER]

    def _log(self) -> list[dict[str, Any]]:
        text = (self.home.log("audit").parent / "audit.log").read_text()
        return list(map(json.loads, text.splitlines()))


@contextmanager
def reading(home: Home) -> Iterator[Reader]:
    """Give such an identity on a hardened server, and take the server away again."""
    try:
        found = control.up(home, lambda _: None, profile="hardened")
        yield Reader(home, found.server)
    finally:
        control.down(home, lambda _: None)
