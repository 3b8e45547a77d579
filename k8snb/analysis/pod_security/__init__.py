"""The Pod Security Standards, as Kubernetes' admission plugin computes them.

One small file a check; each gives every place that it looks at, allowed or not, so that controls can show what they
passed on. `registry` puts them together by level and version, `levels` applies them to an inventory.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/ and `k8s.io/pod-security-admission/policy`.
"""

from k8snb.analysis.pod_security.levels import NamespaceLevel, WorkloadLevel, levels
from k8snb.analysis.pod_security.model import LEVELS, Level, Place, Violation
from k8snb.analysis.pod_security.registry import admits, evaluate, level

__all__ = [
    "LEVELS",
    "Level",
    "NamespaceLevel",
    "Place",
    "Violation",
    "WorkloadLevel",
    "admits",
    "evaluate",
    "level",
    "levels",
]
