"""What was not assessed comes with what would settle it, and the commands exist."""

import re
import shlex
from typing import get_args

import pytest
import typer.main

from k8snb.access.settle import ways
from k8snb.assessment.result import Finding, SourceRecord, Subject
from k8snb.cli import app
from k8snb.controls import controls
from k8snb.inventory.coverage import Coverage
from k8snb.sources.stream import Cause

CATALOGUE = controls()
CAUSES = get_args(Cause)
COVERAGE = (Coverage("pods", 3, None), Coverage("nodes", 0, "forbidden", "nodes is forbidden"))
OUTSIDE = "nodes may exist outside of shop/"


def finding(
    control: str, cause: Cause | None, message: str = "", origin: str | None = None, name: str = "w1"
) -> Finding:
    status = "not-assessed" if cause else "fail"
    subject = Subject("v1", "Node", "", name)
    one = CATALOGUE[control]
    return Finding("f", control, one.chapter, one.severity, status, cause, subject, message, (), origin=origin)


def source(kind: str, name: str = "shop/") -> SourceRecord:
    return SourceRecord(kind, name, None, None, "", "")


def commands(one: Finding, kind: str = "context", name: str = "prod") -> list[str]:
    return [way.command for way in ways(one, CATALOGUE[one.control], source(kind, name), COVERAGE)]


@pytest.mark.parametrize(
    ("control", "cause", "kind", "message", "wanted"),
    [
        ("node-exposure", "forbidden", "context", "", "k8snb rbac | kubectl apply -f -"),
        ("node-exposure", "forbidden", "context", "", "k8snb preflight context:prod"),
        ("api-server-tls", "forbidden", "context", "", "k8snb rbac --level evidence | kubectl apply -f -"),
        ("api-server-tls", "not-collected", "sandbox", "", "k8snb rbac --level evidence | kubectl apply -f -"),
        ("kubelet-tls", "not-collected", "context", "", "k8snb assess context:prod --kubelets"),
        ("kubelet-tls", "not-collected", "context", "", "k8snb assess context:prod --evidence NODE.json"),
        ("kubelet-tls", "not-collected", "manifests", OUTSIDE, "k8snb assess prod --complete"),
        ("kubelet-tls", "not-collected", "manifests", OUTSIDE, "k8snb assess context:NAME"),
        ("rbac-enabled", "managed-by-provider", "context", "", "k8snb assess context:prod --evidence cluster.json"),
        ("api-server-exposure", "not-collected", "context", "", "k8snb assess context:prod --evidence cluster.json"),
        ("trusted-registry", "not-configured", "demo", "", "k8snb assess prod -p trusted_registries=VALUE"),
        ("audit-policy-coverage", "not-configured", "demo", "", "k8snb assess prod -p audit_policy=VALUE"),
        ("image-vulnerability-scan", "not-collected", "demo", "", "k8snb assess prod -p image_scans=VALUE"),
        ("no-host-pid", "timeout", "context", "", "k8snb assess context:prod --request-timeout 2m"),
        ("no-host-pid", "unreachable", "context", "", "k8snb assess context:prod"),
        ("sandboxed-runtime", "unsupported", "context", "", "k8snb assess context:prod --attestations FILE"),
    ],
)
def test_what_settles_a_finding(control: str, cause: Cause, kind: str, message: str, wanted: str) -> None:
    assert wanted in commands(finding(control, cause, message), kind)


@pytest.mark.parametrize(
    ("control", "cause", "kind", "unwanted"),
    [
        ("image-vulnerability-scan", "not-collected", "manifests", "--complete"),
        ("no-host-pid", "forbidden", "context", "--level evidence"),
        ("no-host-pid", "not-collected", "context", "--kubelets"),
        ("no-host-pid", "not-collected", "context", "--evidence"),
        ("kubelet-tls", "malformed", "context", "--kubelets"),
        ("trusted-registry", "timeout", "context", "-p "),
    ],
)
def test_what_does_not_settle_it_is_not_told(control: str, cause: Cause, kind: str, unwanted: str) -> None:
    assert not [one for one in commands(finding(control, cause), kind) if unwanted in one]


def test_what_is_not_readable_is_named() -> None:
    told = [way.what for way in ways(finding("node-exposure", "forbidden"), CATALOGUE["node-exposure"], None, COVERAGE)]
    assert any("read nodes;" in one for one in told)


def test_a_settled_finding_has_nothing_to_settle() -> None:
    assert commands(finding("no-host-pid", None)) == []


def test_the_file_of_a_malformed_object_is_named() -> None:
    one = finding("no-host-pid", "malformed", origin="shop/it's.yaml:3")
    assert shlex.split(commands(one)[0]) == ["kubectl", "apply", "--dry-run=server", "-f", "shop/it's.yaml"]


@pytest.mark.parametrize("name", ["prod", "a b", "$(reboot)", "x; reboot", "it's", "{source}"])
@pytest.mark.parametrize("kind", ["context", "manifests"])
def test_a_name_never_becomes_a_command(name: str, kind: str) -> None:
    word = f"context:{name}" if kind == "context" else name
    for command in commands(finding("no-host-pid", "not-collected", name=name), kind, name):
        assert shlex.split(command)[2] in {word, "context:NAME"}


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("kind", ["context", "manifests", "snapshot", "demo", "sandbox"])
def test_every_command_exists(cause: Cause, kind: str) -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for control in CATALOGUE:
        found = commands(finding(control, cause, OUTSIDE, "shop/a.yaml:1"), kind)
        assert found[-1].endswith("--attestations FILE")
        for command in found:
            for word, options in re.findall(r"k8snb (\w+)([^|]*)", command):
                flags = {flag for option in known[word].params for flag in option.opts}
                assert set(re.findall(r"(?<= )--?[a-z][a-z-]*", options)) <= flags
