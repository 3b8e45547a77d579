"""Which checks make up a level, and what they say of a pod."""

import re
from functools import cache

from k8snb.analysis.pod_security import (
    apparmor_profile,
    capabilities_baseline,
    capabilities_restricted,
    host_namespaces,
    host_path_volumes,
    host_ports,
    host_probes,
    privilege_escalation,
    privileged,
    proc_mount,
    restricted_volumes,
    run_as_non_root,
    run_as_user,
    seccomp_profile,
    selinux_options,
    sysctls,
    windows_host_process,
)
from k8snb.analysis.pod_security.model import LEVELS, Check, Level, Look, Revision, Violation
from k8snb.errors import UsageError
from k8snb.resources.pod import PodTemplate

CHECKS: tuple[Check, ...] = (
    apparmor_profile.CHECK,
    capabilities_baseline.CHECK,
    host_namespaces.CHECK,
    host_path_volumes.CHECK,
    host_ports.CHECK,
    host_probes.CHECK,
    privileged.CHECK,
    proc_mount.BASELINE,
    seccomp_profile.BASELINE,
    selinux_options.CHECK,
    sysctls.CHECK,
    windows_host_process.CHECK,
    privilege_escalation.CHECK,
    capabilities_restricted.CHECK,
    proc_mount.RESTRICTED,
    restricted_volumes.CHECK,
    run_as_non_root.CHECK,
    run_as_user.CHECK,
    seccomp_profile.RESTRICTED,
)
LATEST = 37
"""The newest minor whose standards are known; later ones are judged by it, as the plugin does."""
_VERSION = re.compile(r"v?1\.(0|[1-9]\d{0,3})")


def minor(version: str) -> int:
    """Give the minor that a version of the standards means.

    Args:
        version: `latest`, or `v1.35`; `1.35` will do.

    Raises:
        UsageError: if it is neither.
    """
    if version == "latest":
        return LATEST
    found = _VERSION.fullmatch(version)
    if not found:
        raise UsageError(f"{version!r} is no version of the Pod Security Standards.", "Write `latest`, or `v1.35`.")
    return min(int(found[1]), LATEST)


def evaluate(template: PodTemplate, level: str, version: str = "latest") -> list[Violation]:
    """Tell what the Pod Security admission plugin would refuse in a pod.

    Args:
        template: The pod.
        level: `privileged`, `baseline` or `restricted`.
        version: Version of the standards, `latest` or `v1.35`.

    Returns:
        Every place that the level forbids, baseline checks first; none if it would be admitted.

    Raises:
        UsageError: if there is no such level or version.

    Source: Kubernetes, Pod Security Standards, as in `k8s.io/pod-security-admission` 1.37.
    """
    return [
        Violation(check, place.at, place.observed)
        for check, look in checks(_level(level), minor(version))
        for place in look(template)
        if not place.allowed
    ]


def level(template: PodTemplate, version: str = "latest") -> Level:
    """Give the strictest level that admits a pod.

    Args:
        template: The pod.
        version: Version of the standards.

    Raises:
        UsageError: if there is no such version.
    """
    for strict in reversed(LEVELS[1:]):
        if admits(template, strict, version):
            return strict
    return "privileged"


def admits(template: PodTemplate, wanted: Level, version: str = "latest") -> bool:
    """Say whether the plugin would admit a pod at a level.

    Args:
        template: The pod.
        wanted: The level.
        version: Version of the standards.

    Raises:
        UsageError: if there is no such version.
    """
    return all(place.allowed for _, look in checks(wanted, minor(version)) for place in look(template))


def _level(word: str) -> Level:
    found = next((one for one in LEVELS if one == word), None)
    if found is None:
        raise UsageError(f"{word!r} is no level of the Pod Security Standards.", f"Known: {', '.join(LEVELS)}.")
    return found


@cache
def checks(wanted: Level, number: int) -> tuple[tuple[str, Look], ...]:
    """Give the checks of a level at a minor, with their ids, without baseline ones that a restricted one overrides."""
    strictness = LEVELS.index(wanted)
    current = [
        (check.id, at) for check in CHECKS if LEVELS.index(check.level) <= strictness and (at := _at(check, number))
    ]
    overridden = {name for _, revision in current for name in revision.overrides}
    return tuple((name, revision.look) for name, revision in current if name not in overridden)


def _at(check: Check, number: int) -> Revision | None:
    return next((one for one in reversed(check.revisions) if one.since <= number), None)
