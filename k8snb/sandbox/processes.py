"""Starting and stopping components; only processes that were started here are ever touched."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from k8snb.sandbox.errors import SandboxError
from k8snb.sandbox.home import Home
from k8snb.sandbox.identity import Process

_LAUNCHER = Path(__file__).with_name("launch.py")
_POLL_SECONDS, STOP_SECONDS = 0.05, 10.0
_LOG_LINES, _LINE, _LOG_BYTES = 8, 300, 65_536


def start(home: Home, component: str, command: Sequence[str], environment: Mapping[str, str], lock: int) -> None:
    """Start a component in the background.

    Args:
        home: Where its record and its log go.
        component: Its name.
        command: Program and arguments.
        environment: Variables besides those that every program needs.
        lock: Descriptor of the lock that is held; the new process holds it until it has recorded itself.

    Raises:
        SandboxError: if it cannot be started.
    """
    record, log = home.record(component), home.log(component)
    for folder in (record.parent, log.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".previous.log"))
    launcher = [sys.executable, "-I", str(_LAUNCHER), str(record), str(log), str(lock), *command]
    basic = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home.folder)}
    with subprocess.Popen(
        launcher, pass_fds=[lock], env=basic | dict(environment), cwd=home.folder, stderr=subprocess.PIPE
    ) as launching:
        told = _until_recorded(launching)
    if launching.returncode:
        raise SandboxError(f"{component} could not be started: {told[-300:]}")


def _until_recorded(launching: "subprocess.Popen[bytes]") -> str:
    """Wait until the new process has recorded itself, which closes the pipe; whoever interrupts finds the record."""
    assert launching.stderr  # noqa: S101 - it is a pipe
    try:
        return launching.stderr.read().decode("utf-8", "replace")
    except BaseException:
        launching.stderr.read()
        raise


def recorded(home: Home, component: str) -> Process | None:
    """Give the process of a component as it was recorded, running or not."""
    try:
        return msgspec.json.decode(home.record(component).read_bytes(), type=Process)
    except (OSError, msgspec.MsgspecError):
        return None


def running(home: Home, component: str) -> bool:
    """Tell whether a component runs."""
    process = recorded(home, component)
    return process is not None and process.alive


def stop(home: Home, components: Sequence[str], patience: float = STOP_SECONDS) -> None:
    """Stop components, one after the other, and forget them.

    Args:
        home: Where their records are.
        components: Their names, in the order in which they stop.
        patience: Seconds before one that does not end is killed.
    """
    for component in components:
        process = recorded(home, component)
        if process:
            _end(process, patience)
        home.record(component).unlink(missing_ok=True)


def _end(process: Process, patience: float) -> None:
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, patience)):
        if not process.alive:
            return
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)
        wait(lambda: not process.alive, seconds)


def wait(until: Callable[[], bool], seconds: float) -> bool:
    """Wait for a condition.

    Returns:
        Whether it came true in time.
    """
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def last_lines(home: Home, component: str, count: int = _LOG_LINES) -> list[str]:
    """Give the end of a component's log; what Go tells of its stacks in a panic is left out."""
    try:
        with home.log(component).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _LOG_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    stacks = next((number for number, line in enumerate(lines) if line.startswith("goroutine ")), None)
    return [line[:_LINE] for line in lines[:stacks] if line.strip()][-count:]
