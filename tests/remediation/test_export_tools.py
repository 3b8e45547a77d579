"""Exports run by the real tools: kustomize and the script, with kubectl, against a real API server; and by a shell."""

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import k8snb
from k8snb.remediation.edits import diff
from k8snb.remediation.export import export
from k8snb.remediation.patch import settled
from k8snb.remediation.plan import Plan
from k8snb.remediation.planning import plans
from tests.remediation.conftest import Planner
from tests.remediation.server import Raw, Server
from tests.remediation.test_export import HOSTILE
from tests.remediation.test_families import READER, RULES, USER, bound, container, deployment, role, secured, service

KUBECTL = shutil.which("kubectl")
CONTROLS = [
    "no-privileged-containers",
    "seccomp-profile",
    "no-host-ports",
    "read-only-root-filesystem",
    "no-node-ports",
    "limit-range",
    "default-deny-egress",
    "no-wildcard-roles",
    "dangling-bindings",
]
CLASSICS = [
    *HOSTILE,
    '"; touch escaped; "',
    "$(touch escaped)",
    "`touch escaped`",
    "| touch escaped",
    "\n touch escaped\n",
    "--kubeconfig=/dev/null",
    "EOF\ntouch escaped\n",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    '","admin":true,"x":"',
    "${jndi:x}",
    "%0a%0d",
    "../../escaped",
    "a\x00b",
    "\u2028alert(1)",
    "{{ 7*7 }}",
    "]]>",
]


@pytest.fixture
def kubectl(server: Server) -> Any:
    """Run kubectl as the administrator of the control plane."""
    if KUBECTL is None:
        pytest.skip("no kubectl on PATH")

    def run(*words: str, stdin: str | None = None) -> str:
        return told([KUBECTL or "", *words], server, stdin)

    return run


def told(words: list[str], server: Server, stdin: str | None = None, **more: str) -> str:
    environment = os.environ | {"KUBECONFIG": str(server.home.kubeconfig)} | more
    done = subprocess.run(words, env=environment, input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def failing(server: Server, namespace: str) -> None:
    spec = secured(privileged=True)
    spec["containers"] = [
        container(securityContext={"privileged": True}, ports=[{"containerPort": 80, "hostPort": 8080}])
    ]
    deployment(server, namespace, spec)
    service(type="NodePort")(server, namespace)
    role(server, namespace)
    bound({"kind": "Role", "name": "gone"}, [USER])(server, namespace)
    reader = {"metadata": {"name": "reader"}, "rules": RULES[:1]}
    rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
    server.make(f"{rbac}/roles", reader)
    reference = {"apiGroup": "rbac.authorization.k8s.io", **READER}
    subjects = [USER, {"kind": "ServiceAccount", "name": "gone", "namespace": namespace}]
    server.make(f"{rbac}/rolebindings", {"metadata": {"name": "half"}, "roleRef": reference, "subjects": subjects})


LISTED = {
    "apps/v1": ["deployments"],
    "v1": ["services", "serviceaccounts", "configmaps", "limitranges", "resourcequotas"],
    "networking.k8s.io/v1": ["networkpolicies"],
    "rbac.authorization.k8s.io/v1": ["roles", "rolebindings"],
}


def objects(server: Server, namespace: str) -> dict[tuple[str, str], Raw]:
    """Give all objects of a namespace that people make, without what the server counts."""
    found = {}
    for version, names in LISTED.items():
        for name in names:
            root = "/api/v1" if version == "v1" else f"/apis/{version}"
            for one in server.get(f"{root}/namespaces/{namespace}/{name}")["items"]:
                found[name, one["metadata"]["name"]] = settled(one) or {}
    return found


def expected(before: dict[tuple[str, str], Raw], found: tuple[Plan, ...]) -> dict[tuple[str, str], Raw]:
    after = dict(before)
    for step in (step for one in found for step in one.preview().steps):
        target = step.change.target
        key = (target.known.plural if target.known else "", target.name)
        after.pop(key, None)
        if step.stored is not None:
            after[key] = {key: value for key, value in (settled(step.stored) or {}).items() if key not in _TYPED}
    return after


_TYPED = {"apiVersion", "kind"}


def fails(server: Server, namespace: str) -> set[tuple[str, str]]:
    cluster = k8snb.connect(kubeconfig=str(server.home.kubeconfig), namespaces=(namespace,))
    return {(one.control, str(one.subject)) for one in k8snb.assess(cluster, controls=CONTROLS).findings(status="fail")}


def test_the_script_does_what_the_plans_say_and_nothing_else(
    server: Server, namespace: str, planned: Planner, kubectl: Any, tmp_path: Path
) -> None:
    assert kubectl
    failing(server, namespace)
    found = planned(*CONTROLS)
    wanted = expected(objects(server, namespace), found)
    before, failed = objects(server, namespace), fails(server, namespace)
    export(found, tmp_path / "out")
    told(["sh", str(tmp_path / "out" / "apply.sh")], server, DRY_RUN="server")
    assert objects(server, namespace) == before, "a trial changes nothing"
    told(["sh", str(tmp_path / "out" / "apply.sh")], server)
    assert objects(server, namespace) == wanted
    gone = failed - fails(server, namespace)
    assert {control for control, _ in gone} == set(CONTROLS)
    fixed = {(one.control, str(one.subject)) for plan in found for one in plan.preview().difference.fixed}
    assert gone <= fixed


def test_kustomize_takes_the_component(
    server: Server, namespace: str, planned: Planner, kubectl: Any, tmp_path: Path
) -> None:
    failing(server, namespace)
    found = planned(*CONTROLS)
    export(found, tmp_path / "out")
    touched = [step.change.before for one in found for step in one.preview().steps if step.change.before]
    (tmp_path / "live.yaml").write_text(yaml.safe_dump_all([settled(one) for one in touched]))
    root = {"resources": ["live.yaml"], "components": ["out"]}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(root))
    built = list(yaml.safe_load_all(kubectl("kustomize", str(tmp_path))))
    kinds = sorted(one["kind"] for one in built)
    gone = sum(step.change.verb == "delete" for one in found for step in one.preview().steps)
    made = sum(step.change.verb == "create" for one in found for step in one.preview().steps)
    assert len(built) == len(touched) + made - gone
    assert kinds.count("RoleBinding") == 1
    wanted = {_key(step.stored): step.stored for one in found for step in one.preview().steps if step.stored}
    for verb in ("replace", "create"):
        some = [one for one in built if (_key(one) in map(_key, touched)) == (verb == "replace")]
        answer = kubectl(verb, "--dry-run=server", "-o", "yaml", "-f", "-", stdin=yaml.safe_dump_all(some))
        tried = [one for document in yaml.safe_load_all(answer) for one in document.get("items", [document])]
        assert len(tried) == len(some)
        for one in tried:
            assert list(diff(body(wanted[_key(one)]), body(one))) == []
    assert kubectl("apply", "--dry-run=server", "-k", str(tmp_path)).count("server dry run") == len(built)


def _key(raw: Raw) -> tuple[str, str]:
    return raw["kind"], raw["metadata"]["name"]


def body(raw: Raw) -> Raw:
    return {key: value for key, value in raw.items() if key not in {"metadata", "status"}}


FAKE = """#!/bin/sh
for one in "$@"; do printf '%s\\0' "$one" >> "$RECORD"; done
printf '\\n\\0' >> "$RECORD"
"""
TEXTS = st.sampled_from(CLASSICS) | st.text(max_size=20)


def hostile(text: str, other: str) -> list[Raw]:
    """Give objects in which every text that somebody may write is one."""
    metadata = {"name": text or "a", "namespace": "shop", "labels": {other: text}, "annotations": {text: other}}
    pod = {
        "containers": [{"name": text or "a", "image": text, "args": [other], "env": [{"name": other, "value": text}]}],
        "volumes": [{"name": other, "hostPath": {"path": text}}],
    }
    group = "rbac.authorization.k8s.io"
    return [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {"template": {"spec": pod}}},
        {
            "apiVersion": f"{group}/v1",
            "kind": "RoleBinding",
            "metadata": metadata,
            "roleRef": {"kind": "ClusterRole", "name": "cluster-admin", "apiGroup": group},
            "subjects": [{"kind": "User", "name": other, "apiGroup": group}],
        },
        {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"externalIPs": [text], "ports": []}},
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "annotations": {text: other}}},
    ]


def recorded(folder: Path, place: Path) -> list[list[str]]:
    """Run the script of an export where the only programs are `dirname` and a kubectl that writes down its words."""
    programs, record = place / "bin", place / "record"
    programs.mkdir()
    record.write_text("")
    (programs / "kubectl").write_text(FAKE)
    (programs / "kubectl").chmod(stat.S_IRWXU)
    (programs / "dirname").symlink_to(shutil.which("dirname") or "/usr/bin/dirname")
    environment = {"PATH": str(programs), "RECORD": str(record)}
    shell = shutil.which("sh") or "/bin/sh"
    done = subprocess.run(
        [shell, str(folder / "apply.sh")], env=environment, cwd=place, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    return [one.rstrip("\0").split("\0") for one in record.read_text().split("\n\0") if one]


WANTED = ["run-as-non-root", "read-only-root-filesystem", "cluster-admin-bindings", "no-external-ips", "limit-range"]


def check_export(text: str, other: str, place: Path) -> int:
    found = k8snb.assess(k8snb.connect(objects=hostile(text, other)), controls=WANTED)
    out = place / "out"
    made = plans(found, controls=WANTED)
    export(made, out)
    before = sorted(one.relative_to(place) for one in out.rglob("*"))
    calls = recorded(out, place)
    changes = [one for plan in made for one in plan.changes]
    assert [(one[0], one[1]) for one in calls] == [(one.verb, "--dry-run=none") for one in changes]
    for words in calls:
        files = [word for word in words if word.endswith(".yaml")]
        assert words[2:] in (["-f", files[0]], ["-f", files[0], "--type", "strategic", "--patch-file", files[0]])
        assert (out / files[0]).is_file()
    assert sorted(one.relative_to(place) for one in out.rglob("*")) == before
    assert not list(place.rglob("escaped"))
    return len(calls)


@pytest.mark.parametrize("text", CLASSICS, ids=[json.dumps(one) for one in CLASSICS])
def test_no_classic_breaks_out_of_the_script(text: str, tmp_path: Path) -> None:
    assert check_export(text, text, tmp_path) >= 3


@given(text=TEXTS, other=TEXTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_out_of_the_script(tmp_path_factory: pytest.TempPathFactory, text: str, other: str) -> None:
    check_export(text, other, tmp_path_factory.mktemp("script"))
