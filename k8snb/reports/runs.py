"""Running notebooks in worker processes, a few at once; when one fails, all are stopped."""

import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import IO, Any

import msgspec

from k8snb.display.text import clip
from k8snb.errors import ReportError
from k8snb.reports.job import Completion, Event, Job

GRACE = 3.0
"""Seconds that a worker has to end by itself."""

Process = subprocess.Popen[bytes]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Outcome(msgspec.Struct, frozen=True):
    """A notebook that ran to its end.

    Attributes:
        seconds: How long the run and the making of its page took.
        completion: The record that its last cell wrote.
    """

    seconds: float
    completion: Completion


class Workers:
    """The worker processes of one report.

    Attributes:
        places: Of each notebook that began and did not complete, the cell it is at, in words.
        failed: The notebook that failed first; empty while none did.
    """

    def __init__(self, folder: Path, time_limit: float) -> None:
        self.places: dict[str, str] = {}
        self.failed = ""
        self._folder, self._time_limit = folder, time_limit
        self._processes: set[Process] = set()
        self._lock = threading.Lock()
        self._stopped = False
        self._bar: Any = None

    def run(self, jobs: Sequence[Job], at_once: int) -> dict[str, Outcome]:
        """Run notebooks; gives the outcomes by the name of the notebook.

        Raises:
            ReportError: if one has no record of its completion, for whatever reason.
        """
        from tqdm import tqdm

        waiting, workers = deque(jobs), min(at_once, len(jobs))
        pool = ThreadPoolExecutor(max(workers, 1))
        self._bar = tqdm(total=len(jobs), unit="notebook", leave=False, disable=None)
        try:
            futures = [pool.submit(self._some, waiting) for _ in range(workers)]
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            return {name: outcome for future in done for name, outcome in future.result().items()}
        finally:
            self.stop()
            pool.shutdown(cancel_futures=True)
            self._bar.close()

    def stop(self) -> None:
        """End every worker, its kernel with it."""
        with self._lock:
            self._stopped = True
            processes = list(self._processes)
        for process in processes:
            process.terminate()
        for process in processes:
            _end(process)

    def _some(self, waiting: deque[Job]) -> dict[str, Outcome]:
        outcomes: dict[str, Outcome] = {}
        with tempfile.TemporaryFile() as notes, self._worker(notes) as process, suppress(IndexError):
            while True:
                job = waiting.popleft()
                outcomes[job.notebook] = self._one(job, process, notes)
        return outcomes

    def _one(self, job: Job, process: Process, notes: IO[bytes]) -> Outcome:
        began, late = monotonic(), threading.Event()
        self.places[job.notebook] = job.notebook
        timer = threading.Timer(self._time_limit, _give_up, (process, late))
        timer.start()
        try:
            _send(process, job)
            error = self._listen(job, process, notes)
        finally:
            timer.cancel()
        if late.is_set():
            error = f"did not finish within {self._time_limit:g} s"
        if error:
            raise self._failure(job, error)
        completion = self._completion(job)
        del self.places[job.notebook]
        self._bar.update()
        return Outcome(round(monotonic() - began, 3), completion)

    @contextmanager
    def _worker(self, notes: IO[bytes]) -> Iterator[Process]:
        command, pipe = [sys.executable, "-P", "-m", "k8snb.reports.worker"], subprocess.PIPE
        with self._lock:
            if self._stopped:
                raise ReportError("Stopped.")
            process = subprocess.Popen(
                command, cwd=self._folder, stdin=pipe, stdout=pipe, stderr=notes, start_new_session=True
            )
            self._processes.add(process)
        with process:
            try:
                yield process
            finally:
                with suppress(OSError):
                    process.stdin.close()  # type: ignore[union-attr]
                _end(process)

    def _listen(self, job: Job, process: Process, notes: IO[bytes]) -> str:
        """Follow a job to its end; gives why it failed, or nothing."""
        for line in process.stdout or ():
            event = msgspec.json.decode(line, type=Event)
            if event.ended:
                return event.error
            self.places[job.notebook] = f"{job.notebook}, cell {event.position} of {event.cells} ({event.cell})"
            self._bar.set_postfix_str(self.places[job.notebook])
        process.wait()
        return _last_line(notes) or f"its process ended with status {process.returncode}"

    def _completion(self, job: Job) -> Completion:
        try:
            completion = msgspec.json.decode(Path(job.record).read_bytes(), type=Completion)
        except (OSError, msgspec.MsgspecError) as error:
            raise self._failure(job, "ended without the record that its last cell writes") from error
        if completion.token != job.token:
            raise self._failure(job, "left the record of another run")
        return completion

    def _failure(self, job: Job, why: str) -> ReportError:
        if not self._stopped:
            self.failed = self.failed or job.notebook
        return ReportError(f"{clip(self.places[job.notebook], 200)}: {clip(why.rstrip('. '), 400)}.")


@contextmanager
def interruptible() -> Iterator[None]:
    """Make SIGTERM and a hang-up what Ctrl-C is, `KeyboardInterrupt`, and only the first; in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def stop(*_: object) -> None:
        ignore_signals()
        raise KeyboardInterrupt

    for number in SIGNALS:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_signals() -> None:
    """From here on, nothing interrupts; until the end of `interruptible`."""
    if threading.current_thread() is threading.main_thread():
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)


def _send(process: Process, job: Job) -> None:
    with suppress(BrokenPipeError):
        assert process.stdin  # noqa: S101 - it is a pipe
        process.stdin.write(msgspec.json.encode(job) + b"\n")
        process.stdin.flush()


def _give_up(process: Process, late: threading.Event) -> None:
    late.set()
    process.terminate()
    _end(process)


def _end(process: Process) -> None:
    """Wait for a process, then ask it to end, then end it."""
    for stronger in (process.terminate, process.kill):
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
            return
        stronger()


def _last_line(notes: IO[bytes]) -> str:
    notes.seek(0)
    lines = notes.read()[-10_000:].decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
