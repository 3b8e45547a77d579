"""Who answers for what, on a provider's cluster and on one's own."""

import pytest

from k8snb.analysis.operators import Operator
from k8snb.analysis.responsibility import responsible
from k8snb.controls import controls

EKS, OWN, UNKNOWN = Operator("EKS", True, ()), Operator("kubeadm", False, ()), Operator("unknown", None, ())


@pytest.mark.parametrize(
    ("control", "subject", "eks", "own", "unknown"),
    [
        ("etcd-tls", "etcd", "provider", "you", "unknown"),
        ("profiling-disabled", "control-plane", "provider", "you", "unknown"),
        ("secrets-kms", "cluster", "both", "you", "unknown"),
        ("audit-logging-enabled", "api-server", "both", "you", "unknown"),
        ("kubelet-tls", "node", "both", "you", "you"),
        ("kubeconfig-protection", "node", "provider", "you", "unknown"),
        ("run-as-non-root", "pod", "you", "you", "you"),
    ],
)
def test_who_answers(control: str, subject: str, eks: str, own: str, unknown: str) -> None:
    told = [responsible(one, control, subject).who for one in (EKS, OWN, UNKNOWN)]
    assert told == [eks, own, unknown]


def test_on_ones_own_cluster_nobody_else_answers() -> None:
    assert {responsible(OWN, one.id, one.subject).who for one in controls().values()} == {"you"}
