"""Running the program in this process, as a shell would."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from k8snb.cli import run

PRIVILEGED = """\
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: ops}
spec: {containers: [{name: agent, image: agent, securityContext: {privileged: true}}]}
"""
HARMLESS = PRIVILEGED.replace("true", "false").replace("name: agent, namespace", "name: quiet, namespace")
ONE_CONTROL = ("--control", "no-privileged-containers")


class Ran(NamedTuple):
    """What a run left behind."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()


Shell = Callable[..., Ran]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Shell:
    """Run `k8snb` in a folder of its own, with state and configuration of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "no-kubeconfig"))
    monkeypatch.delenv("K8SNB_TRACEBACK", raising=False)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "bad.yaml").write_text(PRIVILEGED)
    (folder / "good.yaml").write_text(HARMLESS)

    def start(*words: str) -> Ran:
        capfdbinary.readouterr()
        status = run(words)
        out, err = capfdbinary.readouterr()
        return Ran(status, out, err.decode())

    return start


def process(words: Sequence[str], folder: Path, data: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Run `k8snb` as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "k8snb.cli", *words], cwd=folder, input=data, capture_output=True, check=False
    )
