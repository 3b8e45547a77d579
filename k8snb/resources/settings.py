"""The settings of network plugins that are kept of a ConfigMap: words such as `true`, never anything else.

Source: the plugins' own configuration: Cilium (`cilium-config`) and the Amazon VPC CNI (`amazon-vpc-cni`).
"""

import re

from k8snb.resources.core import ConfigMap

KEPT = {
    "cilium-config": ("enable-policy", "enable-k8s-networkpolicy", "enable-wireguard", "enable-ipsec"),
    "amazon-vpc-cni": ("enable-network-policy-controller",),
}
_WORD = re.compile(r"[A-Za-z]{1,16}")


def kept(config: ConfigMap) -> dict[str, str] | None:
    """Give the settings of a ConfigMap that are kept; None where it is no plugin's.

    Args:
        config: As it was read.
    """
    if config.namespace != "kube-system" or config.name not in KEPT:
        return None
    data = config.data or {}
    found = {key: (data.get(key) or "").strip() for key in KEPT[config.name] if key in data}
    return {key: value if _WORD.fullmatch(value) else "" for key, value in found.items()}
