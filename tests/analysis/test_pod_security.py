"""The Pod Security Standards agree with Kubernetes' own fixtures, version for version."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

import k8snb
from k8snb.analysis.pod_security import evaluate, level, levels
from k8snb.analysis.pod_security.registry import CHECKS, LATEST, checks
from k8snb.errors import UsageError
from k8snb.resources.pod import PodSpec, PodTemplate

FIXTURES = 148
ALSO = {
    # HostProcess needs the network of the node; a privileged container may not forbid escalation; no context, no drop.
    **{(level_, f"windowshostprocess{n}"): {"hostnamespaces"} for level_ in ("baseline", "restricted") for n in (0, 1)},
    **{("restricted", f"privileged{n}"): {"allowprivilegeescalation"} for n in (0, 1)},
    ("restricted", "allowprivilegeescalation3"): {"capabilities_restricted"},
}
SAFE = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def read(path: Path) -> PodTemplate:
    (workload,) = k8snb.connect(objects=[yaml.safe_load(path.read_text())]).workloads
    return workload.template


def template(container: dict[str, Any] | None = None, **spec: Any) -> PodTemplate:
    content = {"containers": [{"name": "app", "securityContext": {**SAFE, **(container or {})}}], **spec}
    return PodTemplate(msgspec.convert(content, PodSpec))


def failing(pod: PodTemplate, wanted: str, version: str = "latest") -> set[str]:
    return {violation.check for violation in evaluate(pod, wanted, version)}


def test_every_fixture_of_kubernetes_agrees(fixtures: Path) -> None:
    folder = fixtures / "pod-security-standards"
    agreed = 0
    for path in sorted(folder.glob("*/*/*.yaml")):
        wanted, outcome = path.parts[-3:-1]
        check = path.stem.rstrip("0123456789")
        failed = {name.lower() for name in failing(read(path), wanted)}
        if outcome == "pass":
            assert not failed, path
            assert level(read(path)) in {wanted, "restricted"}, path
        else:
            assert failed == _names(check, wanted, path.stem), path
        agreed += 1
    print(f"{agreed} Pod Security fixtures agree")
    assert agreed >= FIXTURES


def _names(check: str, level_: str, stem: str) -> set[str]:
    """A restricted check takes the place of the baseline one that it overrides."""
    heirs = {name.lower(): one.id.lower() for one in CHECKS for name in one.revisions[-1].overrides}
    return {heirs.get(check, check) if level_ == "restricted" else check, *ALSO.get((level_, stem), ())}


@pytest.mark.parametrize(
    ("wanted", "version", "container", "spec", "expected"),
    [
        (
            "restricted",
            "v1.24",
            {"allowPrivilegeEscalation": None},
            {"os": {"name": "windows"}},
            {"allowPrivilegeEscalation"},
        ),
        ("restricted", "v1.25", {"allowPrivilegeEscalation": None}, {"os": {"name": "windows"}}, set()),
        ("restricted", "v1.7", {"allowPrivilegeEscalation": True}, {}, set()),
        ("restricted", "v1.34", {"runAsUser": 0}, {"hostUsers": False}, {"runAsUser"}),
        ("restricted", "v1.35", {"runAsUser": 0}, {"hostUsers": False}, set()),
        ("restricted", "v1.22", {"runAsUser": 0}, {}, set()),
        ("restricted", "v1.34", {"runAsNonRoot": False}, {"hostUsers": False}, {"runAsNonRoot"}),
        ("restricted", "latest", {"runAsNonRoot": False}, {"hostUsers": False}, set()),
        ("baseline", "v1.34", {"procMount": "Unmasked"}, {"hostUsers": False}, {"procMount"}),
        ("baseline", "v1.35", {"procMount": "Unmasked"}, {"hostUsers": False}, set()),
        ("restricted", "v1.35", {"procMount": "Unmasked"}, {"hostUsers": False}, {"procMount_restricted"}),
        ("baseline", "v1.30", {"seLinuxOptions": {"type": "container_engine_t"}}, {}, {"seLinuxOptions"}),
        ("baseline", "v1.31", {"seLinuxOptions": {"type": "container_engine_t"}}, {}, set()),
        ("baseline", "v1.33", {}, {"containers": [{"livenessProbe": {"tcpSocket": {"host": "10.0.0.1"}}}]}, set()),
        ("restricted", "v1.21", {"capabilities": {"add": ["SYS_ADMIN"]}}, {}, {"capabilities_baseline"}),
        ("restricted", "v1.22", {"capabilities": {"add": ["SYS_ADMIN"]}}, {}, {"capabilities_restricted"}),
        ("restricted", "v1.18", {"seccompProfile": None}, {}, set()),
        ("restricted", "v1.19", {"seccompProfile": None}, {}, {"seccompProfile_restricted"}),
        ("restricted", "v1.99", {"seccompProfile": None}, {}, {"seccompProfile_restricted"}),
        ("privileged", "latest", {"privileged": True}, {"hostPID": True}, set()),
    ],
)
def test_a_check_applies_from_its_version_on(
    wanted: str, version: str, container: dict[str, Any], spec: dict[str, Any], expected: set[str]
) -> None:
    assert failing(template(container, **spec), wanted, version) == expected


@pytest.mark.parametrize(
    ("sysctl", "since"),
    [
        ("net.ipv4.tcp_syncookies", 0),
        ("net.ipv4.ip_local_reserved_ports", 27),
        ("net.ipv4.tcp_fin_timeout", 29),
        ("net.ipv4.tcp_rmem", 32),
        ("net.ipv4.tcp_notsent_lowat", 37),
        ("kernel.msgmax", 99),
    ],
)
def test_a_sysctl_is_safe_from_its_version_on(sysctl: str, since: int) -> None:
    pod = template(securityContext={"sysctls": [{"name": sysctl, "value": "1"}]})
    allowed = [minor for minor in range(LATEST + 1) if not failing(pod, "baseline", f"v1.{minor}")]
    assert allowed == list(range(since, LATEST + 1))


def test_a_pod_that_says_false_fails_even_where_its_container_says_true() -> None:
    pod = template({"runAsNonRoot": True}, securityContext={"runAsNonRoot": False})
    assert [one.at for one in evaluate(pod, "restricted")] == ["spec.securityContext.runAsNonRoot"]


def test_a_violation_says_where_and_what() -> None:
    pod = template(initContainers=[{"name": "init", "securityContext": {**SAFE, "privileged": True}}])
    (found,) = evaluate(pod, "baseline")
    assert (found.check, found.at, found.observed) == (
        "privileged",
        "spec.initContainers[0].securityContext.privileged",
        True,
    )


@pytest.mark.parametrize(("word", "version"), [("strict", "latest"), ("baseline", "1.x"), ("baseline", "v2.0")])
def test_what_does_not_exist_is_told(word: str, version: str) -> None:
    with pytest.raises(UsageError):
        evaluate(template(), word, version)


def test_restricted_leaves_out_only_what_it_overrides() -> None:
    ids = [name for name, _ in checks("restricted", LATEST)]
    overridden = {"capabilities_baseline", "seccompProfile_baseline", "procMount", "hostPathVolumes"}
    assert set(ids) == {one.id for one in CHECKS} - overridden
    assert len(ids) == len(set(ids))


def pod(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop"}, "spec": spec}


def test_a_namespace_has_the_level_of_its_weakest_workload() -> None:
    safe = {"containers": [{"name": "app", "securityContext": SAFE}]}
    labels = {"pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/warn": "restricted"}
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}}
    plain = pod("plain", {"containers": [{"name": "app"}]})
    (found,) = levels(k8snb.connect(objects=[namespace, pod("safe", safe), plain]))
    assert (found.enforce, found.audit, found.warn, found.level) == ("baseline", None, "restricted", "baseline")
    assert {one.workload.name: one.level for one in found.workloads} == {"safe": "restricted", "plain": "baseline"}


@pytest.mark.parametrize("objects", [[], [pod("empty", {})]])
def test_nothing_to_judge_has_no_level(objects: list[dict[str, Any]]) -> None:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    (found,) = levels(k8snb.connect(objects=[namespace, *objects]))
    assert found.level is None


@pytest.mark.parametrize(("ports", "expected"), [([{"containerPort": 80}], True), ([], False)])
def test_the_server_gives_ports_of_the_node_to_a_pod_on_its_network(
    ports: list[dict[str, Any]], *, expected: bool
) -> None:
    pod_ = template({}, hostNetwork=True, containers=[{"name": "a", "ports": ports}])
    assert ("hostPorts" in failing(pod_, "baseline")) == expected
