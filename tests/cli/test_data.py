"""`k8snb data`: how old, and newer data that is checked before it counts."""

import json
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

import k8snb
from k8snb.analysis.releases import Releases
from k8snb.assessment.ageing import stale, types
from k8snb.data import Dated, load, names, packaged
from tests.serving import serving

from .conftest import Shell

BROKEN = {"name": "x", "image": "(", "since": "", "instead": "", "notice": ""}


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("K8SNB_DATA_FROM", raising=False)
    return tmp_path / "data" / "k8snb" / "data"


def newer(name: str, day: str = "2026-11-25", **changes: Any) -> bytes:
    return json.dumps(json.loads(packaged(name)) | {"date": day} | changes).encode()


def test_every_file_is_of_its_type_and_has_a_date() -> None:
    assert set(types()) == set(names())
    assert all(load(name, type_).source for name, type_ in types().items())


def test_status_tells_every_age_in_80_columns(shell: Shell) -> None:
    ran = shell("data", "status")
    assert ran.status == 0
    assert all(f"\n{name} " in ran.text for name in names())
    assert "days" in ran.text
    assert max(map(len, (line for line in ran.text.splitlines() if "Your folder" not in line))) <= 80


@pytest.mark.parametrize("words", [("data",), ("data", "update"), ("data", "status")])
def test_help(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell(*words, "--help").status == 0


def test_without_a_place_nobody_is_asked(shell: Shell) -> None:
    ran = shell("data", "update")
    assert (ran.status, ran.out) == (2, b"")
    assert "--from" in ran.err
    assert "K8SNB_DATA_FROM" in ran.err


@pytest.mark.parametrize("how", ["file", "folder", "variable"])
def test_newer_data_takes_its_place(shell: Shell, own: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    Path("new").mkdir()
    Path("new/releases.json").write_bytes(newer("releases"))
    Path("new/other.json").write_text("{}")
    place = "new/releases.json" if how == "file" else "new"
    monkeypatch.setenv("K8SNB_DATA_FROM", place if how == "variable" else "")
    ran = shell("data", "update") if how == "variable" else shell("data", "update", "--from", place)
    assert (ran.status, ran.err) == (0, "")
    assert "-> 2026-11-25" in ran.text
    assert load("releases", Releases).date == "2026-11-25"
    assert [one.name for one in own.iterdir()] == ["releases.json"]
    assert "your folder" in shell("data", "status").text
    assert "not newer" in shell("data", "update", "--from", "new").text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("releases", b"{"),
        ("releases", b"[]"),
        ("releases", newer("releases", "2999-01-01")),
        ("releases", newer("releases", "2026-02-31")),
        ("releases", newer("releases", "yesterday")),
        ("releases", newer("releases", minors="none")),
        ("retired", newer("retired", components=[BROKEN])),
        ("end_of_life", newer("end_of_life", systems=[{"name": "x", "match": "a", "notice": ""}])),
        ("cves", newer("cves", entries=[{"id": "CVE"}])),
        ("releases", b"\xff"),
        ("releases", b"[" * 5000),
    ],
)  # fmt: skip
def test_what_is_not_whole_changes_nothing(shell: Shell, own: Path, name: str, data: bytes) -> None:
    Path("new").mkdir()
    Path("new/threats.json").write_bytes(newer("threats"))
    Path(f"new/{name}.json").write_bytes(data)
    own.mkdir(parents=True)
    (own / "threats.json").write_bytes(before := newer("threats", "2026-11-01"))
    ran = shell("data", "update", "--from", "new")
    assert (ran.status, ran.out) == (2, b"")
    assert "nothing was changed" in ran.err
    assert len(ran.err.splitlines()) == 2
    assert {one.name: one.read_bytes() for one in own.iterdir()} == {"threats.json": before}


@pytest.mark.parametrize("place", ["nowhere", "nowhere/releases.json", "bad.yaml", "http://example.com/releases.json"])
def test_a_wrong_place_is_told(shell: Shell, own: Path, place: str) -> None:
    ran = shell("data", "update", "--from", place)
    assert (ran.status, ran.out) == (2, b"")
    assert place.partition("/")[0] in ran.err
    assert not own.exists()


def test_a_folder_that_cannot_be_made_is_told(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("releases.json").write_bytes(newer("releases"))
    monkeypatch.setenv("XDG_DATA_HOME", "/dev/null")
    ran = shell("data", "update", "--from", "releases.json")
    assert ran.status == 2
    assert "nothing was written" in ran.err


class Files(BaseHTTPRequestHandler):
    files: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        data = self.files.get(self.path)
        self.send_response(404 if data is None else 302 if data == b"away" else 200)
        self.send_header("Location", "/elsewhere.json")
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with serving(HTTPServer(("127.0.0.1", 0), Files)) as server:
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize("path", ["/data/", "/data", "/data/releases.json"])
def test_data_comes_by_a_url(shell: Shell, address: str, path: str) -> None:
    Files.files = {"/data/releases.json": newer("releases")}
    ran = shell("data", "update", "--from", address + path)
    assert (ran.status, ran.err) == (0, "")
    assert load("releases", Releases).date == "2026-11-25"


@pytest.mark.parametrize("files", [{}, {"/data/releases.json": b"away"}, {"/data/releases.json": b"<html>"}])
def test_a_url_without_data_changes_nothing(shell: Shell, own: Path, address: str, files: dict[str, bytes]) -> None:
    Files.files = files
    ran = shell("data", "update", "--from", f"{address}/data/releases.json")
    assert ran.status in {2, 3}
    assert ran.out == b""
    assert not own.exists()


def test_a_server_that_is_not_there(shell: Shell) -> None:
    ran = shell("data", "update", "--from", "http://127.0.0.1:1/releases.json")
    assert ran.status == 3
    assert "does not answer" in ran.err


@pytest.mark.parametrize("data", [b"{", newer("releases", "2020-01-01")])
def test_own_data_that_is_older_or_broken_is_not_used(shell: Shell, own: Path, data: bytes) -> None:
    own.mkdir(parents=True)
    (own / "releases.json").write_bytes(data)
    assert load("releases", Releases).date > "2026"
    assert ("not whole" in shell("data", "status").text) == (data == b"{")


def test_a_run_says_when_its_data_is_old() -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}
    made = load("releases", Dated).date
    cluster = k8snb.connect(objects=[pod])

    def notes(control: str, today: str) -> str:
        return " ".join(k8snb.assess(cluster, controls=[control], parameters={"today": today}).record.notes)

    assert f"releases of {made}" in notes("supported-version", "2027-06-01")
    assert not notes("supported-version", made)
    assert not notes("run-as-non-root", "2027-06-01")
    assert stale([], date(2030, 1, 1)) == []
