"""Which rules give which power, to whom and where."""

from typing import Any

import pytest

from k8snb.analysis.powers import POWERS

from .rbac_objects import RBAC, binding, connect, judge, role, rule

ADMISSION, CERTIFICATES, IDENTITIES = "admissionregistration.k8s.io", "certificates.k8s.io", "authentication.k8s.io"
APPROVAL, STATUS = "certificatesigningrequests/approval", "certificatesigningrequests/status"
SIGNERS = rule("approve signers", CERTIFICATES, "kubernetes.io/kube-apiserver-client")
FAILS: dict[str, list[list[Any]]] = {
    "exec": [
        [rule("create pods/exec")],
        [rule("get pods/exec")],
        [rule("get */attach")],
        [rule("* pods/portforward")],
        [rule("patch pods/ephemeralcontainers", names="db-0")],
        [rule("create *")],
    ],
    "workload-creation": [
        [rule("create pods")],
        [rule("patch pods", names="db-0")],
        [rule("create,patch pods", names="db-0")],
        [rule("update replicationcontrollers")],
        [rule("create daemonsets", "apps")],
        [rule("patch *", "apps")],
        [rule("create cronjobs", "batch")],
        [rule("create jobs", "*")],
    ],
    "escalation-verbs": [
        [rule("bind clusterroles", RBAC)],
        [rule("bind clusterroles", RBAC, "view")],
        [rule("escalate roles", RBAC)],
        [rule("* clusterroles", RBAC)],
        [rule("impersonate users")],
        [rule("impersonate groups", names="support")],
        [rule("impersonate serviceaccounts", "*")],
        [rule("impersonate:user-info users", IDENTITIES)],
        [rule("impersonate:arbitrary-node nodes", IDENTITIES)],
    ],
    "node-proxy": [[rule("get nodes/proxy")], [rule("create */proxy")], [rule("* nodes/proxy", names="w1")]],
    "tokens": [[rule("create serviceaccounts/token")], [rule("create serviceaccounts/token", names="default")]],
    "admission": [
        [rule("patch validatingwebhookconfigurations", ADMISSION, "guard")],
        [rule("delete validatingadmissionpolicies", ADMISSION)],
        [rule("deletecollection mutatingwebhookconfigurations", ADMISSION)],
        [rule("create mutatingadmissionpolicybindings", ADMISSION)],
    ],
    "certificates": [
        [rule(f"update {APPROVAL}", CERTIFICATES), SIGNERS],
        [rule("patch */approval", CERTIFICATES), SIGNERS],
        [rule(f"patch {STATUS}", CERTIFICATES), rule("sign signers", CERTIFICATES)],
        [rule("* *", CERTIFICATES)],
    ],
    "volumes": [[rule("create persistentvolumes")], [rule("create,patch persistentvolumes", names="a")]],
    "secrets": [[rule("watch secrets")], [rule("* *", "*")]],
}
PASSES: dict[str, list[list[Any]]] = {
    "exec": [[rule("create pods/*")], [rule("list pods/exec")], [rule("create pods/exec", "apps")], [rule("get pods")]],
    "workload-creation": [
        [rule("create pods", names="db-0")],
        [rule("create podtemplates")],
        [rule("create pods/binding,bindings")],
        [rule("patch deployments/scale", "apps")],
        [rule("update */scale", "*")],
        [rule("create deployments")],
        [rule("delete,deletecollection pods")],
    ],
    "escalation-verbs": [
        [rule("create clusterrolebindings", RBAC)],
        [rule("bind clusterroles")],
        [rule("impersonate pods")],
        [rule("impersonate userextras/scopes", IDENTITIES)],
    ],
    "node-proxy": [[rule("get nodes/metrics,nodes")], [rule("list nodes/proxy")], [rule("get pods/proxy")]],
    "tokens": [[rule("get serviceaccounts/token")], [rule("create serviceaccounts")]],
    "admission": [
        [rule("get,list,watch *", ADMISSION)],
        [rule("deletecollection mutatingwebhookconfigurations", ADMISSION, "guard")],
        [rule("create validatingadmissionpolicies/status", ADMISSION)],
    ],
    "certificates": [
        [rule(f"update {APPROVAL}", CERTIFICATES)],
        [SIGNERS],
        [rule(f"update {APPROVAL}", CERTIFICATES), rule("sign signers", CERTIFICATES)],
        [rule(f"create,get {APPROVAL}", CERTIFICATES), SIGNERS],
    ],
    "volumes": [
        [rule("patch,update persistentvolumes")],
        [rule("create persistentvolumes", names="a")],
        [rule("create persistentvolumes", names="a"), rule("patch persistentvolumes", names="b")],
        [rule("create persistentvolumeclaims")],
    ],
    "secrets": [[rule("get secrets", names="db")], [rule("create,delete secrets")]],
}


def cases(rules: dict[str, list[list[Any]]]) -> list[tuple[str, list[Any]]]:
    return [(f"least-privilege-{name}", one) for name, many in rules.items() for one in many]


@pytest.mark.parametrize(("control", "rules"), cases(FAILS))
def test_rules_that_give_a_power(control: str, rules: list[Any]) -> None:
    finding = judge(control, connect(role("theirs", *rules), binding("ClusterRole/theirs", "User/ana")))
    assert finding.status == "fail"
    assert "User/ana" in finding.message
    assert finding.evidence[0].at.startswith("ClusterRole/theirs rules[")


@pytest.mark.parametrize(("control", "rules"), cases(PASSES))
def test_rules_that_only_look_so(control: str, rules: list[Any]) -> None:
    finding = judge(control, connect(role("theirs", *rules), binding("ClusterRole/theirs", "User/ana")))
    assert finding.status == "pass"


EVERYWHERE = {"node-proxy", "admission", "certificates", "volumes"}


@pytest.mark.parametrize("control", POWERS)
def test_a_role_binding_gives_only_what_is_in_a_namespace(control: str) -> None:
    bound = binding("ClusterRole/root", "Group/team", namespace="shop")
    finding = judge(control, connect(role("root", rule("* *", "*")), bound))
    assert finding.status == ("pass" if control.removeprefix("least-privilege-") in EVERYWHERE else "fail")


@pytest.mark.parametrize("control", POWERS)
@pytest.mark.parametrize(
    ("objects", "whole", "part"),
    [
        ([binding("ClusterRole/cluster-admin", "User/ana")], "fail", "fail"),
        ([binding("ClusterRole/view", "User/ana")], "pass", "pass"),
        ([binding("ClusterRole/gone", "User/ana")], "pass", "not-assessed"),
        ([binding("ClusterRole/cluster-admin")], "not-applicable", "not-applicable"),
        ([role("whole", aggregates="part"), binding("ClusterRole/whole", "User/ana")], "pass", "not-assessed"),
        (
            [
                role("whole", aggregates="part"),
                role("root", rule("* *", "*"), labels={"part": "true"}),
                binding("ClusterRole/whole", "User/ana"),
            ],
            "fail",
            "fail",
        ),
    ],
)
def test_roles_are_resolved_as_far_as_they_were_read(control: str, objects: list[Any], whole: str, part: str) -> None:
    assert judge(control, connect(*objects)).status == whole
    assert judge(control, connect(*objects, complete=False)).status == part


HALVES = [
    role("half", rule(f"update {APPROVAL}", CERTIFICATES)),
    role("rest", SIGNERS),
    binding("ClusterRole/half", "ServiceAccount/shop/cart", name="half"),
]


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        (binding("ClusterRole/rest", "ServiceAccount/shop/cart", name="rest"), "fail"),
        (binding("ClusterRole/rest", "User/system:serviceaccount:shop:cart", name="rest"), "fail"),
        (binding("ClusterRole/rest", "Group/system:serviceaccounts:shop", name="rest"), "fail"),
        (binding("ClusterRole/rest", "Group/system:authenticated", name="rest"), "fail"),
        (binding("ClusterRole/rest", "ServiceAccount/shop/other", name="rest"), "pass"),
        (binding("ClusterRole/rest", "ServiceAccount/shop/cart", name="rest", namespace="shop"), "pass"),
    ],
)
def test_a_power_that_two_bindings_give_together(rest: dict[str, Any], expected: str) -> None:
    finding = judge("least-privilege-certificates", connect(*HALVES, rest), "ClusterRoleBinding/half")
    assert finding.status == expected


@pytest.mark.parametrize(
    ("unread", "expected"),
    [(("clusterrolebindings", None), "not-assessed"), (("rolebindings", None), "pass"), (("roles", None), "pass")],
)
def test_the_other_half_may_stand_in_a_binding_that_was_not_read(unread: Any, expected: str) -> None:
    assert judge("least-privilege-certificates", connect(*HALVES, unread=unread)).status == expected


@pytest.mark.parametrize("words", ["create serviceaccounts/token", "get nodes/proxy", "bind,escalate clusterroles"])
def test_a_power_more_in_a_role_that_kubernetes_ships_is_a_change(words: str) -> None:
    changed = role("system:node-proxier", rule(words, "*"), labels={"kubernetes.io/bootstrapping": "rbac-defaults"})
    finding = judge("no-wildcard-roles", connect(changed))
    assert finding.status == "fail"
    assert "was changed" in finding.message
