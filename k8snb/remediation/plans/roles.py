"""Roles: narrowed, from what is granted and what the cluster serves."""

from collections.abc import Callable, Iterator, Mapping

from k8snb.analysis.rbac import shipped
from k8snb.remediation.objects import Raw
from k8snb.remediation.plans.model import Context, Procedure, Proposal, Proposed, Recipe
from k8snb.remediation.target import Target
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


def binding_of(context: Context) -> Binding | None:
    """Give the binding that a finding is about; None where it is not in the inventory."""
    wanted = RoleBinding if context.target.kind == "RoleBinding" else ClusterRoleBinding
    found = context.cluster.all(wanted, context.target.namespace or None)
    return next((one for one in found if one.name == context.target.name), None)


def _role_of(context: Context, binding: Binding) -> tuple[Target, Role | ClusterRole | None]:
    reference = binding.roleRef
    namespace = context.target.namespace if reference.kind == "Role" else ""
    kind: type[Role] | type[ClusterRole] = Role if reference.kind == "Role" else ClusterRole
    found = next((one for one in context.cluster.all(kind, namespace or None) if one.name == reference.name), None)
    return Target(_API, reference.kind, namespace, reference.name), found


def _no_secrets(context: Context) -> Iterator[Proposed]:
    """Take Secrets out of the role, not the role out of the binding."""
    binding = binding_of(context)
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


def ships(target: Target) -> Procedure:
    """Tell what to do about what Kubernetes ships, and somebody changed."""
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
        yield ships(context.target)
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
    if not any(map(_wild, [*resources, *verbs])):
        return [rule]
    if rule.get("nonResourceURLs"):
        return [rule | {"verbs": ["get"]}]
    wanted = list(_VERBS) if "*" in verbs else verbs
    if not any(map(_wild, resources)):
        return [rule | {"verbs": wanted}]
    found = []
    groups = rule.get("apiGroups") or [""]
    for group in ["", "apps", "batch", "networking.k8s.io"] if "*" in groups else groups:
        served = [name for name in discover(group) if name not in _POWERFUL and _meant(name, resources)]
        kept = sorted({*served, *(name for name in resources if not _wild(name))})
        found += [rule | {"apiGroups": [group], "resources": kept, "verbs": wanted}] if kept else []
    return found


def _wild(word: str) -> bool:
    return word == "*" or word.startswith("*/")


def _meant(name: str, patterns: list[str]) -> bool:
    return "*" in patterns or any(one.startswith("*/") and name.endswith(one[1:]) for one in patterns)


RECIPES: dict[str, Recipe] = {
    "no-wildcard-roles": _wildcards,
    "least-privilege-secrets": _no_secrets,
}
