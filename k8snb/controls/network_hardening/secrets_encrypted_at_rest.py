"""Secrets are encrypted in etcd."""

from collections.abc import Iterator

from k8snb.controls._encryption import CONFIGURED, counted, written
from k8snb.controls._flags import component
from k8snb.controls.model import Example, Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, SECRETS
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_EXPECTED = "an encryption provider other than identity, first in its list"


@control(
    id="secrets-encrypted-at-rest",
    chapter=CHAPTER,
    section=SECRETS,
    severity="critical",
    subject="cluster",
    reads=["pods"],
    title="Secrets are encrypted in etcd",
    why=(
        "By default Secrets lie in etcd as they are. Whoever gets at its files, a backup of them or its port has every "
        "password and token of the cluster."
    ),
    fix=(
        "Write an EncryptionConfiguration whose first provider for secrets is kms or secretbox, set "
        "--encryption-provider-config, and write all Secrets again: kubectl get secrets -A -o json | "
        "kubectl replace -f -."
    ),
    caution=(
        "Without its key nothing can be read any more: keep the key, or the KMS, as safe as a backup. Every API server "
        "needs the same file."
    ),
    remedy="manual",
    evidence=["metric", "flag"],
    references=References(
        cis=("1.2.27", "1.2.28"),
        nist_800_53=("SC-28",),
        nist_800_190=("4.3.5",),
        mitre=("T1552.007",),
        kubescape=("C-0066", "C-0141", "C-0142"),
        trivy=("KCV-0030",),
        kube_bench=("1.2.27", "1.2.28"),
    ),
    passing=[Example(CONFIGURED, facts=counted("k8s:enc:secretbox:v1:"))],
    failing=[component("kube-apiserver"), Example(CONFIGURED, facts=counted(""))],
)
def secrets_encrypted_at_rest(cluster: Cluster) -> Iterator[Observation]:
    """Secrets are encrypted in etcd."""
    return written(cluster, lambda providers: "identity" not in providers, _EXPECTED)
