"""The admission plugins that guard the cluster are on."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.analysis.releases import Version, parse
from k8snb.controls._flags import at, component, given, judge, unseen
from k8snb.controls.authentication_authorization._shared import CHAPTER, RBAC
from k8snb.controls.model import Observation, References, unknown
from k8snb.controls.registry import control

_ON, _OFF = "enable-admission-plugins", "disable-admission-plugins"
_WANTED = ("NodeRestriction", "ServiceAccount", "NamespaceLifecycle", "PodSecurity")
_DEFAULT = {
    "ServiceAccount": Version(1, 10, 0),
    "NamespaceLifecycle": Version(1, 10, 0),
    "PodSecurity": Version(1, 23, 0),
}
"""The release from which on a plugin is on by default."""
_EXPECTED = "NodeRestriction, ServiceAccount, NamespaceLifecycle and PodSecurity; no AlwaysAdmit"


def default(one: Component, plugin: str) -> bool | None:
    """Say whether a plugin is on by default in this server's version; None where that is not known."""
    since, version = _DEFAULT.get(plugin), parse(one.version)
    if since is None:
        return False
    return None if version is None else version >= since


@control(
    id="admission-plugins",
    chapter=CHAPTER,
    section=RBAC,
    severity="high",
    subject="api-server",
    reads=["pods"],
    title="The admission plugins that guard the cluster are on",
    why=(
        "NodeRestriction keeps a kubelet to its own node and pods; ServiceAccount, NamespaceLifecycle and "
        "PodSecurity are what many other measures stand on."
    ),
    fix=(
        "Set --enable-admission-plugins=NodeRestriction beside what is there, and take AlwaysAdmit and any "
        "--disable-admission-plugins of the others away."
    ),
    caution=("Agents that label nodes with the kubelet credentials are refused by NodeRestriction."),
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("1.2.10", "1.2.12", "1.2.13", "1.2.14"),
        nist_800_53=("AC-3", "CM-7"),
        nist_800_190=("4.3.1",),
        mitre=("T1078", "T1611"),
        kubescape=("C-0122", "C-0125", "C-0126", "C-0127"),
        kube_bench=("1.2.10", "1.2.12", "1.2.13", "1.2.14"),
    ),
    passing=[
        component("kube-apiserver", "enable-admission-plugins=NodeRestriction"),
        component("kube-apiserver", "enable-admission-plugins=NodeRestriction,PodSecurity", version="v1.24.17"),
    ],
    failing=[
        component("kube-apiserver"),
        component("kube-apiserver", "enable-admission-plugins=NodeRestriction,AlwaysAdmit"),
        component(
            "kube-apiserver", "enable-admission-plugins=NodeRestriction", "disable-admission-plugins=PodSecurity"
        ),
        component(
            "kube-apiserver",
            "enable-admission-plugins=NodeRestriction",
            "disable-admission-plugins=ServiceAccount,NodeRestriction",
        ),
    ],
)
def admission_plugins(one: Component) -> Iterator[Observation]:
    """The admission plugins that guard the cluster are on.

    Defaults of the server's version count. A plugin both enabled and disabled counts as disabled here: the server
    refuses to start so. Before 1.22 there is no PodSecurity to turn on. Source: Kubernetes, "Admission Controllers".
    """
    hidden = unseen(one, _ON, _EXPECTED)
    if hidden:
        yield hidden
        return
    on, off = (frozenset((given(one, name) or "").replace(" ", "").split(",")) for name in (_ON, _OFF))
    yield judge(one, _ON, "AlwaysAdmit" not in on, "no AlwaysAdmit")
    for plugin in _WANTED:
        known = plugin in on or default(one, plugin)
        if known is None:
            clause = f"whether {plugin} is on by default depends on the version, which is not known"
            yield unknown("not-collected", at(one, _ON), plugin, clause)
        else:
            disabled = plugin in off
            clause = f"{plugin} is {'disabled' if disabled else 'on' if known else 'not enabled'}"
            yield judge(one, _OFF if disabled else _ON, known and not disabled, plugin, clause)
