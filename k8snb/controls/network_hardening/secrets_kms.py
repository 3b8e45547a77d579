"""The key of encrypted Secrets lies in a KMS."""

from collections.abc import Iterator

from k8snb.controls._encryption import CONFIGURED, by_flags, by_metric, counted, provider, written_with
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
    """The key of encrypted Secrets lies in a KMS.

    What an API server counted when it wrote Secrets decides for it; for others, and where none was written, the flags
    do. A configuration that is named, but cannot be seen at work, proves nothing.

    Source: Kubernetes, "Encrypting Confidential Data at Rest".
    """
    prefixes, told = written_with(cluster), by_flags(cluster, _EXPECTED)
    if prefixes:
        yield by_metric(prefixes, set(map(provider, prefixes)) == {"kms v2"}, _EXPECTED)
        told = (one for one in told if one.holds is False)
    yield from told
