"""Who holds which power, where, and by which bindings; and the figure of it."""

import pytest

from k8snb.analysis.power_holders import holders
from k8snb.display.figures.powers import power_map
from tests.controls.authentication_authorization.rbac_objects import binding, connect, role, rule

EXEC, SECRETS = "least-privilege-exec", "least-privilege-secrets"
READER = role("reader", rule("get secrets"), rule("create pods/exec"))
HALVES = [
    role("half", rule("update certificatesigningrequests/approval", "certificates.k8s.io")),
    role("rest", rule("approve signers", "certificates.k8s.io")),
    binding("ClusterRole/half", "User/ana", name="half"),
    binding("ClusterRole/rest", "User/ana", name="rest"),
]


def test_holders() -> None:
    bound = [
        binding("ClusterRole/reader", "User/ana", "Group/system:masters", name="wide"),
        binding("ClusterRole/reader", "ServiceAccount/shop/cart", namespace="shop", name="local"),
        binding("ClusterRole/view", "User/bob", name="view"),
    ]
    wide, local = ["ClusterRoleBinding/wide"], ["RoleBinding/shop/local"]
    assert [(one.subject, one.place, dict(one.powers)) for one in holders(connect(READER, *bound))] == [
        (("User", "ana"), "", {SECRETS: wide, EXEC: wide}),
        (("ServiceAccount", "shop/cart"), "shop", {SECRETS: local, EXEC: local}),
    ]


def test_what_two_bindings_give_together() -> None:
    (one,) = holders(connect(*HALVES))
    assert dict(one.powers) == {"least-privilege-certificates": ["ClusterRoleBinding/half", "ClusterRoleBinding/rest"]}


@pytest.mark.parametrize(("places", "shown"), [(["everywhere"], "all"), (["a", "b"], "2"), ([], "·")])
def test_the_figure_counts_namespaces(places: list[str], shown: str) -> None:
    figure = power_map({"User/ana": {"read Secrets": places}}, ["read Secrets"], "Powers")
    text = figure._repr_mimebundle_()["text/plain"]
    assert text.splitlines()[-1].split() == ["User/ana", shown]
