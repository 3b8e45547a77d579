"""Nothing is bound to anonymous callers or to everybody."""

from collections.abc import Iterator

from k8snb.analysis.rbac import EVERYBODY, default_roles, granted, shipped, told
from k8snb.analysis.words import clip, some
from k8snb.controls.authentication_authorization._shared import (
    CART,
    CHAPTER,
    RBAC,
    READ_PODS,
    SHIPPED,
    binding,
    cluster_role,
    group,
    role,
)
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding, PolicyRule

_EXPECTED = "none of system:anonymous, system:unauthenticated and system:authenticated"
_INFO = '[{nonResourceURLs: ["/version"], verbs: [get]}]'
_PUBLIC = "system:public-info-viewer"
_BOTH = f"{group('system:authenticated')[:-1]}, {group('system:unauthenticated')[1:]}"
_CLUSTER_INFO = ("kube-public", "kubeadm:bootstrap-signer-clusterinfo")
_ADMISSIBLE = frozenset({"authorization.k8s.io", "authentication.k8s.io"})


@control(
    id="no-anonymous-bindings",
    chapter=CHAPTER,
    section=RBAC,
    severity="critical",
    subject="binding",
    reads=["roles", "clusterroles"],
    title="Nothing is bound to anonymous callers or to everybody",
    why=(
        "A role that is bound to system:anonymous or system:unauthenticated is a gift to whoever reaches the "
        "API server. "
        "system:authenticated is everybody who has any account, every pod's ServiceAccount included."
    ),
    fix="Bind the role to the people and ServiceAccounts that need it, by name, and delete the binding.",
    caution=(
        "kubeadm publishes kube-public/cluster-info to anonymous callers so that nodes can join by token; "
        "without it they join with a discovery file."
    ),
    remedy="manual",
    references=References(
        nist_800_53=("AC-3", "AC-6", "AC-14"),
        nist_800_190=("3.3.2", "4.3.2"),
        mitre=("T1078", "T1133"),
        kubescape=("C-0262", "C-0265"),
    ),
    passing=[
        cluster_role(_PUBLIC, _INFO, SHIPPED) + binding(_PUBLIC, f"ClusterRole/{_PUBLIC}", _BOTH, SHIPPED),
        cluster_role("reader", READ_PODS) + binding("reader", "ClusterRole/reader", CART),
    ],
    failing=[
        binding("guests", "ClusterRole/view", group("system:unauthenticated")),
        binding("guests", "ClusterRole/view", "[{kind: User, name: 'system:anonymous'}]", kind="RoleBinding"),
        binding("staff", "ClusterRole/edit", group("system:authenticated")),
        cluster_role(_PUBLIC, READ_PODS, SHIPPED) + binding(_PUBLIC, f"ClusterRole/{_PUBLIC}", _BOTH, SHIPPED),
        role("r", READ_PODS) + binding("system:discovery", "ClusterRole/system:discovery", _BOTH, SHIPPED),
    ],
)
def no_anonymous_bindings(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    """Nothing is bound to anonymous callers or to everybody.

    The bindings by which Kubernetes publishes its version and API discovery are told apart, as long as neither their
    subjects nor what their role grants was changed.
    """
    public = [told(subject) for subject in one.subjects or () if subject.name in EVERYBODY]
    names = list(map(told, one.subjects or ()))
    if not public:
        yield seen(True, "subjects", names or None, _EXPECTED, "bound to nobody of the kind")
    elif _default(one, public):
        yield from _public_info(one, cluster)
    else:
        clause = f"{clip(one.roleRef.kind)} {clip(one.roleRef.name)} is bound to {some(public)}"
        if (one.namespace, one.name) == _CLUSTER_INFO:
            told_why = f"{clause}: kubeadm does so for nodes that join, one ConfigMap is readable"
            yield seen(False, "subjects", public, _EXPECTED, told_why, severity="low")
        else:
            yield seen(False, "subjects", public, _EXPECTED, clause)


def _default(one: Binding, public: list[str]) -> bool:
    """Whether Kubernetes ships this binding; only the version is shown to callers without an account."""
    allowed = {"Group/system:authenticated"} | ({"Group/system:unauthenticated"} if one.name == _PUBLIC else set())
    names = default_roles().groups_of_everybody
    return shipped(one) and one.name in names and one.roleRef.name == one.name and set(public) <= allowed


def _public_info(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    found = granted(cluster, one)
    harmful = [index for index, rule in enumerate(found.rules or ()) if not _harmless(rule, one.roleRef.name)]
    expected = (
        f"only the version, discovery and questions about oneself, as Kubernetes ships it ({default_roles().date})"
    )
    if harmful:
        clause = f"{found.role} is bound to everybody, and its rules were changed"
        yield seen(False, f"{found.role} rules[{harmful[0]}]", harmful, expected, clause)
    elif found.gap:
        yield unknown(found.gap, found.role, expected)
    else:
        yield seen(
            True, "subjects", [told(subject) for subject in one.subjects or ()], expected, "Kubernetes ships it so"
        )


def _urls(name: str) -> set[str]:
    """Give the URLs that Kubernetes shows by a role that it ships."""
    return {url for rule in default_roles().cluster_roles[name] for url in rule.nonResourceURLs or ()}


def _harmless(rule: PolicyRule, name: str) -> bool:
    verbs = set(rule.verbs or ())
    if rule.nonResourceURLs and not rule.resources:
        return verbs <= {"get"} and set(rule.nonResourceURLs) <= _urls(name)
    asking = all(one.startswith("self") and one.endswith("reviews") for one in rule.resources or ("",))
    return asking and verbs <= {"create"} and set(rule.apiGroups or ("",)) <= _ADMISSIBLE
