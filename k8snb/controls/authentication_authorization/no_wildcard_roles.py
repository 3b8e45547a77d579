"""No role uses wildcards."""

from collections.abc import Iterable, Iterator

from k8snb.analysis.rbac import default_roles, shipped
from k8snb.analysis.rules import added
from k8snb.analysis.words import clip
from k8snb.controls.authentication_authorization._shared import (
    CHAPTER,
    EVERYTHING,
    RBAC,
    READ_PODS,
    SHIPPED,
    cluster_role,
    role,
)
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.resources.rbac import ClusterRole, PolicyRule, Role

_EXPECTED = "no * among verbs and resources"


@control(
    id="no-wildcard-roles",
    chapter=CHAPTER,
    section=RBAC,
    severity="high",
    subject="role",
    data=["default_roles"],
    title="No role uses wildcards for verbs or resources",
    why=(
        "A wildcard grants what exists today and whatever comes tomorrow: new verbs, subresources such as pods/exec, "
        "and resources of operators that are not installed yet."
    ),
    fix="Name the verbs and resources that are really used; the audit log tells which these are.",
    caution=(
        "Operators often ask for wildcards because nobody listed what they need; test with a copy of the role first."
    ),
    remedy="manual",
    references=References(
        cis=("5.1.3",),
        nist_800_53=("AC-6", "AC-6(1)"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1078", "T1098.006"),
        kubescape=("C-0035", "C-0187"),
        trivy=("KSV-0044", "KSV-0045", "KSV-0046"),
        kube_bench=("5.1.3",),
    ),
    passing=[
        role("reader", READ_PODS),
        cluster_role("cluster-admin", EVERYTHING, SHIPPED),
    ],
    failing=[
        cluster_role("deployer", '[{apiGroups: [apps], resources: [deployments], verbs: ["*"]}]'),
        role("everything-here", EVERYTHING),
        cluster_role("view", '[{apiGroups: [""], resources: ["*"], verbs: [get]}]', SHIPPED),
        cluster_role("system:basic-user", '[{apiGroups: [""], resources: [secrets], verbs: [get]}]', SHIPPED),
    ],
)
def no_wildcard_roles(one: Role | ClusterRole) -> Iterator[Observation]:
    """No role uses wildcards for verbs or resources.

    Wildcards of the roles that Kubernetes ships are known and told apart. A further one, or a further power such as
    reading Secrets, in such a role is a change that somebody made. `*/scale` is a wildcard too: it stands for the
    subresource of every resource.
    """
    before = _before(one)
    known = _wildcards(before or ())
    for index, rule in enumerate(one.rules or ()):
        for field in ("verbs", "resources"):
            wild = [word for word in getattr(rule, field) or () if _wild(word)]
            at = f"rules[{index}].{field}"
            if wild and before is None and shipped(one):
                clause = f"what Kubernetes ships as {clip(one.name)} is not known here ({default_roles().date})"
                yield unknown("not-collected", at, _EXPECTED, clause)
            else:
                yield _observe(at, wild, _of(rule, field) <= known, before is not None)
    if not one.rules:
        yield seen(True, "rules", None, _EXPECTED, "the role has no rules of its own")
    if before is not None and not (isinstance(one, ClusterRole) and one.aggregationRule):
        for index, power in added(one, before):
            expected = f"as Kubernetes ships it ({default_roles().date})"
            yield seen(False, f"rules[{index}]", power, expected, f"the default role was changed: it may {power}")


def _before(one: Role | ClusterRole) -> tuple[PolicyRule, ...] | None:
    """Give the rules with which Kubernetes ships a role; None for a role that it does not ship or that is not known."""
    if not shipped(one):
        return None
    known = default_roles()
    return known.cluster_roles.get(one.name) if isinstance(one, ClusterRole) else known.roles.get(_key(one))


def _key(one: Role) -> str:
    return f"{one.namespace}/{one.name}"


def _observe(at: str, wild: list[str], known: bool, ours: bool) -> Observation:
    if not wild:
        return seen(True, at, [], _EXPECTED, "no wildcards")
    if known:
        date = default_roles().date
        return seen(
            True, at, wild, f"as Kubernetes ships it ({date})", "wildcards that Kubernetes ships with this role"
        )
    told = "every verb" if at.endswith("verbs") else "every resource"
    changed = "; Kubernetes ships this role without it: it was changed" if ours else ""
    return seen(False, at, wild, _EXPECTED, f"{at} grants {told}{changed}")


def _wild(word: str) -> bool:
    return word == "*" or word.startswith("*/")


_Grant = tuple[str, str, str]


def _of(rule: PolicyRule, field: str) -> set[_Grant]:
    """Give what the wildcards of a field grant, as (verb, group, target) triples."""
    return {
        (verb, group, target)
        for verb in rule.verbs or ()
        for group in rule.apiGroups or ("",)
        for target in rule.resources or rule.nonResourceURLs or ()
        if _wild(verb if field == "verbs" else target)
    }


def _wildcards(rules: Iterable[PolicyRule]) -> set[_Grant]:
    return {grant for rule in rules for field in ("verbs", "resources") for grant in _of(rule, field)}
