"""Fixes as files: they hold the fix and nothing else, whatever the names are; edited manifests stay as they were."""

import difflib
import re
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import k8snb
from k8snb.errors import UsageError
from k8snb.remediation.edits import diff
from k8snb.remediation.patch import Change
from k8snb.remediation.planning import plans
from k8snb.remediation.target import Target
from k8snb.remediation.text import yaml as written
from k8snb.sources.yaml11 import Document, documents
from tests.remediation.conftest import Planner
from tests.remediation.server import Server
from tests.remediation.test_families import TEMPLATES, deployment

HOSTILE = [
    "'; rm -rf ~; '",
    "$(id)",
    "`id`",
    "a\nb: c",
    "---\nkind: Secret",
    "{{ .Values }}",
    'x"]}, {',
    "\u202eevil",
    "-n",
    "on",
    "1e3",
    "<script>",
    "a # b",
    "\x1b[31m",
    "*a",
    "&a b",
    "!!python/object",
]
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))
NAMES = TEXT.map(lambda one: re.sub("[/%]", "", one)).filter(
    lambda one: one not in {"", ".", ".."} and one.isprintable() is not None
)
MANIFEST = """\
# The shop, kept by hand.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart   # do not rename
  namespace: 'shop'
  labels: {app: cart, "team": "on"}
spec:
    replicas: 2        # two are enough
    selector: {matchLabels: {app: cart}}
    template:
        metadata: {labels: {app: cart}}
        spec:
            # One container only.
            containers:
            - name: cart
              image: "registry.example.com/cart:1.4.2"
              ports:
                  - containerPort: 80   # the door
                    hostPort: 8080
              env:
              - {name: MODE, value: 'yes'}
              args: [ "--fast",  "--mode=0644" ]
              securityContext: {privileged: yes}   # why?

            nodeSelector: {disk: ssd}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{port: 80}]}
"""
CONTROLS = ["no-privileged-containers", "no-host-ports", "run-as-non-root", "seccomp-profile", "drop-all-capabilities"]


def exported(source: Any, controls: list[str], folder: Path) -> dict[str, str]:
    cluster = k8snb.connect(objects=source) if isinstance(source, list) else k8snb.connect(str(source))
    found = plans(k8snb.assess(cluster, controls=controls), controls=controls)
    from k8snb.remediation.export import export

    export(found, folder)
    return {str(one.relative_to(folder)): one.read_bytes().decode() for one in folder.rglob("*") if one.is_file()}


def read(text: str) -> Any:
    (one,) = documents(text.encode("utf-8", "surrogatepass"), "file")
    assert isinstance(one, Document), one
    return one.value


@given(name=NAMES, key=TEXT, value=TEXT, image=TEXT)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_name_breaks_out_of_a_file(
    tmp_path_factory: pytest.TempPathFactory, name: str, key: str, value: str, image: str
) -> None:
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": name, "annotations": {key: value}},
        "rules": [{"apiGroups": ["apps"], "resources": [f"x{value}"], "verbs": ["*"]}],
    }
    spec = {"containers": [{"name": name, "image": image}], "volumes": [{"name": value, "hostPath": {"path": value}}]}
    workload = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop", "annotations": {key: value}},
        "spec": {"template": {"spec": spec}},
    }
    folder = tmp_path_factory.mktemp("export") / "out"
    files = exported(
        [role, workload], ["no-wildcard-roles", "read-only-root-filesystem", "no-host-path-volumes"], folder
    )
    patches = [read(text) for file, text in files.items() if file.startswith("patches/")]
    assert sorted(one["kind"] for one in patches) == ["ClusterRole", "Deployment"]
    assert all(one["metadata"]["name"] == name for one in patches)
    assert all(yaml.safe_load(text) is not None for file, text in files.items() if file.endswith(".yaml"))
    assert set(read(files["kustomization.yaml"])) == {"apiVersion", "kind", "patches"}
    commands = files["apply.sh"].splitlines()
    assert len(commands) == 8
    assert all(
        re.fullmatch(r'kubectl patch "\$dry" -f [a-z/0-9.-]+ --type strategic --patch-file [a-z/0-9.-]+', one)
        for one in commands[-2:]
    )
    assert all(re.fullmatch(r"[a-zA-Z0-9./-]+", file) for file in files)
    assert len(files["README.md"].splitlines()) == 12
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e<`]", files["README.md"].partition("Object, controls")[2])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=8,
    )
)
@settings(max_examples=200)
def test_what_is_written_is_read_as_the_same(value: Any) -> None:
    assert yaml.safe_load(written({"v": value})) == {"v": value}
    try:
        encoded = msgspec.json.encode(value)
    except (UnicodeError, OverflowError):
        return
    if len(encoded) < 1000 and not re.search(r"\d{18}", encoded.decode("utf-8", "replace")):
        assert read(written({"v": value})) == {"v": value}


def test_an_edited_manifest_keeps_what_it_does_not_change(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "shop.yaml").write_text(MANIFEST)
    files = exported(tmp_path / "in", CONTROLS, tmp_path / "out")
    after = files["manifests/deep/shop.yaml"]
    lines = [one for one in difflib.ndiff(MANIFEST.splitlines(), after.splitlines()) if one[:1] in "+-"]
    assert [one for one in lines if one[0] == "-"] == [
        "-                     hostPort: 8080",
        "-               securityContext: {privileged: yes}   # why?",
    ]
    assert len(lines) == 2 + 1 + 4
    comments = re.findall(r"#.*", MANIFEST)
    assert re.findall(r"#.*", after) == comments


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_round_trip_of_manifests(tmp_path: Path, ending: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "shop.yaml").write_bytes(MANIFEST.replace("\n", ending).encode())
    before = k8snb.assess(k8snb.connect(str(tmp_path / "in")))
    exported(tmp_path / "in", CONTROLS, tmp_path / "out")
    after = k8snb.assess(k8snb.connect(str(tmp_path / "out" / "manifests")))
    assert (tmp_path / "out/manifests/shop.yaml").read_bytes().count(b"\r") == (
        0 if ending == "\n" else after_lines(tmp_path)
    )
    failing = {(one.control, str(one.subject)) for one in before.findings(status="fail")}
    left = {(one.control, str(one.subject)) for one in after.findings(status="fail")}
    assert {control for control, _ in failing - left} >= set(CONTROLS)
    assert left <= failing


def after_lines(folder: Path) -> int:
    return (folder / "out/manifests/shop.yaml").read_bytes().count(b"\n")


def test_a_chart_and_an_anchor_are_told_and_not_edited(tmp_path: Path) -> None:
    templates = tmp_path / "in" / "chart" / "templates"
    templates.mkdir(parents=True)
    (templates.parent / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    (templates / "cart.yaml").write_text(MANIFEST)
    shared = "securityContext: &shared {privileged: true}"
    text = MANIFEST.replace("name: cart ", "name: other ").replace("securityContext: {privileged: yes}", shared)
    (tmp_path / "in" / "anchor.yaml").write_text(
        text.replace("nodeSelector: {disk: ssd}", "initContainers: [{name: i, image: i, securityContext: *shared}]")
    )
    files = exported(tmp_path / "in", ["no-privileged-containers"], tmp_path / "out")
    assert "Helm chart" in files["README.md"]
    assert "manifests/chart/templates/cart.yaml" not in files
    edited = files.get("manifests/anchor.yaml")
    assert edited is None or "privileged: true" not in edited
    assert len([one for one in files if one.startswith("patches/")]) == 2


def test_json_and_lists_are_edited_too(tmp_path: Path) -> None:
    found = [one.value for one in documents(MANIFEST.encode(), "m") if isinstance(one, Document)]
    place = tmp_path / "in"
    place.mkdir()
    (place / "all.json").write_text(
        msgspec.json.format(msgspec.json.encode({"apiVersion": "v1", "kind": "List", "items": found})).decode() + "\n"
    )
    files = exported(place, ["no-host-ports"], tmp_path / "out")
    before, after = (place / "all.json").read_text(), files["manifests/all.json"]
    assert len([one for one in difflib.ndiff(before.splitlines(), after.splitlines()) if one[:1] in "+-"]) == 3


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("")
    found = plans(k8snb.assess(k8snb.connect("demo"), controls=["no-host-ipc"]), controls=["no-host-ipc"])
    with pytest.raises(UsageError, match="not empty"):
        found[0].export(tmp_path / "out")
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_the_script_is_one_that_a_shell_reads(tmp_path: Path) -> None:
    exported(
        [one.value for one in documents(MANIFEST.encode(), "m") if isinstance(one, Document)],
        CONTROLS,
        tmp_path / "out",
    )
    assert subprocess.run(["sh", "-n", str(tmp_path / "out" / "apply.sh")], check=False).returncode == 0  # noqa: S607


@pytest.mark.parametrize("control", sorted(set(TEMPLATES) - {"no-windows-host-process"}))
def test_a_patch_file_does_what_the_plan_does(
    server: Server, namespace: str, planned: Planner, tmp_path: Path, control: str
) -> None:
    path = deployment(server, namespace, TEMPLATES[control])
    plan = planned(control)[0]
    stored = plan.preview().steps[0].stored
    (file,) = [one for one in plan.export(tmp_path / "out") if one.startswith("patches/")]
    status, told = server.client.ask(
        "PATCH",
        f"{path}?dryRun=All",
        read((tmp_path / "out" / file).read_text()),
        "application/strategic-merge-patch+json",
    )
    assert status == 200, told
    assert stored
    assert told["spec"] == stored["spec"]


def test_a_list_that_loses_an_item_is_replaced_whole() -> None:
    from k8snb.remediation.export_patches import strategic

    before = {"metadata": {"name": "a"}, "spec": {"ports": [{"port": 1}, {"port": 2}]}}
    after = {"metadata": {"name": "a"}, "spec": {"ports": [{"port": 2}]}}
    assert list(diff(before, after))
    change = Change(Target("v1", "Service", "shop", "a"), before, after)
    assert strategic(change)["spec"]["ports"] == [{"$patch": "replace"}, {"port": 2}]
