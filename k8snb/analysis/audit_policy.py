"""What an audit policy records: its rules in order, the first that matches decides.

Source: Kubernetes, `audit.k8s.io/v1 Policy`, as the API server's policy checker evaluates it.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from k8snb.errors import UsageError
from k8snb.inventory.cluster import Cluster

FACT = "audit-policy"
LEVELS = ("None", "Metadata", "Request", "RequestResponse")
_STAGES = {"RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"}
_HINT = "audit_policy takes the file that --audit-policy-file names, of kind Policy in audit.k8s.io."
Names = list[str] | None


class Resources(msgspec.Struct, frozen=True):
    """`rules[].resources[]`: resources of one API group."""

    group: str = ""
    resources: Names = None
    resourceNames: Names = None


class Rule(msgspec.Struct, frozen=True):
    """`rules[]`: what is left out matches everything."""

    level: str
    users: Names = None
    userGroups: Names = None
    verbs: Names = None
    resources: list[Resources] | None = None
    namespaces: Names = None
    nonResourceURLs: Names = None
    omitStages: Names = None


class Policy(msgspec.Struct, frozen=True):
    """An audit policy."""

    apiVersion: str
    kind: str
    rules: list[Rule]
    omitStages: Names = None


class Event(msgspec.Struct, frozen=True):
    """A request that should be recorded.

    Attributes:
        title: What it is, for a person.
        user: Name of the caller; empty where authentication failed.
        groups: Their groups.
        verb: Its verb.
        group: API group.
        resource: Plural name, with the subresource behind a slash; empty for a path.
        namespace: Where it is; empty for the whole cluster.
        url: Path of a request for no resource.
        kind: The class of events that it belongs to.
        who: What kind of caller causes it.
    """

    title: str
    user: str
    groups: tuple[str, ...]
    verb: str
    group: str = ""
    resource: str = ""
    namespace: str = ""
    url: str = ""
    kind: str = ""
    who: str = "nobody known"


def convert(value: Any) -> Policy:
    """Make a policy of JSON types.

    Raises:
        ValueError: if it is none.
    """
    found = msgspec.convert(value, Policy)
    if found.kind != "Policy" or not found.apiVersion.startswith("audit.k8s.io/"):
        raise ValueError(f"{found.kind} of {found.apiVersion} is no audit policy")
    if unknown := [one.level for one in found.rules if one.level not in LEVELS]:
        raise ValueError(f"{unknown[0]!r} is no level")
    return found


def read(path: str) -> Policy:
    """Read a policy from a file.

    Raises:
        UsageError: if it cannot be read, or is none.
    """
    from k8snb.sources.stream import Gap
    from k8snb.sources.yaml11 import documents

    try:
        (document,) = documents(Path(path).expanduser().read_bytes(), path)
        if isinstance(document, Gap):
            raise ValueError(document.message)
        return convert(document.value)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.", _HINT) from error
    except ValueError as error:
        raise UsageError(f"{path} is no audit policy ({error}).", _HINT) from error


def policy_of(cluster: Cluster, file: str) -> Policy | None:
    """Give the policy of a file, or the one that the API server tells; None where neither is there.

    Raises:
        UsageError: if the file cannot be read, or is none.
    """
    if file:
        return read(file)
    fact = cluster.fact(FACT)
    try:
        return convert(fact.value) if fact else None
    except ValueError:
        return None


def level(policy: Policy, event: Event) -> str:
    """Give the level at which an event is recorded; `None` where no rule matches, or all stages are left out."""
    rule = next((one for one in policy.rules if _matches(one, event)), None)
    if rule is None or {*(policy.omitStages or ()), *(rule.omitStages or ())} >= _STAGES:
        return "None"
    return rule.level


def _matches(rule: Rule, event: Event) -> bool:
    if rule.users and event.user not in rule.users:
        return False
    if rule.userGroups and not set(rule.userGroups) & set(event.groups):
        return False
    if rule.verbs and event.verb not in rule.verbs:
        return False
    if rule.namespaces or rule.resources:
        return bool(event.resource) and _in_namespace(rule, event) and _of_resources(rule, event)
    if rule.nonResourceURLs:
        return bool(event.url) and any(_is_path(one, event.url) for one in rule.nonResourceURLs)
    return True


def _in_namespace(rule: Rule, event: Event) -> bool:
    """A rule that records nothing in some namespaces leaves a hole, whichever they are."""
    return not rule.namespaces or rule.level == "None" or event.namespace in rule.namespaces


def _of_resources(rule: Rule, event: Event) -> bool:
    return not rule.resources or any(_covers(one, event, rule.level) for one in rule.resources)


def _covers(one: Resources, event: Event, level: str) -> bool:
    """Whether it covers the event: one for some names leaves the others, and one that records nothing is a hole."""
    if one.group != event.group or (one.resourceNames and level != "None"):
        return False
    resource, _, subresource = event.resource.partition("/")
    wanted = {event.resource, "*", f"{resource}/*", *([f"*/{subresource}"] if subresource else [])}
    return not one.resources or bool(wanted & set(one.resources))


def _is_path(pattern: str, url: str) -> bool:
    return pattern in {"*", url} or (pattern.endswith("*") and url.startswith(pattern[:-1]))


_PEOPLE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "a person": ("jane", ("developers", "system:authenticated")),
    "an administrator": ("kubernetes-admin", ("system:masters", "system:authenticated")),
    "a workload": ("system:serviceaccount:shop:cart", ("system:serviceaccounts", "system:authenticated")),
}
_CHANGES = ("create", "update", "patch", "delete")
_READS = ("get", "list", "watch")
_RBAC, _ADMISSION = "rbac.authorization.k8s.io", "admissionregistration.k8s.io"
_WANTED: tuple[tuple[str, Sequence[str], str, Sequence[str]], ...] = (
    ("Secret access", (*_READS, *_CHANGES), "", ("secrets",)),
    ("commands in containers", ("create", "get"), "", ("pods/exec", "pods/attach")),
    ("changes of RBAC", _CHANGES, _RBAC, ("roles", "rolebindings", "clusterroles", "clusterrolebindings")),
    (
        "changes of admission",
        _CHANGES,
        _ADMISSION,
        ("validatingwebhookconfigurations", "mutatingwebhookconfigurations", "validatingadmissionpolicies"),
    ),
    ("changes of workloads", _CHANGES, "", ("pods",)),
    ("changes of workloads", _CHANGES, "apps", ("deployments", "statefulsets", "daemonsets")),
    ("changes of workloads", _CHANGES, "batch", ("jobs", "cronjobs")),
)
_CLUSTER_WIDE = {"clusterroles", "clusterrolebindings"}


def wanted() -> Iterator[Event]:
    """Give every event that the guide wants recorded, by whoever causes it.

    Source: NSA/CISA Kubernetes Hardening Guide, "Log auditing": Secrets, exec and attach, RBAC, admission, workloads,
    failed authentication, anonymous requests.
    """
    for kind, verbs, group, resources in _WANTED:
        for who, (user, groups) in _PEOPLE.items():
            for resource in resources:
                place = "" if resource in _CLUSTER_WIDE or group == _ADMISSION else "shop"
                for verb in verbs:
                    title = f"{kind} ({who}: {verb} {resource})"
                    yield Event(title, user, groups, verb, group, resource, place, kind=kind, who=who)
    nobody = ("system:anonymous", ("system:unauthenticated",))
    kind = "anonymous requests"
    yield Event("anonymous requests (list pods)", *nobody, "list", "", "pods", "shop", kind=kind)
    yield Event("anonymous requests (get /api)", *nobody, "get", url="/api", kind=kind)
    kind = "failed authentication"
    yield Event("failed authentication (list pods)", "", (), "list", "", "pods", "shop", kind=kind)
