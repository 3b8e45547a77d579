"""A process that runs notebooks, one after the other, and makes their pages: `python -m k8snb.reports.worker`.

It gets `Job`s as lines of standard input and writes `Event`s to standard output. When standard input ends, its owner
has no more work or is dead; then, as on SIGTERM, it ends at once and takes the kernel along.
"""

import os
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import RLock, Thread
from typing import Any, NoReturn

import msgspec

from k8snb.languages import use
from k8snb.reports.job import RECORD, TOKEN, Event, Job

_jobs: SimpleQueue[Job] = SimpleQueue()
_runtimes: list[Path] = []
_ending = RLock()


def main() -> NoReturn:
    """Do the jobs on standard input."""
    events = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, lambda *_: _stop())
    Thread(target=_follow, daemon=True).start()

    def tell(event: Event) -> None:
        try:
            events.write(msgspec.json.encode(event) + b"\n")
        except OSError:  # the owner is dead
            _stop()

    while True:
        job = _jobs.get()
        try:
            _run(job, tell)
            tell(Event(ended=True))
        except Exception as error:  # every failure is told to the owner in one line
            told = str(error) if type(error) is RuntimeError else f"{type(error).__name__}: {error}"
            tell(Event(ended=True, error=told or type(error).__name__))


def _run(job: Job, tell: Any) -> None:
    # jsonschema would have it check IRIs, which notebooks do not hold; its grammar takes two seconds to build
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    _runtimes.append(Path(job.runtime))
    _runtimes[-1].mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "JUPYTER_RUNTIME_DIR": job.runtime,
        "IPYTHONDIR": job.runtime,
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        RECORD: job.record,
        TOKEN: job.token,
    }
    from k8snb.reports.execute import execute
    from k8snb.reports.html import chapter

    use(job.lang)

    notebook = execute(job, tell)
    Path(job.page).write_text(chapter(notebook, job.title, job.navigation), encoding="utf-8")


def _follow() -> None:
    for line in sys.stdin.buffer:
        _jobs.put(msgspec.json.decode(line, type=Job))
    _stop()


def _stop() -> NoReturn:
    _ending.acquire()  # one thread cleans up, the others wait for the end
    kernel = sys.modules.get("k8snb.reports.kernel")
    if kernel:
        kernel.kill()
    for runtime in _runtimes:
        shutil.rmtree(runtime, ignore_errors=True)
        with suppress(OSError):
            runtime.parent.rmdir()
    os._exit(0)


if __name__ == "__main__":
    main()
