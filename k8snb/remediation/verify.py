"""Checking a change: the subjects are judged again, from the live objects."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

from k8snb.assessment.assess import assess
from k8snb.assessment.result import Finding
from k8snb.controls.model import Status
from k8snb.inventory.cluster import Cluster
from k8snb.remediation.judged import refreshed, replaced
from k8snb.remediation.objects import Raw, live
from k8snb.remediation.rollout import Rollout
from k8snb.remediation.target import TEMPLATES, Target
from k8snb.resources.kinds import BY_RESOURCE
from k8snb.sources.connection import Connection
from k8snb.sources.connection_answer import decoded

_PODS = ("pods", "replicasets")


class Checked(msgspec.Struct, frozen=True):
    """One finding, before and after.

    Attributes:
        control: Id of the control.
        subject: Its subject, told.
        before: Its verdict before.
        after: Its verdict now.
        message: What was seen now.
    """

    control: str
    subject: str
    before: Status
    after: Status
    message: str


class Verified(msgspec.Struct, frozen=True):
    """What became of a change.

    Attributes:
        findings: Before and after.
        rollout: How the rollout ended.
        lost: Fields that are no longer as they were set.
    """

    findings: tuple[Checked, ...] = ()
    rollout: Rollout = Rollout("none")
    lost: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every finding is gone, the fields are as they were set, and the pods run."""
        running = self.rollout.state in {"none", "done"}
        return running and not self.lost and all(one.after in {"pass", "not-applicable"} for one in self.findings)


def inventory(cluster: Cluster, connection: Connection, targets: Iterable[Target]) -> Cluster:
    """Give the inventory with some objects, and the pods beside them, as they are now.

    Raises:
        SourceError: if one of the objects cannot be read.
    """
    objects = {one: live(connection, one) for one in targets}
    found = replaced(cluster, objects)
    for namespace in {one.namespace for one in objects if one.kind in TEMPLATES}:
        listed = {name: items for name in _PODS if (items := _list(connection, name, namespace)) is not None}
        found = refreshed(found, namespace, listed) if len(listed) == len(_PODS) else found
    return found


def _list(connection: Connection, resource: str, namespace: str) -> list[Raw] | None:
    """List a resource of a namespace to its end; None where it is not given."""
    kind = BY_RESOURCE[resource]
    root = kind.path.rpartition("/")[0]
    found: list[Raw] = []
    query = {"limit": "500"}
    while True:
        answer = connection.get(f"{root}/namespaces/{namespace}/{resource}?{urlencode(query)}")
        page = decoded(answer.body, Raw) if answer.status == 200 else None
        if page is None or not isinstance(page.get("items"), list):
            return None
        own = {"kind": kind.kind, "apiVersion": f"{kind.group}/{kind.version}".lstrip("/")}
        found += [item | own for item in page["items"]]
        token = (page.get("metadata") or {}).get("continue")
        if not token:
            return found
        query["continue"] = token


def check(cluster: Cluster, findings: Sequence[Finding], parameters: Mapping[str, Any]) -> tuple[Checked, ...]:
    """Judge the subjects of findings again.

    Args:
        cluster: As it is now.
        findings: As they were.
        parameters: Values of the run's parameters.
    """
    wanted = sorted({one.control for one in findings})
    now = assess(cluster, controls=wanted, parameters=parameters, all=True)
    known = {one.id: one for one in now}
    worst: dict[tuple[str, str], Finding] = {}
    for one in now:
        if one.status == "fail":
            worst.setdefault((one.control, str(one.subject)), one)
    return tuple(_checked(one, worst.get((one.control, str(one.subject))) or known.get(one.id)) for one in findings)


def _checked(before: Finding, now: Finding | None) -> Checked:
    after = now.status if now else "not-applicable"
    message = now.message if now else "the subject is gone"
    return Checked(before.control, str(before.subject), before.status, after, message)
