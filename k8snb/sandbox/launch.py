"""Becoming a component: a detached process that has recorded itself before it becomes the program.

Run as `python launch.py RECORD LOG LOCK PROGRAM [ARGUMENT]...`. The descriptor LOCK is inherited and stays open until
the program takes over, so whoever waits for that lock finds the record of every process.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str]) -> None:
    """Detach from the starter, record this process, and become the program."""
    record, log, lock, *command = arguments
    os.set_inheritable(int(lock), False)
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from k8snb.sandbox.identity import this

    if os.fork():
        os._exit(0)
    os.setsid()
    os.umask(0o077)
    process = this()
    part = Path(f"{record}.part")
    part.write_text(json.dumps({"pid": process.pid, "started": process.started}), "utf-8")
    part.replace(record)
    _redirect(log)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execv(command[0], command)  # noqa: S606


def _redirect(log: str) -> None:
    nothing, written = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for target, descriptor in ((0, nothing), (1, written), (2, written)):
        os.dup2(descriptor, target)


if __name__ == "__main__":
    main(sys.argv[1:])
