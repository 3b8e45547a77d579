"""Fields of pods, and those that a pod and its containers share."""

from functools import partial

from k8snb.analysis.pod_security.sysctls import SAFE
from k8snb.remediation.objects import Raw
from k8snb.remediation.plans.containers import containers, context, contexts
from k8snb.remediation.plans.model import Recipe, Template, on_template

GROUP = 10_001
"""A group that no image and no node knows."""
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_FILTERING = ("RuntimeDefault", "Localhost")
_SAFE = frozenset(name for names in SAFE.values() for name in names)


def _without(field: str, template: Raw) -> str:
    template["spec"].pop(field, None)
    return ""


def _non_root(template: Raw) -> str:
    """Ask for another user than root; where root is asked for by number, the image's own user takes its place."""
    numbers = False
    for found in contexts(template):
        numbers = numbers or found.get("runAsUser") == 0
        if found.get("runAsUser") == 0:
            found.pop("runAsUser")
    for one in containers(template):
        if (one.get("securityContext") or {}).get("runAsNonRoot") is False:
            one["securityContext"].pop("runAsNonRoot")
    context(template["spec"])["runAsNonRoot"] = True
    if not numbers:
        return "An image whose user is root, or a name instead of a number, will not start: build it with USER 10001."
    return "runAsUser 0 goes: the image's own user is used, which must be a number other than 0, or it will not start."


def _groups(template: Raw) -> str:
    spec = context(template["spec"])
    for found in contexts(template):
        if found.get("runAsGroup") == 0:
            found.pop("runAsGroup")
    if spec.get("fsGroup") == 0:
        spec.pop("fsGroup")
    if 0 in (spec.get("supplementalGroups") or ()):
        spec["supplementalGroups"] = [one for one in spec["supplementalGroups"] if one != 0]
    if not spec.get("runAsGroup"):
        user = spec.get("runAsUser")
        spec["runAsGroup"] = user if isinstance(user, int) and user > 0 else GROUP
    return f"The group becomes {spec['runAsGroup']}; choose the one that owns the application's files."


def _profile(field: str, template: Raw) -> str:
    """Ask for the runtime's profile where none, or none that filters, is set."""
    for one in containers(template):
        found = one.get("securityContext") or {}
        if found.get(field) and found[field].get("type") not in _FILTERING:
            found.pop(field)
    spec = context(template["spec"])
    if (spec.get(field) or {}).get("type") not in _FILTERING:
        spec[field] = {"type": "RuntimeDefault"}
    return ""


def _apparmor(template: Raw) -> str:
    annotations = (template.get("metadata") or {}).get("annotations") or {}
    for key in [one for one in annotations if one.startswith(_APPARMOR)]:
        if annotations[key] not in {"", "runtime/default"} and not annotations[key].startswith("localhost/"):
            del annotations[key]
    return _profile("appArmorProfile", template)


def _sysctls(template: Raw) -> str:
    spec = context(template["spec"])
    lost = [one for one in spec.get("sysctls") or () if one.get("name") not in _SAFE]
    if lost:
        spec["sysctls"] = [one for one in spec["sysctls"] if one not in lost]
        if not spec["sysctls"]:
            del spec["sysctls"]
    return (
        f"{', '.join(str(one.get('name')) for one in lost)} goes; set it on the node if it is needed." if lost else ""
    )


def _windows(template: Raw) -> str:
    for found in contexts(template):
        (found.get("windowsOptions") or {}).pop("hostProcess", None)
    return _without("hostNetwork", template)


def _no_token(template: Raw) -> str:
    template["spec"]["automountServiceAccountToken"] = False
    return "An application that does call the API stops doing so; a token that is mounted by hand stays."


_CHANGES: dict[str, Template] = {
    "run-as-non-root": _non_root,
    "run-as-non-root-group": _groups,
    "no-host-network": partial(_without, "hostNetwork"),
    "no-host-pid": partial(_without, "hostPID"),
    "no-host-ipc": partial(_without, "hostIPC"),
    "seccomp-profile": partial(_profile, "seccompProfile"),
    "apparmor-profile": _apparmor,
    "safe-sysctls": _sysctls,
    "no-windows-host-process": _windows,
    "no-service-account-token": _no_token,
}
RECIPES: dict[str, Recipe] = {control: on_template(change) for control, change in _CHANGES.items()}
