"""The key of encrypted Secrets lies in a KMS."""

from collections.abc import Iterator

from k8snb.controls._encryption import CONFIGURED, counted, written
from k8snb.controls._flags import component
from k8snb.controls.model import Example, Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, SECRETS
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_EXPECTED = "the provider kms v2, first in its list"


@control(
    id="secrets-kms",
    chapter=CHAPTER,
    section=SECRETS,
    severity="medium",
    subject="cluster",
    reads=["pods"],
    title="The key of encrypted Secrets lies in a KMS",
    why=(
        "A key that lies in a file beside etcd is stolen with it. A key management service gives it out per use, logs "
        "that, and can withdraw it."
    ),
    fix=("Run a KMS v2 plugin of the key management service, and make it the first provider for secrets."),
    caution=(
        "Without the KMS the API server does not start, and Secrets cannot be read: it must be as available as etcd."
    ),
    remedy="manual",
    evidence=["metric", "flag"],
    references=References(
        nist_800_53=("SC-12", "SC-28"),
        nist_800_190=("4.3.5",),
        mitre=("T1552.007",),
    ),
    passing=[Example(CONFIGURED, facts=counted("k8s:enc:kms:v2:cloud:"))],
    failing=[component("kube-apiserver"), Example(CONFIGURED, facts=counted("k8s:enc:aescbc:v1:key1:"))],
)
def secrets_kms(cluster: Cluster) -> Iterator[Observation]:
    """The key of encrypted Secrets lies in a KMS."""
    return written(cluster, lambda providers: providers == {"kms v2"}, _EXPECTED)
