"""Flags of the control plane: both forms, defaults, and what cannot be seen."""

from typing import Any

import pytest
import yaml

import k8snb
from k8snb.controls import controls
from k8snb.controls._flags import component

FLAGS = [one for one in controls().values() if one.evidence == ("flag",)]
PKI = "/etc/kubernetes/pki"


def status(control: str, *manifests: str, complete: bool = True) -> set[tuple[str, str | None]]:
    objects: list[Any] = [one for text in manifests for one in yaml.safe_load_all(text)]
    result = k8snb.assess(k8snb.connect(objects=objects, complete=complete), controls=[control], all=True)
    return {(one.status, one.cause) for one in result.findings()}


@pytest.mark.parametrize("control", [one.id for one in FLAGS])
def test_without_a_component_nothing_is_earned(control: str) -> None:
    assert status(control, complete=False) == {("not-assessed", "not-collected")}


@pytest.mark.parametrize("control", [one.id for one in FLAGS])
def test_a_managed_control_plane_is_the_providers(control: str) -> None:
    cluster = k8snb.connect("demo")
    assert {one.cause for one in k8snb.assess(cluster, controls=[control], all=True).findings()} <= {None}
    objects = [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}}]
    found = k8snb.assess(k8snb.connect(objects=objects), controls=[control], all=True).findings()
    assert {one.status for one in found} == {"not-assessed"}


@pytest.mark.parametrize(
    ("control", "program", "flags", "expected"),
    [
        ("rbac-enabled", "kube-apiserver", ["authorization-config=/etc/kubernetes/authorization.yaml"], "not-assessed"),
        ("rbac-enabled", "kube-apiserver", ["authorization-mode=Node, RBAC"], "pass"),
        ("rbac-enabled", "kube-apiserver", ["authorization-mode=AlwaysAllow", "authorization-mode=RBAC"], "fail"),
        ("rbac-enabled", "kube-apiserver", ["authorization-mode=Node", "authorization-mode=RBAC"], "pass"),
        (
            "admission-plugins",
            "kube-apiserver",
            ["enable-admission-plugins=AlwaysAdmit", "enable-admission-plugins=NodeRestriction"],
            "fail",
        ),
        ("api-server-anonymous-auth", "kube-apiserver", ["anonymous-auth=true", "anonymous-auth=false"], "pass"),
        ("rbac-enabled", "kube-apiserver", ["authorization_mode=Node,RBAC"], "pass"),
        ("rbac-enabled", "kube-apiserver", ["authorization-mode="], "fail"),
        ("api-server-anonymous-auth", "kube-apiserver", ["anonymous-auth=F"], "pass"),
        ("api-server-anonymous-auth", "kube-apiserver", ["anonymous-auth=no"], "fail"),
        ("api-server-anonymous-auth", "kube-apiserver", ["authentication-config=/etc/auth.yaml"], "not-assessed"),
        ("strong-user-authentication", "kube-apiserver", ["authentication-config=/etc/auth.yaml"], "not-assessed"),
        ("etcd-client-authentication", "etcd", ["client-cert-auth", f"trusted-ca-file={PKI}/ca.crt"], "pass"),
        ("etcd-client-authentication", "etcd", ["config-file=/etc/etcd.yaml", "client-cert-auth=true"], "not-assessed"),
        ("etcd-client-authentication", "etcd", ["client-cert-auth=false", f"trusted-ca-file={PKI}/ca.crt"], "fail"),
        ("scheduler-bind-address", "kube-scheduler", ["bind-address=127.9.9.9"], "pass"),
        ("scheduler-bind-address", "kube-scheduler", ["bind-address=::"], "fail"),
        ("scheduler-bind-address", "kube-scheduler", ["bind-address=localhost"], "fail"),
        ("controller-manager-bind-address", "kube-controller-manager", ["address=127.0.0.1"], "fail"),
        ("api-server-etcd-tls", "kube-apiserver", [], "fail"),
        ("admission-plugins", "kube-apiserver", ["enable-admission-plugins=noderestriction"], "fail"),
    ],
)
def test_a_flag_has_the_meaning_that_the_component_gives_it(
    control: str, program: str, flags: list[str], expected: str
) -> None:
    assert {one for one, _ in status(control, component(program, *flags))} == {expected}


@pytest.mark.parametrize(
    ("version", "flags", "expected"),
    [
        ("v1.37.2", [], "not-applicable"),
        ("v1.24.0", [], "not-applicable"),
        ("v1.23.17", [], "pass"),
        ("v1.20.0", [], "pass"),
        ("v1.19.16", [], "fail"),
        ("v1.19.16", ["insecure-port=0"], "pass"),
        ("latest", [], "not-assessed"),
        ("latest", ["insecure-port=0"], "pass"),
        ("latest", ["insecure-port=8080"], "fail"),
    ],
)
def test_the_insecure_port_depends_on_the_version(version: str, flags: list[str], expected: str) -> None:
    found = status("api-server-insecure-port", component("kube-apiserver", *flags, version=version))
    assert {one for one, _ in found} == {expected}


@pytest.mark.parametrize(
    ("version", "expected"),
    [("v1.22.17", "fail"), ("v1.23.0", "pass"), ("v1.37.2", "pass"), ("latest", "not-assessed")],
)
def test_admission_plugins_have_the_defaults_of_the_version(version: str, expected: str) -> None:
    server = component("kube-apiserver", "enable-admission-plugins=NodeRestriction", version=version)
    assert {one for one, _ in status("admission-plugins", server)} == {expected}


def test_the_environment_of_etcd_may_hold_what_the_command_line_does_not() -> None:
    etcd = next(iter(yaml.safe_load_all(component("etcd", "client-cert-auth=true"))))
    etcd["spec"]["containers"][0]["env"] = [{"name": "ETCD_TRUSTED_CA_FILE", "value": f"{PKI}/etcd/ca.crt"}]
    result = k8snb.assess(k8snb.connect(objects=[etcd]), controls=["etcd-client-authentication"], all=True)
    assert [one.status for one in result.findings()] == ["not-assessed"]


def test_the_scheduler_may_be_configured_by_a_file() -> None:
    found = status("profiling-disabled", component("kube-scheduler", "config=/etc/scheduler.yaml", "profiling=false"))
    assert ("not-assessed", "not-collected") in found
    assert ("pass", None) not in found


def test_an_authority_that_cannot_be_compared_proves_nothing() -> None:
    own = component("etcd", f"trusted-ca-file={PKI}/etcd/ca.crt")
    assert {one for one, _ in status("etcd-own-ca", own)} == {"not-assessed"}
