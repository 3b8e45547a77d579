"""`k8snb fix` in a shell: shown, confirmed, applied, checked, taken back, listed."""

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from k8snb.cli import run
from tests.remediation.server import Raw, Server
from tests.remediation.test_families import container, deployment, secured

PLAIN: Raw = {"containers": [container()]}
Shell = Callable[..., tuple[int, str, str]]


class Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def shell(
    server: Server, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Shell:
    """Run `k8snb fix` on the namespace; `typed` is what a person types, nothing means that nobody is there."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def start(*words: str, typed: str | None = None) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO() if typed is None else Keyboard(typed))
        capfd.readouterr()
        status = run(["fix", "--kubeconfig", str(server.home.kubeconfig), "-n", namespace, *words])
        out, err = capfd.readouterr()
        return status, out, err

    return start


def context_of(server: Server, path: str) -> Raw:
    found: Raw = server.get(path)["spec"]["template"]["spec"].get("securityContext") or {}
    return found


def test_it_shows_and_changes_nothing(server: Server, namespace: str, shell: Shell) -> None:
    path = deployment(server, namespace, PLAIN)
    status, out, err = shell("--control", "seccomp-profile")
    assert status == 0
    assert "as the server would store it" in out
    assert "+            type: RuntimeDefault" in out or "+          type: RuntimeDefault" in out
    assert "2 running pods" in out.replace("\n", " ")
    assert "nothing was changed" in err
    assert max(map(len, out.splitlines())) <= 80
    assert context_of(server, path) == {}


@pytest.mark.parametrize(
    "case",
    [
        ((), None, "Nobody can be asked"),
        ((), "prod\n", "not its name"),
        (("--yes",), None, "--expect-cluster"),
        (("--yes", "--expect-cluster", "prod"), None, "not prod"),
        (("--dry-run",), None, "--apply goes without"),
    ],
)
def test_nothing_is_changed_without_the_right_name(
    server: Server, namespace: str, shell: Shell, case: tuple[tuple[str, ...], str | None, str]
) -> None:
    words, typed, told = case
    path = deployment(server, namespace, PLAIN)
    status, _, err = shell("--control", "seccomp-profile", "--apply", *words, typed=typed)
    assert status == 2
    assert told in err
    assert context_of(server, path) == {}


def test_from_the_plan_to_the_way_back(server: Server, namespace: str, shell: Shell) -> None:
    path, name = deployment(server, namespace, PLAIN), server.home.context
    status, out, err = shell("--control", "seccomp-profile", "--apply", typed=f"{name}\n")
    assert status == 0, err
    assert "fail -> pass" in out
    assert context_of(server, path) == {"seccompProfile": {"type": "RuntimeDefault"}}
    status, out, _ = shell("--history")
    (entry,) = re.findall(r"^(\d{8}-\S+) +applied", out, re.M)
    status, out, err = shell("--undo", entry[:20], "--apply", "--yes", "--expect-cluster", name)
    assert status == 0, err
    assert "Every field is as it was before" in out
    assert context_of(server, path) == {}
    assert "taken back" in shell("--history")[1]
    assert shell("--undo", entry, "--apply", "--yes", "--expect-cluster", name)[0] == 2


def test_a_rollout_that_fails_is_taken_back_and_the_rest_is_not_begun(
    server: Server, namespace: str, shell: Shell
) -> None:
    path, name = deployment(server, namespace, PLAIN), server.home.context
    server.make(path.rpartition("/")[0], _zoo())
    server.refuse = lambda pod: (
        "RunContainerError" if (pod["spec"].get("securityContext") or {}).get("runAsNonRoot") else ""
    )
    try:
        words = ("--control", "run-as-non-root", "--apply", "--yes", "--expect-cluster", name, "--auto-rollback")
        status, out, err = shell(*words)
    finally:
        server.refuse = lambda _pod: ""
    assert status == 1
    assert "RunContainerError" in out
    assert "1 plan not begun" in err
    assert "taken back" in err
    assert context_of(server, path) == {}


def _zoo() -> Raw:
    labels = {"app": "zoo"}
    template = {"metadata": {"labels": labels}, "spec": PLAIN}
    return {
        "metadata": {"name": "zoo"},
        "spec": {"replicas": 0, "selector": {"matchLabels": labels}, "template": template},
    }


def test_what_went_before_a_failure_is_undone_where_asked(server: Server, namespace: str, shell: Shell) -> None:
    path, name = deployment(server, namespace, PLAIN), server.home.context
    server.make(path.rpartition("/")[0], _zoo() | {"spec": _zoo()["spec"] | {"replicas": 1}})
    server.refuse = lambda pod: "ErrImagePull" if pod["metadata"]["labels"]["app"] == "zoo" else ""
    try:
        words = ("--control", "seccomp-profile", "--apply", "--yes", "--expect-cluster", name, "--on-failure", "undo")
        status, _, err = shell(*words, "--wait", "20s")
    finally:
        server.refuse = lambda _pod: ""
    assert status == 1
    assert err.count("taken back") == 2
    assert context_of(server, path) == {}


def test_it_offers_the_way_back_at_once(server: Server, namespace: str, shell: Shell) -> None:
    path, name = deployment(server, namespace, PLAIN), server.home.context
    server.refuse = lambda pod: (
        "ErrImagePull" if (pod["spec"].get("securityContext") or {}).get("seccompProfile") else ""
    )
    try:
        status, _, err = shell("--control", "seccomp-profile", "--apply", typed=f"{name}\nn\n")
        assert status == 1
        assert "Take it back?" in err
        assert context_of(server, path) == {"seccompProfile": {"type": "RuntimeDefault"}}
        (plan,) = re.findall(r"fix --undo (\S+)", err)
        assert shell("--undo", plan, "--apply", "--yes", "--expect-cluster", name)[0] == 0
    finally:
        server.refuse = lambda _pod: ""
    assert context_of(server, path) == {}


def test_export_writes_and_changes_nothing(server: Server, namespace: str, shell: Shell, tmp_path: Path) -> None:
    path = deployment(server, namespace, secured(privileged=True))
    status, _, err = shell("--control", "no-privileged-containers", "--export", str(tmp_path / "out"))
    assert status == 0, err
    assert (tmp_path / "out" / "kustomization.yaml").is_file()
    assert server.get(path)["spec"]["template"]["spec"]["containers"][0]["securityContext"]["privileged"] is True


def test_what_somebody_changed_since_is_not_undone(server: Server, namespace: str, shell: Shell) -> None:
    path, name = deployment(server, namespace, PLAIN), server.home.context
    words = ("--apply", "--yes", "--expect-cluster", name)
    assert shell("--control", "seccomp-profile", *words)[0] == 0
    (entry,) = re.findall(r"^(\d{8}-\S+) +applied", shell("--history")[1], re.M)
    theirs = {"seccompProfile": {"type": "Localhost", "localhostProfile": "own.json"}}
    server.merge(path, {"spec": {"template": {"spec": {"securityContext": theirs}}}})
    status, _, err = shell("--undo", entry[:20], *words)
    assert status == 2
    assert "changed by somebody else since" in err
    assert "Localhost" in err
    assert context_of(server, path) == theirs
    assert re.search(r"^\S+ +applied", shell("--history")[1], re.M), "the entry stands as it was"


def test_a_managed_object_is_exported_and_not_changed(
    server: Server, namespace: str, shell: Shell, tmp_path: Path
) -> None:
    path, name = deployment(server, namespace, PLAIN), server.home.context
    release = {
        "labels": {"app.kubernetes.io/managed-by": "Helm"},
        "annotations": {"meta.helm.sh/release-name": "cart"},
    }
    server.merge(path, {"metadata": release})
    words = ("--control", "seccomp-profile")
    status, out, err = shell(*words, "--apply", "--yes", "--expect-cluster", name)
    assert status == 1
    assert "Helm" in out
    assert "nothing can be applied" in err
    assert shell(*words, "--export", str(tmp_path / "out"))[0] == 0
    assert len(list((tmp_path / "out" / "patches").iterdir())) == 1
    assert context_of(server, path) == {}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Which control?"),
        (("--control", "no-such"), "There is no control"),
        (("--control", "no-host-ipc", "--subject", "Deployment/shop/cart"), "nothing fails"),
        (("--undo", "2000"), "There is no entry"),
        (("--control", "no-host-ipc", "--wait", "soon"), "no time"),
    ],
)
def test_wrong_words_are_told_in_one_line(shell: Shell, words: tuple[str, ...], told: str) -> None:
    status, _, err = shell(*words)
    assert status == 2
    assert told in err
    assert len(err.splitlines()) <= 2


def test_where_nothing_fails_there_is_nothing_to_do(shell: Shell) -> None:
    status, out, err = shell("--control", "no-host-ipc", "--apply", "--yes", "--expect-cluster", "any")
    assert (status, out) == (0, "")
    assert "nothing fails here" in err
