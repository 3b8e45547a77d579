"""Controls that judge fields of a pod: the table of what passes, what fails and what does not apply."""

from pathlib import Path
from typing import Any

import pytest
import yaml

import k8snb
from k8snb.assessment.result import Finding

SAFE_POD = {"containers": [{"name": "app", "image": "registry.example.com/app:1.4.2"}]}


def judge(control: str, spec: dict[str, Any], annotations: dict[str, str] | None = None, **parameters: Any) -> Finding:
    metadata = {"name": "app", "namespace": "shop", "annotations": annotations}
    objects = [{"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}]
    result = k8snb.assess(k8snb.connect(objects=objects), controls=[control], parameters=parameters, all=True)
    (finding,) = result.findings()
    return finding


def spec_of(text: str) -> dict[str, Any]:
    """Read `c: {...}` as the securityContext of the container and `p: {...}` as the pod's; the rest is the spec."""
    given = yaml.safe_load(text) or {}
    container = {**SAFE_POD["containers"][0], "securityContext": given.pop("c", None), **given.pop("container", {})}
    return {"containers": [container], "securityContext": given.pop("p", None), **given}


def other(field: str, context: str) -> str:
    """Give a second container, in the list `field`, with that securityContext."""
    return f"{field}: [{{name: other, image: 'registry.example.com/other:1', securityContext: {context}}}]"


TABLE = {
    "run-as-non-root": [
        ("", "fail"),
        ("c: {runAsNonRoot: true}", "pass"),
        ("p: {runAsNonRoot: true}", "pass"),
        ("c: {runAsUser: 1000}", "pass"),
        ("p: {runAsUser: 1000}", "pass"),
        ("c: {runAsUser: 1000, runAsNonRoot: false}", "pass"),
        ("c: {runAsUser: 0}", "fail"),
        ("c: {runAsUser: 0, runAsNonRoot: true}", "fail"),
        ("p: {runAsUser: 0}\nc: {runAsNonRoot: true}", "fail"),
        ("p: {runAsUser: 0, runAsNonRoot: false}\nc: {runAsUser: 1000}", "pass"),
        ("p: {runAsUser: 1000}\nc: {runAsUser: 0}", "fail"),
        ("p: {runAsNonRoot: true}\nc: {runAsNonRoot: false}", "fail"),
        ("hostUsers: false", "pass"),
        ("hostUsers: false\nc: {runAsUser: 0}", "pass"),
        ("hostUsers: true", "fail"),
        ("c: {runAsNonRoot: true}\n" + other("initContainers", "{}"), "fail"),
        ("c: {runAsNonRoot: true}\n" + other("ephemeralContainers", "{runAsUser: 0}"), "fail"),
        ("c: {runAsNonRoot: true}\ninitContainers: null", "pass"),
    ],
    "run-as-non-root-group": [
        ("", "fail"),
        ("c: {runAsGroup: 1000}", "pass"),
        ("p: {runAsGroup: 1000}", "pass"),
        ("p: {runAsGroup: 1000}\nc: {runAsGroup: 0}", "fail"),
        ("p: {runAsGroup: 0}\nc: {runAsGroup: 1000}", "pass"),
        ("p: {runAsGroup: 1000, fsGroup: 0}", "fail"),
        ("p: {runAsGroup: 1000, fsGroup: 2000, supplementalGroups: [3000]}", "pass"),
        ("p: {runAsGroup: 1000, supplementalGroups: [3000, 0]}", "fail"),
        ("os: {name: windows}", "not-applicable"),
    ],
    "read-only-root-filesystem": [
        ("", "fail"),
        ("c: {readOnlyRootFilesystem: true}", "pass"),
        ("c: {readOnlyRootFilesystem: false}", "fail"),
        ("p: {readOnlyRootFilesystem: true}", "fail"),
        ("c: {readOnlyRootFilesystem: true}\n" + other("initContainers", "null"), "fail"),
        ("os: {name: windows}", "not-applicable"),
    ],
    "no-privileged-containers": [
        ("", "pass"),
        ("c: {privileged: false}", "pass"),
        ("c: {privileged: true}", "fail"),
        ("p: {privileged: true}", "pass"),
        (other("initContainers", "{privileged: true}"), "fail"),
        (other("ephemeralContainers", "{privileged: true}"), "fail"),
        ("os: {name: windows}", "not-applicable"),
    ],
    "no-host-pid": [("", "pass"), ("hostPID: false", "pass"), ("hostPID: true", "fail"), ("hostIPC: true", "pass")],
    "no-host-ipc": [("", "pass"), ("hostIPC: true", "fail"), ("hostPID: true", "pass")],
    "no-host-network": [
        ("", "pass"),
        ("hostNetwork: true", "fail"),
        ("os: {name: windows}\nhostNetwork: true", "fail"),
    ],
    "no-host-ports": [
        ("", "pass"),
        ("container: {ports: null}", "pass"),
        ("container: {ports: [{containerPort: 80}]}", "pass"),
        ("container: {ports: [{containerPort: 80, hostPort: 0}]}", "pass"),
        ("container: {ports: [{containerPort: 80}, {containerPort: 81, hostPort: 81}]}", "fail"),
    ],
    "no-privilege-escalation": [
        ("", "fail"),
        ("c: {allowPrivilegeEscalation: false}", "pass"),
        ("c: {allowPrivilegeEscalation: true}", "fail"),
        ("p: {allowPrivilegeEscalation: false}", "fail"),
        ("os: {name: windows}", "not-applicable"),
    ],
    "no-added-capabilities": [
        ("", "pass"),
        ("c: {capabilities: {add: null}}", "pass"),
        ("c: {capabilities: {add: [CHOWN, NET_BIND_SERVICE]}}", "pass"),
        ("c: {capabilities: {add: [NET_RAW]}}", "fail"),
        ("c: {capabilities: {add: [ALL]}}", "fail"),
        ("c: {capabilities: {add: [chown]}}", "fail"),
        ("c: {capabilities: {drop: [ALL], add: [SYS_ADMIN]}}", "fail"),
    ],
    "drop-all-capabilities": [
        ("", "fail"),
        ("c: {capabilities: {drop: [ALL]}}", "pass"),
        ("c: {capabilities: {drop: [NET_RAW, ALL], add: [NET_BIND_SERVICE]}}", "pass"),
        ("c: {capabilities: {drop: [ALL], add: [CHOWN]}}", "fail"),
        ("c: {capabilities: {drop: [all]}}", "fail"),
        ("c: {capabilities: {drop: null}}", "fail"),
        ("os: {name: windows}", "not-applicable"),
    ],
    "seccomp-profile": [
        ("", "fail"),
        ("p: {seccompProfile: {type: RuntimeDefault}}", "pass"),
        ("c: {seccompProfile: {type: Localhost, localhostProfile: app.json}}", "pass"),
        ("p: {seccompProfile: {type: RuntimeDefault}}\nc: {seccompProfile: {type: Unconfined}}", "fail"),
        ("p: {seccompProfile: {type: Unconfined}}\nc: {seccompProfile: {type: RuntimeDefault}}", "pass"),
        ("p: {seccompProfile: {}}", "fail"),
        ("os: {name: windows}", "not-applicable"),
    ],
    "apparmor-profile": [
        ("", "pass"),
        ("c: {appArmorProfile: {type: RuntimeDefault}}", "pass"),
        ("c: {appArmorProfile: {type: Unconfined}}", "fail"),
        ("p: {appArmorProfile: {type: Unconfined}}", "fail"),
        ("p: {appArmorProfile: {type: RuntimeDefault}}\nc: {appArmorProfile: {type: Unconfined}}", "fail"),
        ("p: {appArmorProfile: {}}", "fail"),
        ("os: {name: windows}", "not-applicable"),
    ],
    "selinux-options": [
        ("", "pass"),
        ("c: {seLinuxOptions: {type: container_engine_t}}", "pass"),
        ("c: {seLinuxOptions: {type: spc_t}}", "fail"),
        ("p: {seLinuxOptions: {role: system_r}}", "fail"),
        ("p: {seLinuxOptions: {user: ''}}", "pass"),
    ],
    "default-proc-mount": [
        ("", "pass"),
        ("c: {procMount: Default}", "pass"),
        ("c: {procMount: Unmasked}", "fail"),
        ("c: {procMount: Unmasked}\nhostUsers: false", "pass"),
    ],
    "safe-sysctls": [
        ("", "pass"),
        ("p: {sysctls: null}", "pass"),
        ("p: {sysctls: [{name: net.ipv4.tcp_notsent_lowat, value: '1'}]}", "pass"),
        ("p: {sysctls: [{name: kernel.msgmax, value: '1'}]}", "fail"),
        ("p: {sysctls: [{value: '1'}]}", "fail"),
    ],
    "no-windows-host-process": [
        ("", "pass"),
        ("c: {windowsOptions: {hostProcess: true}}", "fail"),
        ("p: {windowsOptions: {hostProcess: true}}\nc: {windowsOptions: {hostProcess: false}}", "fail"),
    ],
    "no-host-probes": [
        ("", "pass"),
        ("container: {livenessProbe: {httpGet: {path: /, port: 80}}}", "pass"),
        ("container: {livenessProbe: {httpGet: {host: '', port: 80}}}", "pass"),
        ("container: {startupProbe: {tcpSocket: {host: 127.0.0.1, port: 80}}}", "fail"),
        ("container: {lifecycle: {preStop: {httpGet: {host: 169.254.169.254, port: 80}}}}", "fail"),
    ],
    "restricted-volume-types": [
        ("", "pass"),
        ("volumes: null", "pass"),
        ("volumes: [{name: a, emptyDir: {}}, {name: b, image: {reference: app}}]", "pass"),
        ("volumes: [{name: a, emptyDir: null}]", "pass"),
        ("volumes: [{name: a, emptyDir: {}}, {name: b, hostPath: {path: /}}]", "fail"),
        ("volumes: [{name: a, iscsi: {}}]", "fail"),
    ],
    "no-host-path-volumes": [
        ("", "pass"),
        ("volumes: [{name: a, emptyDir: {}}]", "pass"),
        ("volumes: [{name: a, hostPath: {path: /srv}}]", "fail"),
        ("os: {name: windows}\nvolumes: [{name: a, hostPath: {path: 'C:\\data'}}]", "fail"),
    ],
    "pinned-image-tag": [
        ("container: {image: nginx}", "fail"),
        ("container: {image: 'nginx:latest'}", "fail"),
        ("container: {image: 'registry.example.com:5000/app'}", "fail"),
        ("container: {image: 'registry.example.com:5000/app:1'}", "pass"),
        ("container: {image: 'nginx@sha256:%s'}" % ("0" * 64), "pass"),
        ("container: {image: 'nginx:latest@sha256:%s'}" % ("0" * 64), "pass"),
        ("container: {image: ''}", "not-assessed"),
        ("container: {image: '{{ .Values.image }}'}", "not-assessed"),
        ("container: {image: 'nginx:1'}\ninitContainers: [{name: init, image: busybox}]", "fail"),
    ],
    "image-digest": [
        ("container: {image: 'nginx@sha256:%s'}" % ("a" * 64), "pass"),
        ("container: {image: 'nginx:1.29'}", "fail"),
        ("container: {image: 'nginx@sha256:short'}", "not-assessed"),
    ],
    "trusted-registry": [("", "not-assessed")],
}
CASES = [(control, text, status) for control, cases in TABLE.items() for text, status in cases]


@pytest.mark.parametrize(("control", "text", "status"), CASES)
def test_the_fields_of_a_pod_decide(control: str, text: str, status: str) -> None:
    assert judge(control, spec_of(text)).status == status


@pytest.mark.parametrize("control", TABLE)
@pytest.mark.parametrize("spec", [{}, {"containers": []}, {"containers": None}])
def test_a_pod_without_containers_never_passes(control: str, spec: dict[str, Any]) -> None:
    assert judge(control, spec).status == "not-assessed"


@pytest.mark.parametrize(
    ("control", "text", "at", "observed"),
    [
        ("run-as-non-root", "", "spec.containers[0].securityContext.runAsNonRoot", None),
        ("run-as-non-root", "p: {runAsUser: 0}", "spec.securityContext.runAsUser", 0),
        ("run-as-non-root", "c: {runAsUser: 0}", "spec.containers[0].securityContext.runAsUser", 0),
        ("run-as-non-root", "p: {runAsNonRoot: true}", "spec.securityContext.runAsNonRoot", True),
        (
            "run-as-non-root-group",
            "p: {runAsGroup: 1, supplementalGroups: [1, 0]}",
            "spec.securityContext.supplementalGroups[1]",
            0,
        ),
        ("no-privileged-containers", "c: {privileged: true}", "spec.containers[0].securityContext.privileged", True),
        ("no-host-pid", "hostPID: true", "spec.hostPID", True),
        ("no-host-ports", "container: {ports: [{hostPort: 80}]}", "spec.containers[0].ports[0].hostPort", 80),
        (
            "no-host-path-volumes",
            "volumes: [{name: a, hostPath: {path: /srv}}]",
            "spec.volumes[0].hostPath",
            {"path": "/srv"},
        ),
        (
            "no-added-capabilities",
            "c: {capabilities: {add: [KILL, BPF]}}",
            "spec.containers[0].securityContext.capabilities.add",
            ["BPF"],
        ),
        ("drop-all-capabilities", "", "spec.containers[0].securityContext.capabilities.drop", None),
        ("seccomp-profile", "", "spec.containers[0].securityContext.seccompProfile.type", None),
        ("safe-sysctls", "p: {sysctls: [{name: a}]}", "spec.securityContext.sysctls[0].name", "a"),
        (
            "no-host-probes",
            "container: {livenessProbe: {tcpSocket: {host: h}}}",
            "spec.containers[0].livenessProbe.tcpSocket.host",
            "h",
        ),
        ("restricted-volume-types", "volumes: [{name: a, nfs: {}}]", "spec.volumes[0]", "nfs"),
        ("pinned-image-tag", "container: {image: nginx}", "spec.containers[0].image", "nginx"),
    ],
)
def test_evidence_names_the_very_field(control: str, text: str, at: str, observed: Any) -> None:
    (evidence,) = judge(control, spec_of(text)).evidence[:1]
    assert (evidence.at, evidence.observed) == (at, observed)


@pytest.mark.parametrize(
    ("control", "text", "told"),
    [
        ("no-privileged-containers", "p: {privileged: true}", "no effect"),
        ("no-privilege-escalation", "p: {allowPrivilegeEscalation: false}", "no effect"),
        ("read-only-root-filesystem", "p: {readOnlyRootFilesystem: true}", "no effect"),
        ("drop-all-capabilities", "c: {capabilities: {drop: [all]}}", "only ALL in capitals"),
        ("run-as-non-root", "initContainers: [{name: x, restartPolicy: Always}]", "sidecar x"),
        ("run-as-non-root", "ephemeralContainers: [{name: x}]", "ephemeral container x"),
        ("run-as-non-root", "c: {runAsUser: 0}", "container app runs as user 0"),
    ],
)
def test_the_message_says_why(control: str, text: str, told: str) -> None:
    assert told in judge(control, spec_of(text)).message


@pytest.mark.parametrize("value", ["unconfined", "Unconfined", "runtime/other"])
def test_an_unconfined_annotation_fails(value: str) -> None:
    key = "container.apparmor.security.beta.kubernetes.io/app"
    assert judge("apparmor-profile", SAFE_POD, {key: value}).status == "fail"


@pytest.mark.parametrize("value", ["runtime/default", "localhost/app", ""])
def test_a_confining_annotation_passes(value: str) -> None:
    key = "container.apparmor.security.beta.kubernetes.io/app"
    assert judge("apparmor-profile", SAFE_POD, {key: value}).status == "pass"


@pytest.mark.parametrize(
    ("path", "mount", "severity"),
    [
        ("/", "{name: host}", "critical"),
        ("/", "{name: host, readOnly: true}", "high"),
        ("/", "{name: other}", "high"),
        ("/var", "{name: host, readOnly: false}", "critical"),
        ("/etc/", "{name: host}", "critical"),
        ("/etc/ssl/certs", "{name: host}", "critical"),
        ("/etcetera", "{name: host}", "high"),
        ("//etc/../root", "{name: host}", "critical"),
        ("/srv/containerd.sock", "{name: host}", "critical"),
        ("/var/lib/data", "{name: host}", "high"),
        ("", "{name: host}", "critical"),
    ],
)
def test_a_writable_way_to_the_node_is_critical(path: str, mount: str, severity: str) -> None:
    spec = spec_of(f"container: {{volumeMounts: [{mount}]}}\nvolumes: [{{name: host, hostPath: {{path: '{path}'}}}}]")
    assert judge("no-host-path-volumes", spec).severity == severity


def test_the_restricted_level_asks_for_proc_masks_in_user_namespaces_too() -> None:
    spec = spec_of("c: {procMount: Unmasked}\nhostUsers: false")
    assert judge("default-proc-mount", spec, pod_security_level="restricted").status == "fail"


@pytest.mark.parametrize(
    ("image", "trusted", "status"),
    [
        ("registry.example.com/app:1", ["registry.example.com"], "pass"),
        ("registry.example.com/team/app:1", ["registry.example.com/team"], "pass"),
        ("registry.example.com/teamwork/app:1", ["registry.example.com/team"], "fail"),
        ("registry.example.com.evil.example/app", ["registry.example.com"], "fail"),
        ("registry.example.com:5000/app", ["registry.example.com"], "fail"),
        ("nginx", ["docker.io"], "pass"),
        ("nginx", ["docker.io/library"], "pass"),
        ("docker.io/evil/nginx", ["docker.io/library"], "fail"),
        ("nginx", [], "fail"),
        ("nginx", [""], "fail"),
        ("NGINX:???", ["docker.io"], "not-assessed"),
    ],
)
def test_a_registry_is_trusted_by_whole_segments(image: str, trusted: list[str], status: str) -> None:
    spec = {"containers": [{"name": "app", "image": image}]}
    assert judge("trusted-registry", spec, trusted_registries=trusted).status == status


def test_without_a_list_of_registries_nothing_is_judged() -> None:
    assert judge("trusted-registry", SAFE_POD).cause == "not-configured"


FOLLOWS = {
    "allowprivilegeescalation": "no-privilege-escalation",
    "apparmorprofile": "apparmor-profile",
    "capabilities_baseline": "no-added-capabilities",
    "capabilities_restricted": "drop-all-capabilities",
    "hostpathvolumes": "no-host-path-volumes",
    "hostports": "no-host-ports",
    "hostprobesandhostlifecycle": "no-host-probes",
    "privileged": "no-privileged-containers",
    "procmount": "default-proc-mount",
    "procmount_restricted": "default-proc-mount",
    "restrictedvolumes": "restricted-volume-types",
    "runasnonroot": "run-as-non-root",
    "runasuser": "run-as-non-root",
    "seccompprofile_baseline": "seccomp-profile",
    "seccompprofile_restricted": "seccomp-profile",
    "selinuxoptions": "selinux-options",
    "sysctls": "safe-sysctls",
    "windowshostprocess": "no-windows-host-process",
}


def test_the_controls_agree_with_the_fixtures_of_kubernetes(fixtures: Path) -> None:
    differing = []
    for path in sorted((fixtures / "pod-security-standards").glob("*/*/*.yaml")):
        control = FOLLOWS.get(path.stem.rstrip("0123456789"))
        wanted, outcome = path.parts[-3:-1]
        if control is None or (outcome == "pass" and wanted == "baseline" and control in {"seccomp-profile"}):
            continue
        manifest = yaml.safe_load(path.read_text())
        found = judge(control, manifest["spec"], manifest["metadata"].get("annotations"), pod_security_level=wanted)
        if found.status != outcome:
            differing.append((wanted, outcome, path.stem, found.status))
    assert differing == []


@pytest.mark.parametrize("field", ["hostPID", "hostIPC", "hostNetwork"])
def test_host_namespace_fixtures_fail_the_control_of_their_field(fixtures: Path, field: str) -> None:
    control = {"hostPID": "no-host-pid", "hostIPC": "no-host-ipc", "hostNetwork": "no-host-network"}[field]
    for path in (fixtures / "pod-security-standards").glob("*/fail/hostnamespaces*.yaml"):
        spec = yaml.safe_load(path.read_text())["spec"]
        assert judge(control, spec).status == ("fail" if spec.get(field) else "pass")
