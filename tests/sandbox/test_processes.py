"""Processes: found again by whoever comes next, and never mistaken for somebody else's."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from k8snb.sandbox import processes
from k8snb.sandbox.home import Home
from k8snb.sandbox.identity import Process, started, this
from k8snb.sandbox.lock import locked

SLEEPER = [sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)",
]


def launched(home: Home, command: list[str], name: str = "etcd") -> Process:
    with locked(home.lock) as lock:
        processes.start(home, name, command, {}, lock)
    with locked(home.lock):
        found = processes.recorded(home, name)
    assert found is not None
    assert processes.wait(lambda: processes.last_lines(home, name) == ["ready"], 20)
    return found


def test_process_is_recorded_before_the_lock_is_free(place: Home) -> None:
    assert launched(place, SLEEPER).alive


@pytest.mark.parametrize("command", [SLEEPER, STUBBORN], ids=["polite", "stubborn"])
def test_stopped_process_is_gone_and_forgotten(place: Home, command: list[str]) -> None:
    process = launched(place, command)
    processes.stop(place, ["etcd"], patience=0.5)
    assert not process.alive
    assert processes.recorded(place, "etcd") is None


def test_process_outlives_a_starter_that_is_killed(place: Home) -> None:
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from k8snb.sandbox import processes\n"
        "from k8snb.sandbox.home import Home\n"
        "from k8snb.sandbox.lock import locked\n"
        "home = Home('', Path(sys.argv[1]))\n"
        "with locked(home.lock) as lock:\n"
        "    processes.start(home, 'etcd', sys.argv[2:], {}, lock)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    died = subprocess.run([sys.executable, "-c", code, str(place.folder), *SLEEPER], check=False)
    assert died.returncode == -signal.SIGKILL
    with locked(place.lock):
        assert processes.running(place, "etcd")


def test_foreign_process_with_a_recorded_number_is_left_alone(place: Home) -> None:
    with subprocess.Popen(SLEEPER, stdout=subprocess.DEVNULL) as foreign:
        place.record("etcd").parent.mkdir(parents=True)
        place.record("etcd").write_text(json.dumps({"pid": foreign.pid, "started": "another boot 1"}))
        processes.stop(place, ["etcd"])
        assert foreign.poll() is None
        foreign.kill()


@pytest.mark.parametrize("content", ["", "{", '{"pid": "x"}', "[]"])
def test_damaged_record_names_nobody(place: Home, content: str) -> None:
    place.record("etcd").parent.mkdir(parents=True)
    place.record("etcd").write_text(content)
    assert processes.recorded(place, "etcd") is None


def test_this_process_is_alive_until_it_is_another() -> None:
    assert this().alive
    assert not Process(os.getpid(), "then").alive


def test_process_that_ended_has_no_start() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    assert started(ended.pid) == ""


def test_start_that_fails_says_why(place: Home, tmp_path: Path) -> None:
    with locked(place.lock) as lock:
        processes.start(place, "etcd", [str(tmp_path / "missing")], {}, lock)
    assert processes.wait(lambda: "FileNotFoundError" in "".join(processes.last_lines(place, "etcd")), 20)
    assert processes.wait(lambda: not processes.running(place, "etcd"), 20)


def test_lock_is_taken_on_a_file_that_was_removed_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path):
        path.unlink()
        with locked(path, waiting=lambda: pytest.fail("waited for a lock that is no longer there")):
            assert path.exists()
