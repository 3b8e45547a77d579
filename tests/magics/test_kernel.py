"""The magics in a real kernel: what they give, what they keep, how they fail."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest

import k8snb
from k8snb.magics import arguments

from .conftest import CARD, Kernel

Start = Callable[[], Kernel]


def test_the_card_has_a_name_logos_and_the_extension() -> None:
    spec = json.loads((CARD / "kernel.json").read_text())
    assert spec["argv"][0] == "python"
    assert "--ext=k8snb" in spec["argv"]
    for size in (32, 64):
        header = (CARD / f"logo-{size}x{size}.png").read_bytes()[:24]
        assert struct.unpack(">II", header[16:]) == (size, size)
    assert "<script" not in (CARD / "logo-svg.svg").read_text()


def test_results_are_python_s_own(kernel: Kernel) -> None:
    assert kernel.run("r = %k8s assess run-as-non-root no-host-network -n shop -n ci").text == ""
    whole = k8snb.connect("demo").limited(["shop", "ci"])
    expected = k8snb.assess(whole, controls=["run-as-non-root", "no-host-network"])
    assert kernel.value("[one.id for one in r]") == repr([one.id for one in expected])
    assert kernel.value("type(r).__name__") == "'Assessment'"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("%k8s connect demo", "22 namespaces"),
        ("%k8s assess run-as-non-root", "run-as-non-root"),
        ("%k8s findings run-as-non-root --status fail --severity high -n shop", "Deployment shop/"),
        ("%k8s explain run-as-non-root", "Why: "),
        ("%k8s", "Connected: demo."),
        ("%%k8s_sql\nselect count(*) as n from workloads", "113"),
        ("%k8s_sql select count(*) as n from workloads", "113"),
    ],
)
def test_every_word_shows_what_it_gives(kernel: Kernel, line: str, shown: str) -> None:
    ran = kernel.run(line)
    assert ran.status == "ok", ran.error
    assert shown in ran.text


def test_a_finding_is_explained_by_the_beginning_of_its_id(kernel: Kernel) -> None:
    kernel.run("r = %k8s assess run-as-non-root")
    finding = k8snb.assess(k8snb.connect("demo"), controls=["run-as-non-root"]).findings()[0]
    assert finding.id in kernel.run(f"%k8s explain {finding.id[:8]}").text


def test_variables_are_set_where_asked_for_only(kernel: Kernel) -> None:
    names = kernel.value("sorted(one for one in dir() if one[0] != '_' and one not in ('In', 'Out'))")
    kernel.run("%k8s connect demo")
    kernel.run("%k8s assess no-host-network")
    assert kernel.value("sorted(one for one in dir() if one[0] != '_' and one not in ('In', 'Out'))") == names
    kernel.run("%k8s connect demo --name mine")
    kernel.run("%k8s assess no-host-network --name found")
    kernel.run("%%k8s_sql counted\nselect count(*) as n from pods")
    assert kernel.value("type(mine).__name__, found.cluster is mine, int(counted.n[0])") == "('Cluster', True, 299)"


@pytest.mark.parametrize(
    ("line", "what", "hint"),
    [
        ("%k8s asess", "no %k8s asess", "'assess'"),
        ("%k8s assess run-as-nonroot", "'run-as-nonroot'", "'run-as-non-root'"),
        ("%k8s assess --nope", "--nope", "%k8s assess?"),
        ("%k8s assess -n elsewhere", "'elsewhere'", "Known: "),
        ("%k8s assess -p pod_security_level", "-p 'pod_security_level'", "NAME=VALUE"),
        ("%k8s assess -p pod_security_level=strict", "'strict'", "baseline"),
        ("%k8s assess --waivers none.yaml", "none.yaml", "--waivers"),
        ("%k8s connect none.yaml", "none.yaml", ""),
        ("%k8s connect 'open", "quotation", "Close"),
        ("%k8s connect -", "standard input", "file"),
        ("%k8s connect demo --name 1st", "'1st'", "Letters"),
        ("%k8s findings --severity bad", "bad", "%k8s findings?"),
        ("%k8s explain zzz", "'zzz'", "%k8s findings"),
        ("%%k8s_sql\nselect nothing from nowhere", "nowhere", "Tables: "),
        ("%%k8s_sql class\nselect 1", "'class'", "Letters"),
    ],
)
def test_an_error_is_one_line_with_what_to_do_and_stops_the_notebook(
    kernel: Kernel, line: str, what: str, hint: str
) -> None:
    ran = kernel.run(line)
    assert ran.status == "error"
    (told,) = ran.error
    assert len(told.splitlines()) == 1
    assert what in told
    assert hint in told
    assert "Traceback (most recent call last)" in kernel.run("%k8s traceback").text


def test_a_bug_is_one_line_too_and_shows_nothing_raw(kernel: Kernel) -> None:
    kernel.run("import k8snb.magics.commands as commands; kept = commands._RUN")
    kernel.run("commands._RUN = {'assess': lambda *_: {}['\\x1b[31m\\nx']}")
    (told,) = kernel.run("%k8s assess").error
    kernel.run("commands._RUN = kept")
    assert "bug (KeyError" in told
    assert not {"\x1b", "\n"} & set(told)
    assert "lambda" in kernel.run("%k8s traceback").text


def test_nothing_can_be_assessed_before_something_is_connected(start: Start) -> None:
    fresh = start()
    for line in ("%k8s assess", "%k8s findings", "%k8s explain x", "%k8s_sql select 1"):
        assert "%k8s connect demo" in fresh.run(line).error[0]
    fresh.run("%k8s connect demo")
    assert "%k8s assess does it" in fresh.run("%k8s findings").error[0]
    assert "no kubeconfig" in fresh.run("%k8s connect").error[0]
    assert fresh.run("%k8s").text.strip().endswith("Connected: demo.")
    assert fresh.run("%reload_ext k8snb").status == "ok"
    assert len(fresh.complete("%k8s con")) == 1
    assert fresh.run("%unload_ext k8snb").status == "ok"
    assert "%k8s connect" not in fresh.complete("%k8s con")


@pytest.mark.parametrize("word", arguments.COMMANDS)
def test_a_question_mark_shows_the_arguments_and_examples(kernel: Kernel, word: str) -> None:
    ran = kernel.run(f"%k8s {word}?")
    assert ran.status == "ok"
    assert all(name in ran.text for one in arguments.COMMANDS[word].arguments for name in one.names if name[0] == "-")
    assert all(one in ran.text for one in arguments.COMMANDS[word].examples.split("\n"))


def test_a_question_mark_after_the_magic_shows_the_words(kernel: Kernel) -> None:
    assert all(f"%k8s {word}" in kernel.run("%k8s?").text for word in arguments.COMMANDS)
    assert "NAME" in kernel.run("%%k8s_sql?").text


def test_nothing_in_a_line_is_run_as_code(kernel: Kernel) -> None:
    for line in ("%k8s assess -n {open('ran','w').close()}", "%k8s connect $HOME", "%k8s connect '`touch ran`'"):
        assert kernel.run(line).status == "error"
    assert not (kernel.folder / "ran").exists()


@pytest.fixture
def silent() -> Iterator[tuple[int, threading.Event]]:
    """A server that takes a connection and never answers: its port, and when somebody came."""
    came = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                came.set()
                while connection.recv(4096):
                    pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], came


def test_an_interruption_leaves_what_was_connected_and_assessed(
    kernel: Kernel, silent: tuple[int, threading.Event]
) -> None:
    port, came = silent
    (kernel.folder / "kubeconfig").write_text(
        f"clusters: [{{name: c, cluster: {{server: 'http://127.0.0.1:{port}'}}}}]\n"
        "contexts: [{name: slow, context: {cluster: c, user: u}}]\n"
        "users: [{name: u, user: {token: t}}]\n"
    )
    kernel.run("%k8s connect demo\nbefore = %k8s assess no-host-network")
    ran = kernel.run("%k8s connect context:slow", interrupt=came)
    assert ran.error == ["Interrupted. What was connected and assessed before still is."]
    assert kernel.run("%k8s findings no-host-network").status == "ok"
    assert "Connected: demo." in kernel.run("%k8s").text


def test_a_query_can_be_interrupted(kernel: Kernel) -> None:
    endless = "%k8s_sql select count(*) from range(100000000000) a, range(100000000) b where a.range % 7 = b.range % 7"
    begun = threading.Event()
    threading.Timer(1, begun.set).start()  # whether it has begun by then or not
    assert kernel.run(endless, interrupt=begun).error[0].startswith("Interrupted.")
    assert kernel.run("%k8s_sql select count(*) from pods").status == "ok"


def test_long_work_shows_a_bar_of_which_nothing_is_left(kernel: Kernel) -> None:
    kernel.run("import k8snb.magics.progress as progress; progress.MOMENT = -1")
    ran = kernel.run("%k8s connect demo\n%k8s assess pod-security")
    kernel.run("progress.MOMENT = 1000")
    assert all(doing in ran.text for doing in ("Reading: ", "Assessing: "))
    left = [one["content"]["data"] for one in ran.messages if one["msg_type"] == "update_display_data"]
    assert left == [{"text/plain": ""}] * 2
    assert "comm_open" not in [one["msg_type"] for one in kernel.run("%k8s assess pod-security").messages]


def test_of_work_that_was_not_done_it_is_left_how_far_it_came(kernel: Kernel) -> None:
    kernel.run("import k8snb.magics.progress as progress; progress.MOMENT = -1")
    ran = kernel.run("for one in progress.bar([1, 2], 'Counting', 'number'): 1 / (2 - one)")
    kernel.run("progress.MOMENT = 1000")
    (left,) = [one["content"]["data"]["text/plain"] for one in ran.messages if one["msg_type"] == "update_display_data"]
    assert "Counting:  50%" in left
