"""Which process a number means: process numbers are given out again, so a process is its number and its start."""

import os
import subprocess
from pathlib import Path

import msgspec

_PROC = Path("/proc")


class Process(msgspec.Struct, frozen=True):
    """A process that was started here.

    Attributes:
        pid: Its number.
        started: When it started, in words that only this process has.
    """

    pid: int
    started: str

    @property
    def alive(self) -> bool:
        """Whether it still runs; one that took its number over does not count."""
        return started(self.pid) == self.started


def started(pid: int) -> str:
    """Give when a process started, or nothing if it does not run (any more).

    Args:
        pid: Its number.
    """
    return _from_proc(pid) if (_PROC / "self" / "stat").exists() else _from_ps(pid)


def this() -> Process:
    """Give the process that asks."""
    return Process(os.getpid(), started(os.getpid()))


def _from_proc(pid: int) -> str:
    try:
        fields = (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        boot = (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] in "ZX" else f"{boot} {fields[19]}"


def _from_ps(pid: int) -> str:
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    state, _, since = told.partition(" ")
    return "" if state.startswith("Z") else since.strip()
