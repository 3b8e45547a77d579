"""No retired component runs."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

import msgspec

from k8snb.analysis.agents import repository
from k8snb.analysis.rbac import powers
from k8snb.analysis.rules import everything
from k8snb.analysis.words import clip
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.controls.upgrading._shared import CHAPTER, SECTION
from k8snb.data import Dated, load
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload


def _pod(image: str, further: str = "") -> str:
    head = "apiVersion: v1\nkind: Pod\nmetadata: {name: app, namespace: shop}\n"
    return f"{head}spec: {{containers: [{{name: app, image: '{image}'}}]{further}}}\n"


class Retired(msgspec.Struct, frozen=True, rename={"unlike": "not"}):
    """A component that gets no fixes any more.

    Attributes:
        name: Its name.
        image: Regular expression that its images' repositories match.
        since: The day of its retirement.
        instead: What to use.
        notice: Where its retirement was announced.
        powers: `cluster-admin` where it only counts with such powers.
        unlike: Regular expression of repositories that are something else.
    """

    name: str
    image: str
    since: str
    instead: str
    notice: str
    powers: Literal["", "cluster-admin"] = ""
    unlike: str = ""

    def __post_init__(self) -> None:
        re.compile(self.image)
        re.compile(self.unlike)


class RetiredComponents(Dated, frozen=True):
    """The components that are known to be retired."""

    components: tuple[Retired, ...]


@cache
def _known() -> RetiredComponents:
    return load("retired", RetiredComponents)


@control(
    id="retired-components",
    chapter=CHAPTER,
    section=SECTION,
    severity="high",
    subject="workload",
    reads=["rolebindings", "clusterrolebindings", "roles", "clusterroles"],
    data=["retired"],
    title="No retired component runs",
    why=(
        "A project that has ended gets no fixes. Ingress controllers, dashboards and agents sit where an "
        "intruder looks "
        "first: at the door, or with wide rights."
    ),
    fix="Replace it with what the evidence names, and remove what it left: roles, webhooks, custom resources.",
    caution="An ingress controller cannot be swapped in one step; run both and move host by host.",
    remedy="manual",
    references=References(
        nist_800_53=("SA-22", "SI-2", "CM-7"),
        nist_800_190=("3.1.1", "4.1.1"),
        mitre=("T1190", "T1068"),
        kubescape=("C-0292",),
    ),
    passing=[_pod("registry.example.com/cart:1.4.2"), _pod("nginx/nginx-ingress:5.4.0")],
    failing=[
        _pod("registry.k8s.io/ingress-nginx/controller:v1.15.1"),
        _pod("ghcr.io/helm/tiller@sha256:" + "0" * 64),
        _pod("kubernetesui/dashboard:v2.7.0", ", serviceAccountName: dash")
        + "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: dash}\n"
        + "roleRef: {kind: ClusterRole, name: cluster-admin}\n"
        + "subjects: [{kind: ServiceAccount, name: dash, namespace: shop}]\n",
    ],
)
def retired_components(workload: Workload, cluster: Cluster) -> Iterator[Observation]:
    """No retired component runs; components are known by their images."""
    expected = f"no component that is retired (list of {_known().date})"
    for path, container in workload.template.containers():
        at = f"{workload.path}spec.{path}.image"
        found = _match(container.image or "")
        if found is None:
            yield seen(True, at, container.image, expected, "no retired component is known by this image")
        else:
            yield _judge(at, container.image, found, workload, cluster)


def _judge(at: str, image: str | None, found: Retired, workload: Workload, cluster: Cluster) -> Observation:
    expected = f"{found.instead} (list of {_known().date}; {found.notice})"
    clause = f"{found.name} has been retired since {found.since}"
    if found.powers:
        held = powers(cluster, workload.namespace, workload.service_account)
        gap = next(
            (
                gap
                for one in ("clusterrolebindings", "rolebindings", "clusterroles", "roles")
                if (gap := cluster.gap(one))
            ),
            None,
        )
        if not any(everything(one.granted.rules or ()) for one in held):
            clause = f"{clip(image)} without cluster-admin"
            return unknown(gap, at, expected) if gap else seen(True, at, image, expected, clause)
    return seen(False, at, image, expected, clause)


def _match(image: str) -> Retired | None:
    name = repository(image)
    return next((one for one in _known().components if re.search(one.image, name) and not _unlike(one, name)), None)


def _unlike(one: Retired, name: str) -> bool:
    return bool(one.unlike) and re.search(one.unlike, name) is not None
