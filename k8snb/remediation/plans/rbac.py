"""Roles, bindings and ServiceAccounts: narrowed, unbound, removed."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from k8snb.analysis.rbac import EVERYBODY, granted, shipped
from k8snb.remediation.objects import Raw
from k8snb.remediation.plans.model import Context, Procedure, Proposal, Proposed, Recipe
from k8snb.remediation.target import Target
from k8snb.resources.core import Namespace, ServiceAccount
from k8snb.resources.rbac import Binding, ClusterRole, ClusterRoleBinding, Role, RoleBinding

_API = "rbac.authorization.k8s.io/v1"
_VERBS = ("get", "list", "watch", "create", "update", "patch", "delete")
_READ = frozenset({"get", "list", "watch", "*"})
_POWERFUL = frozenset(
    {
        "secrets",
        "pods/exec",
        "pods/attach",
        "pods/portforward",
        "pods/ephemeralcontainers",
        "pods/proxy",
        "services/proxy",
        "nodes/proxy",
        "serviceaccounts/token",
        "certificatesigningrequests/approval",
        "roles",
        "clusterroles",
        "rolebindings",
        "clusterrolebindings",
        "validatingwebhookconfigurations",
        "mutatingwebhookconfigurations",
    }
)
"""What a narrowed role leaves out until somebody asks for it by name."""


def _binding(context: Context) -> Binding | None:
    wanted = RoleBinding if context.target.kind == "RoleBinding" else ClusterRoleBinding
    found = context.cluster.all(wanted, context.target.namespace or None)
    return next((one for one in found if one.name == context.target.name), None)


def _keeping(context: Context, keep: Callable[[Mapping[str, Any]], bool], note: str) -> Proposal:
    """Take subjects out of a binding; one of which nobody is left goes."""
    raw = context.read(context.target) or {}
    if not any(map(keep, raw.get("subjects") or ())):
        return Proposal(context.target, note=f"{note} Nobody else is bound by it, so it goes.")

    def edit(one: Raw) -> None:
        one["subjects"] = list(filter(keep, one.get("subjects") or ()))

    return Proposal(context.target, edit, note=note)


def _not_everybody(context: Context) -> Iterator[Proposed]:
    binding = _binding(context)
    if binding is not None and shipped(binding):
        yield _shipped(context.target)
        return
    yield _keeping(
        context, lambda one: one.get("name") not in EVERYBODY, "Whoever still needs it has to be bound by name, first."
    )


def _no_cluster_admin(context: Context) -> Iterator[Proposed]:
    note = "Whoever works through it loses every right that no other binding gives: bind a narrower role first."
    yield _keeping(context, lambda one: (one.get("kind"), one.get("name")) == ("Group", "system:masters"), note)


def _dangling(context: Context) -> Iterator[Proposed]:
    binding = _binding(context)
    if binding is None:
        return
    if granted(context.cluster, binding).rules is None or not binding.subjects:
        yield Proposal(
            context.target, note="It grants nothing today, and would grant again once somebody makes what it names."
        )
        return
    known = {(one.namespace or "default", one.name) for one in context.cluster.all(ServiceAccount)}
    known |= {(one.name, "default") for one in context.cluster.all(Namespace)}
    own = context.target.namespace

    def exists(one: Mapping[str, Any]) -> bool:
        return one.get("kind") != "ServiceAccount" or (one.get("namespace") or own, one.get("name")) in known

    yield _keeping(context, exists, "Subjects that do not exist grant nothing today.")


def _role_of(context: Context, binding: Binding) -> tuple[Target, Role | ClusterRole | None]:
    reference = binding.roleRef
    namespace = context.target.namespace if reference.kind == "Role" else ""
    kind: type[Role] | type[ClusterRole] = Role if reference.kind == "Role" else ClusterRole
    found = next((one for one in context.cluster.all(kind, namespace or None) if one.name == reference.name), None)
    return Target(_API, reference.kind, namespace, reference.name), found


def _no_secrets(context: Context) -> Iterator[Proposed]:
    """Take Secrets out of the role, not the role out of the binding."""
    binding = _binding(context)
    if binding is None:
        return
    target, role = _role_of(context, binding)
    if role is None or shipped(role) or getattr(role, "aggregationRule", None):
        yield _own_role(target)
    elif any("*" in (rule.resources or ()) for rule in role.rules or ()):
        yield from _narrowed(context, target)
    else:
        note = "Grant get on single Secrets by resourceNames where one is needed."
        yield Proposal(target, _without_secrets, note=note)


def _without_secrets(raw: Raw) -> None:
    rules = []
    for rule in raw.get("rules") or ():
        resources = rule.get("resources") or []
        reads = "secrets" in resources and not rule.get("resourceNames") and _READ & set(rule.get("verbs") or ())
        if not reads:
            rules.append(rule)
            continue
        others = [one for one in resources if one != "secrets"]
        verbs = [one for one in rule["verbs"] if one not in _READ]
        rules += [rule | {"resources": others}] if others else []
        rules += [rule | {"resources": ["secrets"], "verbs": verbs}] if verbs else []
    raw["rules"] = rules


def _shipped(target: Target) -> Procedure:
    return Procedure(
        f"Kubernetes ships {target} and restores it at every start of an API server.",
        (
            f'Annotate it with rbac.authorization.kubernetes.io/autoupdate: "false" if {target.name} stays changed.',
            "Compare its rules and subjects with a new cluster of the same version, and take out what was added.",
        ),
    )


def _own_role(target: Target) -> Procedure:
    return Procedure(
        f"{target} is shared, shipped with Kubernetes, or made of other roles: narrowing it would change it for all.",
        (
            "Write a Role of its own with the rules of that one that are really used, without Secrets; the audit log "
            "tells which these are.",
            "Bind it, try the application, then delete this binding (roleRef cannot be changed).",
        ),
    )


def _wildcards(context: Context) -> Iterator[Proposed]:
    kind: type[Role] | type[ClusterRole] = Role if context.target.kind == "Role" else ClusterRole
    found = context.cluster.all(kind, context.target.namespace or None)
    role = next((one for one in found if one.name == context.target.name), None)
    if role is not None and shipped(role):
        yield _shipped(context.target)
    else:
        yield from _narrowed(context, context.target)


def _narrowed(context: Context, target: Target) -> Iterator[Proposed]:
    """Propose what the cluster serves today instead of a wildcard, without what is a power of its own."""
    raw = context.read(target)
    if raw is None:
        return
    proposed: list[Raw] = []
    for rule in raw.get("rules") or ():
        proposed += _named(rule, context.discover)
    if not proposed and raw.get("rules"):
        yield Procedure(
            "What a wildcard stands for is asked of a live cluster; this source does not tell.",
            ("Plan against the cluster itself, or name the verbs and resources that the audit log shows.",),
        )
        return

    def edit(one: Raw) -> None:
        one["rules"] = proposed

    note = (
        "A proposal: what core, apps, batch and networking.k8s.io serve today where every group was meant, without "
        "Secrets, exec and RBAC. Cut it down by what the audit log shows."
    )
    yield Proposal(target, edit, note=note)


def _named(rule: Raw, discover: Callable[[str], Mapping[str, tuple[str, ...]]]) -> list[Raw]:
    """Give a rule without wildcards; several, where it stood for several groups."""
    resources, verbs = rule.get("resources") or [], rule.get("verbs") or []
    if not any(word == "*" or word.startswith("*/") for word in [*resources, *verbs]):
        return [rule]
    if rule.get("nonResourceURLs"):
        return [rule | {"verbs": ["get"]}]
    wanted = list(_VERBS) if "*" in verbs else verbs
    if not any("*" in word for word in resources):
        return [rule | {"verbs": wanted}]
    found = []
    groups = rule.get("apiGroups") or [""]
    for group in ["", "apps", "batch", "networking.k8s.io"] if "*" in groups else groups:
        served = [name for name in discover(group) if name not in _POWERFUL and _meant(name, resources)]
        kept = sorted({*served, *(name for name in resources if "*" not in name)})
        found += [rule | {"apiGroups": [group], "resources": kept, "verbs": wanted}] if kept else []
    return found


def _meant(name: str, patterns: list[str]) -> bool:
    return "*" in patterns or any(one.startswith("*/") and name.endswith(one[1:]) for one in patterns)


def _default_account(context: Context) -> Iterator[Proposed]:
    def edit(one: Raw) -> None:
        one["automountServiceAccountToken"] = False

    yield Proposal(
        context.target, edit, note="Pods that start from now on as `default` get no token; running ones keep theirs."
    )
    bound = [one for one in context.finding.evidence if one.at == "subjects" and one.observed]
    if bound:
        names = ", ".join(map(str, bound[0].observed))
        yield Procedure(
            f"`default` is bound by {names}.",
            ("Give the application an account of its own and bind that one, then take `default` out of these.",),
        )


RECIPES: dict[str, Recipe] = {
    "no-wildcard-roles": _wildcards,
    "cluster-admin-bindings": _no_cluster_admin,
    "no-anonymous-bindings": _not_everybody,
    "least-privilege-secrets": _no_secrets,
    "dangling-bindings": _dangling,
    "default-service-account": _default_account,
}
