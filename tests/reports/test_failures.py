"""A run that does not complete leaves no archive, says where it stopped, and keeps the notebook for a look."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from k8snb.errors import ReportError, SourceError, UsageError
from k8snb.reports.report import report

Write = Callable[..., Path]
Run = Callable[..., Path]
Living = Callable[..., list[psutil.Process]]


def outcome(out: Path) -> tuple[list[str], list[str]]:
    """Give what a failed run left: names of archives, and of notebooks kept."""
    found = sorted(path.name for path in out.iterdir())
    return [one for one in found if one[0].isdigit()], [path.name for path in out.glob("failed-*/*")]


FAILURES = {
    "a cell raises": ("raise ValueError('boom')", r"00-small\.ipynb, cell 4 of 5 \(body\): ValueError: boom"),
    "a foreseeable problem": (
        "from k8snb.errors import UsageError\nraise UsageError('No such thing.', 'Do that.')",
        r"\(body\): UsageError: No such thing\. Do that\.",
    ),
    "the kernel dies": ("import os\nos._exit(1)", r"\(body\): the kernel died"),
    "the kernel exits": ("import sys\nsys.exit(0)", r"\(body\): ended without the record"),
    "a syntax error": ("def", r"\(body\): SyntaxError"),
}


@pytest.mark.parametrize("case", FAILURES.values(), ids=FAILURES)
def test_failure_leaves_no_archive(
    write: Write, run: Run, tmp_path: Path, living: Living, case: tuple[str, str]
) -> None:
    body, told = case
    with pytest.raises(ReportError, match=told) as caught:
        run(write(body))
    assert caught.value.exit_status == 3
    assert "No archive was made." in caught.value.message
    assert "\n" not in str(caught.value)
    assert outcome(tmp_path / "out") == ([], ["00-small.ipynb"])
    assert json.loads(next((tmp_path / "out").glob("failed-*/*")).read_text())["cells"]
    assert not living()


def test_a_hanging_cell_is_given_up(write: Write, run: Run, tmp_path: Path, living: Living) -> None:
    with pytest.raises(ReportError, match=r"\((open|body)\): did not finish within 9 s"):
        run(write("import time\ntime.sleep(600)"), time_limit=9)
    assert outcome(tmp_path / "out") == ([], ["00-small.ipynb"])
    assert not living()


@pytest.mark.parametrize(
    "end", ["pass", "import pathlib, os\npathlib.Path(os.environ['K8SNB_RECORD']).write_text('{}')"]
)
def test_papermills_word_is_not_enough(write: Write, run: Run, tmp_path: Path, end: str) -> None:
    with pytest.raises(ReportError, match="ended without the record that its last cell writes"):
        run(write("1 + 1", end=end))
    assert outcome(tmp_path / "out")[0] == []


def test_the_record_of_another_run_does_not_count(write: Write, run: Run) -> None:
    with pytest.raises(ReportError, match="record of another run"):
        run(write("import os\nos.environ['K8SNB_RECORD_TOKEN'] = 'other'"))


def test_one_failure_stops_the_others(write: Write, run: Run, tmp_path: Path, living: Living) -> None:
    slow = write("import time\ntime.sleep(600)", name="01-slow")
    with pytest.raises(ReportError, match="00-small"):
        run(write("raise ValueError('boom')"), slow)
    assert outcome(tmp_path / "out") == ([], ["00-small.ipynb"])
    assert not living()


def test_a_file_that_is_no_notebook(tmp_path: Path, run: Run) -> None:
    broken = tmp_path / "00-broken.ipynb"
    broken.write_text("{")
    with pytest.raises(ReportError, match="no notebook"):
        run(broken)
    assert outcome(tmp_path / "out") == ([], [])


def test_braces_in_paths_are_just_letters(write: Write, tmp_path: Path) -> None:
    from k8snb.reports.report import Request, build
    from k8snb.sources.objects import objects

    out = tmp_path / "{0} {name} %s"
    made = build(Request(out, (write("1 + 1"),), None, {}, (), {}, 1), objects([], complete=True))
    assert made.parent == out


def test_taken_names_get_a_number(tmp_path: Path) -> None:
    from k8snb.reports.archive import move

    for name in ("run", "run-2", "new"):
        (tmp_path / name).mkdir()
    assert move(tmp_path / "new", tmp_path / "run").name == "run-3"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_unwritable_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="Permission denied"):
        report("demo", tmp_path)


def test_out_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="File exists"):
        report("demo", tmp_path / "out")


WRONG = {
    "parameter": ({"parameters": {"pod_security_leve": "baseline"}}, UsageError, "pod_security_level"),
    "value": ({"parameters": {"pod_security_level": "strict"}}, UsageError, "does not fit"),
    "chapter": ({"chapters": ["pod-securty"]}, UsageError, "pod-security"),
    "language": ({"lang": "fr"}, UsageError, "fr"),
    "namespace": ({"namespaces": ["nowhere"]}, UsageError, "nowhere"),
    "waivers": ({"waivers": "/nowhere.yaml"}, UsageError, "nowhere"),
}


@pytest.mark.parametrize(("given", "error", "told"), WRONG.values(), ids=WRONG)
def test_wrong_usage_is_told_before_anything_runs(
    tmp_path: Path, given: dict[str, object], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        report("demo", tmp_path / "out", **given)  # type: ignore[arg-type]
    assert not list((tmp_path / "out").glob("*"))


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises((SourceError, UsageError)):
        report(str(tmp_path / "nothing.k8snb"), tmp_path / "out")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run([shutil.which("umount") or "umount", str(folder)], check=True)


def test_a_full_disk(write: Write, small_disk: Path) -> None:
    from k8snb.reports.report import Request, build
    from k8snb.sources.objects import objects

    big = write("from IPython.display import HTML\nHTML('x' * 3_000_000)")
    with pytest.raises(ReportError, match="No space left on device"):
        build(Request(small_disk, (big,), None, {}, (), {}, 1), objects([], complete=True))
    assert outcome(small_disk)[0] == []


SCRIPT = """
    import sys
    from pathlib import Path
    from k8snb.errors import K8snbError
    from k8snb.reports.report import Request, build
    from k8snb.sources.objects import objects

    try:
        request = Request(Path({out!r}), tuple(map(Path, {notebooks!r})), None, {{}}, (), {{}}, 2)
        print(build(request, objects([], complete=True)))
    except K8snbError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_status)
"""


def start(out: Path, *notebooks: Path) -> subprocess.Popen[str]:
    script = textwrap.dedent(SCRIPT.format(out=str(out), notebooks=list(map(str, notebooks))))
    command = [sys.executable, "-c", script]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something to be so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_stop_a_run(write: Write, tmp_path: Path, living: Living, number: signal.Signals) -> None:
    begun = tmp_path / "begun"
    process = start(tmp_path / "out", write(f"open({str(begun)!r}, 'w').close()\nimport time\ntime.sleep(600)"))
    until(begun.exists)
    below = living(process.pid)
    process.send_signal(number)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 3
    assert "Interrupted: 00-small.ipynb, cell 4 of 5 (body). No archive was made." in told
    assert "Traceback" not in told
    assert outcome(tmp_path / "out") == ([], ["00-small.ipynb"])
    assert below
    assert not [one for one in below if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("delay", [0.4, 1.7, 4.1])
def test_a_killed_run_leaves_nothing_that_looks_complete(
    write: Write, tmp_path: Path, living: Living, delay: float
) -> None:
    out = tmp_path / "out"
    process = start(out, write("1 + 1"), write("2 + 2", name="01-more"))
    time.sleep(delay)
    below = living(process.pid)
    process.kill()
    process.communicate()
    until(lambda: not [one for one in below if one.is_running() and one.status() != psutil.STATUS_ZOMBIE])
    left = [path for path in out.glob("*") if not path.name.startswith(".partial-")] if out.exists() else []
    assert all((path / "manifest.json").is_file() for path in left), "only a whole archive has a name"
    second = start(out, write("1 + 1"))
    assert second.wait(timeout=60) == 0
    assert not list(out.glob(".partial-*")), "the next run cleans up"


@pytest.mark.parametrize("group", [False, True], ids=["the process", "its group"])
def test_a_killed_run_leaves_no_process_and_no_scratch_files(
    write: Write, tmp_path: Path, living: Living, monkeypatch: pytest.MonkeyPatch, group: bool
) -> None:
    scratch, begun = tmp_path / "scratch", tmp_path / "begun"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    process = start(tmp_path / "out", write(f"open({str(begun)!r}, 'w').close()\nimport time\ntime.sleep(600)"))
    until(begun.exists)
    below = living(process.pid)
    (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
    process.communicate()
    until(lambda: not [one for one in below if one.is_running() and one.status() != psutil.STATUS_ZOMBIE])
    assert list(scratch.iterdir()) == []


def test_a_running_report_is_left_alone_by_the_next(write: Write, run: Run, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    process = start(
        tmp_path / "out", write(f"open({str(begun)!r}, 'w').close()\nimport time\ntime.sleep(600)", name="01-slow")
    )
    until(begun.exists)
    run(write("1 + 1"))
    assert list((tmp_path / "out").glob(".partial-*"))
    process.terminate()
    assert process.wait(timeout=30) == 3
    process.communicate()


def test_two_reports_at_once(write: Write, tmp_path: Path) -> None:
    both = [start(tmp_path / "out", write("1 + 1")) for _ in range(2)]
    archives = {one.communicate(timeout=60)[0].strip() for one in both}
    assert len(archives) == 2
    assert all((Path(one) / "manifest.json").is_file() for one in archives)


def test_complete_says_so(write: Write, run: Run) -> None:
    made = run(write("1 + 1"))
    assert "Complete: " in (made / "00-small.html").read_text(encoding="utf-8")
