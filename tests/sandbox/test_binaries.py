"""Where programs come from, and what goes wrong on the way."""

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from k8snb.errors import UsageError
from k8snb.sandbox import binaries, build, processes, release
from k8snb.sandbox.errors import SandboxError
from k8snb.sandbox.identity import started
from k8snb.sandbox.versions import VERSIONS, versions

WANTED = VERSIONS["1.37"]
GO = """#!/bin/sh
if [ "$1" = mod ]; then printf '{{"GoMod": "{mod}"}}'; exit; fi
cp go.mod "{seen}"
while [ "$1" != -o ]; do shift; done
{then}
"""
GO_MOD = """module k8s.io/kubernetes

go 1.26.0

require k8s.io/api v0.0.0

replace (
\tk8s.io/api => ./staging/src/k8s.io/api
\tk8s.io/other => k8s.io/other v1.0.0
)
replace k8s.io/kubectl => ./staging/src/k8s.io/kubectl
"""


def program(path: Path, script: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without programs, releases or Go."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", "/bin:/usr/bin")
    monkeypatch.setenv(release.KUBERNETES_URL, "")
    monkeypatch.setenv(release.ETCD_URL, "")
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)
    monkeypatch.setattr(build, "possible", lambda: False)
    return tmp_path


def tells(minor: str) -> str:
    return f"#!/bin/sh\necho Kubernetes v{minor}.0\n"


def test_programs_come_from_the_first_place_that_has_the_right_version(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [alone / "cache/k8snb/binaries/kube-apiserver-v1.37.2", alone / "path", alone / "assets", alone / "given"]
    monkeypatch.setenv("PATH", f"{places[1]}:/bin:/usr/bin")
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(places[2]))
    for place in places:
        expected = program(place / "kube-apiserver", tells("1.37"))
        assert binaries.found("kube-apiserver", WANTED, str(places[3])) == expected


def test_another_minor_version_is_passed_over(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(alone / "assets/kube-apiserver", tells("1.36"))
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(alone / "assets"))
    assert binaries.found("kube-apiserver", WANTED) is None
    assert binaries.found("kube-apiserver", VERSIONS["1.36"]) == alone / "assets/kube-apiserver"


def test_without_any_place_the_remedy_is_told(alone: Path) -> None:
    with pytest.raises(SandboxError) as caught:
        binaries.provide(["etcd"], WANTED, lambda _: None)
    assert "Go" in caught.value.hint
    assert "--bin-dir" in caught.value.hint


def test_folder_of_another_version_is_wrong_usage(alone: Path) -> None:
    program(alone / "given/kube-apiserver", tells("1.36"))
    with pytest.raises(UsageError, match=r"1\.36, not 1\.37"):
        binaries.provide(["kube-apiserver"], WANTED, lambda _: None, str(alone / "given"))


def test_what_a_folder_lacks_is_told_and_found_elsewhere(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (alone / "given").mkdir()
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(alone / "assets"))
    expected, told = program(alone / "assets/etcd"), []
    assert binaries.provide(["etcd"], WANTED, told.append, str(alone / "given")) == {"etcd": expected}
    assert told == [f"There is no etcd in {alone}/given; looking elsewhere."]


def test_folder_that_is_none_is_wrong_usage(alone: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        binaries.provide(["etcd"], WANTED, lambda _: None, str(alone / "missing"))


def go(alone: Path, monkeypatch: pytest.MonkeyPatch, then: str) -> Path:
    (alone / "kubernetes.mod").write_text(GO_MOD)
    seen = alone / "go.mod"
    program(alone / "go/go", GO.format(mod=alone / "kubernetes.mod", seen=seen, then=then))
    monkeypatch.setenv("PATH", f"{alone / 'go'}:/bin:/usr/bin")
    monkeypatch.setattr(build, "possible", lambda: True)
    return seen


def test_built_module_repeats_the_replacements_of_kubernetes(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = go(alone, monkeypatch, 'printf built > "$2"')
    path = binaries.provide(["kube-apiserver"], WANTED, lambda _: None)["kube-apiserver"]
    assert path.read_text() == "built"
    assert seen.read_text().splitlines() == [
        "module k8snb.local/sandbox",
        "go 1.26.0",
        "require k8s.io/kubernetes v1.37.2",
        "replace k8s.io/api => k8s.io/api v0.37.2",
        "replace k8s.io/kubectl => k8s.io/kubectl v0.37.2",
    ]


def test_module_that_cannot_be_had_is_told(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go(alone, monkeypatch, "")
    program(alone / "go/go", """#!/bin/sh\necho '{"Path": "x", "Error": "module lookup disabled"}'; exit 1\n""")
    with pytest.raises(SandboxError, match="go mod failed: module lookup disabled"):
        binaries.provide(["etcd"], WANTED, lambda _: None)


def test_build_that_fails_installs_nothing(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go(alone, monkeypatch, 'printf half > "$2"; echo no disk space >&2; exit 1')
    with pytest.raises(SandboxError, match="no disk space"):
        binaries.provide(["kube-apiserver"], WANTED, lambda _: None)
    assert binaries.found("kube-apiserver", WANTED) is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_build_ends_with_whoever_wanted_it(alone: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    builds = "sleep 600 & echo $! > child; echo $$ > part; mv part builds; wait"
    go(alone, monkeypatch, f"cd '{alone}'; {builds}")
    code = (
        "from k8snb.sandbox import binaries, versions\n"
        "binaries.provide(['etcd'], versions.VERSIONS['1.37'], lambda _: None)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as asking:
        assert processes.wait((alone / "builds").exists, 20)
        pids = [int((alone / name).read_text()) for name in ("builds", "child")]
        assert all(map(started, pids))
        asking.send_signal(number)
    assert processes.wait(lambda: not any(map(started, pids)), 20)
    go(alone, monkeypatch, 'printf built > "$2"')
    path = binaries.provide(["etcd"], WANTED, lambda _: None)["etcd"]
    assert path.read_text() == "built"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("minor", VERSIONS)
def test_versions_belong_to_their_minor(minor: str) -> None:
    assert versions(minor).minor == minor
    assert versions(minor).staging == versions(minor).kubernetes.replace("v1.", "v0.")


def test_unknown_version_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match=r"1\.12"):
        versions("1.12")
