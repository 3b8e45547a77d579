"""Assess Kubernetes clusters against the NSA/CISA Kubernetes Hardening Guide.

`connect` reads a cluster, `assess` judges it, `prove` shows that a control can fail,
`plan` fixes what fails, and `control` makes your own.
"""

import importlib
from typing import TYPE_CHECKING, Any

from k8snb._version import __version__

if TYPE_CHECKING:
    from k8snb.assessment.assess import assess
    from k8snb.assessment.prove import prove
    from k8snb.controls import Example, Parameter, References, control, seen, unknown
    from k8snb.errors import K8snbError
    from k8snb.inventory.connect import connect
    from k8snb.remediation.planning import plan

_WHERE = {
    "assess": "k8snb.assessment.assess",
    "prove": "k8snb.assessment.prove",
    "connect": "k8snb.inventory.connect",
    "plan": "k8snb.remediation.planning",
    "K8snbError": "k8snb.errors",
    **dict.fromkeys(("load_ipython_extension", "unload_ipython_extension"), "k8snb.magics"),
    **dict.fromkeys(("Example", "Parameter", "References", "control", "seen", "unknown"), "k8snb.controls"),
}

__all__ = [
    "Example",
    "K8snbError",
    "Parameter",
    "References",
    "__version__",
    "assess",
    "connect",
    "control",
    "plan",
    "prove",
    "seen",
    "unknown",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        message = f"module 'k8snb' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return __all__
