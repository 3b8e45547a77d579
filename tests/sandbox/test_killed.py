"""`k8snb sandbox up` that is killed, or interrupted, at any moment: nothing is lost, nothing stays, nothing waits."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from k8snb.sandbox import components, control, processes
from k8snb.sandbox.home import Home, home
from k8snb.sandbox.status import status
from k8snb.sandbox.versions import DEFAULT
from tests.sandbox.conftest import programs_or_skip

NAME = "killed"
MOMENTS = ("Making certificates", *(f"Starting {one}" for one in components.ALWAYS))
CODE = (
    "import signal, sys\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's background turns it off
    "from k8snb.cli import run\n"
    "sys.exit(run(sys.argv[1:]))\n"
)


@pytest.fixture
def killed(place: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The place of the practice cluster that commands of this test work on."""
    programs_or_skip()
    monkeypatch.setenv("XDG_STATE_HOME", str(place.folder))
    return home(NAME)


def cut_short(moment: str, end: int, *, group: bool = False) -> int:
    """Run `up` until it tells a line, end it, and give its exit status."""
    words = [sys.executable, "-c", CODE, "sandbox", "up", "--name", NAME, "--version", DEFAULT]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr
        assert any(moment in line for line in process.stderr)
        (os.killpg if group else os.kill)(process.pid, end)
        process.stderr.read()
    return process.returncode


def left(place: Path) -> list[str]:
    """Give the processes that name a folder, whoever started them."""
    told = subprocess.run(["/bin/ps", "-e", "-ww", "-o", "args="], capture_output=True, text=True, check=True).stdout
    return [line for line in told.splitlines() if str(place) in line]


def test_up_succeeds_after_those_that_were_killed(killed: Home) -> None:
    for number, moment in enumerate(MOMENTS):
        assert cut_short(moment, signal.SIGKILL, group=bool(number % 2)) == -signal.SIGKILL
    control.up(killed, lambda _: None)
    assert status(killed).up
    assert control.down(killed, lambda _: None)
    assert left(killed.folder) == []
    assert not killed.folder.exists()
    assert not killed.lock.exists()


@pytest.mark.parametrize("moment", MOMENTS[:-1])
def test_down_leaves_nothing_of_one_that_was_killed(killed: Home, moment: str) -> None:
    cut_short(moment, signal.SIGKILL)
    control.down(killed, lambda _: None)  # there may be nothing yet
    assert left(killed.folder) == []
    assert not killed.folder.exists()


@pytest.mark.parametrize("moment", MOMENTS[1:-1])
def test_interrupted_up_stops_what_it_started(killed: Home, moment: str) -> None:
    assert cut_short(moment, signal.SIGINT, group=True) == 128 + signal.SIGINT
    assert not any(processes.running(killed, one) for one in components.STOPPING)
    assert left(killed.folder) == []
