"""Bad input through the shell: one clear line each, nothing on standard output, nothing half-written."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from k8snb.formats.registry import Format

from .conftest import ONE_CONTROL, PRIVILEGED, Shell

DEEP = "[" * 100_000
RESULT = '{"schema":"k8snb/assessment/v1","findings":' + DEEP
FILES = {"empty.yaml": "", "deep.yaml": DEEP, "deep.json": '{"a":' * 100_000, "result.json": RESULT, "binary": "\0\1"}
REFUSED = {
    "an empty file": ("assess", "empty.yaml"),
    "an empty word": ("assess", ""),
    "an empty folder": ("assess", "folder"),
    "a binary file": ("assess", "binary"),
    "deep YAML": ("assess", "deep.yaml"),
    "deep JSON": ("assess", "deep.json"),
    "a deep kubeconfig": ("assess", "--kubeconfig", "deep.yaml"),
    "a deep file of waivers": ("assess", "bad.yaml", "--waivers", "deep.yaml"),
    "a deep value of a parameter": ("assess", "bad.yaml", "-p", "image_scans=" + "[" * 5000),
    "a deep scan": ("assess", "bad.yaml", "-p", "image_scans=deep.json"),
    "a deep result": ("compare", "result.json", "result.json"),
    "a name that is too long": ("assess", "x" * 5000),
    "an output that is too long": ("assess", "bad.yaml", "--output-file", "x" * 300),
    "evidence that is none": ("assess", "bad.yaml", "--evidence", "result.json"),
    "evidence that is not there": ("assess", "bad.yaml", "--evidence", "nowhere.json"),
    "a report with evidence that is none": ("report", "demo", "--out", "r", "--evidence", "deep.json"),
    "a report below a file": ("report", "demo", "--out", "bad.yaml/r"),
    "a snapshot below a file": ("snapshot", "bad.yaml", "--out", "bad.yaml/x.k8snb"),
}


@pytest.mark.parametrize("words", REFUSED.values(), ids=REFUSED)
def test_bad_input_is_one_clear_line(shell: Shell, words: tuple[str, ...]) -> None:
    Path("folder").mkdir()
    for name, text in FILES.items():
        Path(name).write_text(text)
    before = sorted(Path().iterdir())
    ran = shell(*words)
    assert (ran.status, ran.out) == (2, b"")
    assert ran.err.startswith("k8snb: ")
    assert "bug" not in ran.err
    assert len(ran.err.splitlines()) <= 2
    assert sorted(Path().iterdir()) == before


PRIVILEGED_VALUES = {
    "yes": "fail",
    "on": "fail",
    "y": "fail",
    "TRUE": "fail",
    "no": "pass",
    "~": "pass",
    "'true'": "not-assessed",
    "1": "not-assessed",
    "[]": "not-assessed",
    "{}": "not-assessed",
    "true, privileged: false": "not-assessed",
}


@pytest.mark.parametrize(("value", "status"), PRIVILEGED_VALUES.items())
def test_a_value_is_what_kubernetes_reads_or_is_not_assessed(shell: Shell, value: str, status: str) -> None:
    Path("odd.yaml").write_text(PRIVILEGED.replace("true", value).replace("name: agent, names", "name: odd, names"))
    ran = shell("assess", ".", *ONE_CONTROL, "--all", "-o", "json")
    found = {one["status"] for one in json.loads(ran.out)["findings"] if "odd" in json.dumps(one)}
    assert status in found
    assert status == "pass" or "pass" not in found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"apiVersion": "v1", "kind": "Pod", "spec": {"hostPID": true, "hostPID": null}}', "duplicate key hostPID"),
        (
            '{"apiVersion": "v1", "kind": "Pod", "spec": {"hostPID": true, "host\\u0050ID": false}}',
            "duplicate key hostPID",
        ),
        ('{"apiVersion": "v1", "kind": "List", "items": [{"kind": "Pod"}], "items": []}', "duplicate key items"),
        ('{"apiVersion": "v1", "kind": "pods", "metadata": {"name": "x"}}', "is Pod meant?"),
        ('{"apiVersion": "v1", "kind": "Status", "status": "Failure", "code": 403}', "the answer of an API server"),
        ("1", "no Kubernetes object"),
        ("{}", "no Kubernetes object"),
    ],
)
def test_what_holds_nothing_to_assess_is_refused_even_as_the_whole_cluster(shell: Shell, text: str, told: str) -> None:
    Path("x.json").write_text(text)
    ran = shell("assess", "x.json", "--complete")
    assert (ran.status, ran.out) == (2, b"")
    assert told in ran.err


def test_a_closed_standard_output_is_told() -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; sys.stdout = None; from k8snb.cli import run; sys.exit(run(['controls']))",
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (2, "k8snb: Standard output is closed.\n")


@pytest.mark.parametrize("name", get_args(Format))
def test_a_huge_name_makes_no_huge_answer(shell: Shell, name: str) -> None:
    Path("huge.yaml").write_text(PRIVILEGED.replace("name: agent", "name: " + "x" * 1_000_000))
    ran = shell("assess", "huge.yaml", *ONE_CONTROL, "-o", name)
    assert ran.status == 1
    assert ran.out


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "full"
    folder.mkdir()
    try:
        mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run([shutil.which("umount") or "umount", str(folder)], check=True)


OUTPUTS = {
    "assess": ("assess", "bad.yaml", "--all", "-o", "json", "--output-file", "{}/out.json"),
    "snapshot": ("snapshot", "demo", "--out", "{}/x.k8snb"),
    "new": ("new", "{}/d"),
    "report": ("report", "demo", "--out", "{}/r"),
}


@pytest.mark.parametrize("command", OUTPUTS)
def test_a_full_disk_leaves_nothing_half_written(shell: Shell, full: Path, command: str) -> None:
    ran = shell(*(word.format(full) for word in OUTPUTS[command]))
    assert ran.status == (3 if command == "report" else 2)
    assert "No space left on device" in ran.err or "disk is full" in ran.err
    assert len(ran.err.splitlines()) <= 2
    assert not [one for one in full.rglob("*") if one.is_file() and one.suffix != ".ipynb"]


def test_a_full_standard_output_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "k8snb.cli", "controls"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[0] == "k8snb: Standard output: No space left on device."
