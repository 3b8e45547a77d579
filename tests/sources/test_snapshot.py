"""A snapshot gives again what was written, or one clear line."""

import errno
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8snb.errors import K8snbError, SourceError, UsageError
from k8snb.sources import snapshot_format, snapshot_read, snapshot_write
from k8snb.sources.redaction import clean
from k8snb.sources.snapshot import is_snapshot, snapshot, write_snapshot
from k8snb.sources.stream import Fact, Gap, Item, Listed, Note, Origin, Page

CREATED = "2026-11-16T08:00:00Z"


def page(value: Any, *origins: Origin) -> Page:
    return Page(json.dumps(value).encode(), origins)


def pod(name: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "shop"}, "spec": {"containers": [{"name": "a"}]}} | more


def listed(kind: str, items: list[Any], api_version: str = "v1") -> dict[str, Any]:
    return {"kind": f"{kind}List", "apiVersion": api_version, "items": items}


def write(path: Path, *items: Item, complete: bool = True) -> Path:
    write_snapshot(items, path, kind="manifests", name="a folder", complete=complete, created=CREATED)
    return path


def read(path: Path) -> list[Item]:
    return [item for part in snapshot(str(path)).parts() for item in part.read()]


def objects(items: list[Item]) -> list[tuple[str, str, Any, Origin | None]]:
    found = []
    for one in items:
        if isinstance(one, Page):
            data = json.loads(one.data)
            for index, item in enumerate(data["items"]):
                origin = one.origins[index] if one.origins else None
                found.append((data.get("apiVersion", ""), data["kind"], item, origin))
    return found


@pytest.fixture
def good(tmp_path: Path) -> Path:
    pods = listed("Pod", [pod(f"p{number}") for number in range(3)])
    return write(tmp_path / "a.k8snb", page(pods), Listed("pods"), Note("a note"))


def test_round_trip(tmp_path: Path) -> None:
    others = [
        Listed("pods"),
        Listed("secrets", ("a", "b")),
        Gap("forbidden", "no", "nodes", "a", Origin("x", 2, 3), ("Pod", "a", "b")),
        Fact("version", {"gitVersion": "v1.35.6", "list": [1, None]}, "probe", "/version", CREATED),
        Note("12 skipped"),
    ]
    path = write(tmp_path / "a.k8snb", *others, page(listed("Pod", [pod("a")])), complete=False)
    source = snapshot(str(path))
    assert (source.kind, source.original, source.name) == ("snapshot", "manifests", "a folder")
    assert (source.complete, source.created) == (False, CREATED)
    items = read(path)
    assert [item for item in items if not isinstance(item, Page)] == others
    assert objects(items) == [("v1", "PodList", pod("a"), None)]


def test_objects_are_regrouped_by_kind_and_keep_their_origins(tmp_path: Path) -> None:
    one, two, three = (Origin("a.yaml", 1, line) for line in (1, 2, 3))
    service = {"kind": "Service", "apiVersion": "v1", "metadata": {"name": "s"}}
    mixed = {"kind": "List", "items": [pod("a", kind="Pod", apiVersion="v1"), service, listed("Pod", [pod("b")])]}
    items = objects(read(write(tmp_path / "a.k8snb", page(mixed, one, two, three), page(service))))
    assert [(kind, item["metadata"]["name"], origin) for _, kind, item, origin in items] == [
        ("PodList", "a", one),
        ("PodList", "b", three),
        ("ServiceList", "s", two),
        ("ServiceList", "s", None),
    ]


def test_pages_hold_at_most_500_objects(tmp_path: Path) -> None:
    path = write(tmp_path / "a.k8snb", page(listed("Pod", [pod(str(number)) for number in range(1201)])))
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [*(f"pages/pods-0000{number}.json" for number in (1, 2, 3)), "snapshot.json"]
    assert [item["metadata"]["name"] for _, _, item, _ in objects(read(path))] == [str(n) for n in range(1201)]


@pytest.mark.parametrize(
    ("data", "resource", "words"),
    [
        (b'{"kind":"PodList","items":[', "pods", "truncated"),
        (b"", None, "truncated"),
        (b"[" * 100_000, None, "Expected `object`"),
        (b'{"items":[7]}', None, "Expected `object`"),
        (b'{"items":[{"metadata":{}}]}', None, "without a kind"),
        (b'{"kind":"Pod","metadata":7}', "pods", "metadata"),
        (b'{"kind":"PodList","items":[{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}]}", "pods", "nested too deeply"),
        (b'{"kind":"PodList","items":[{"a":1e999}]}', "pods", "out of range"),
    ],
)
def test_malformed_pages_become_gaps(tmp_path: Path, data: bytes, resource: str | None, words: str) -> None:
    (gap,) = read(write(tmp_path / "a.k8snb", Page(data, (Origin("a.json"),))))
    assert isinstance(gap, Gap)
    assert (gap.cause, gap.resource, gap.origin) == ("malformed", resource, Origin("a.json"))
    assert words in gap.message


def test_credentials_are_not_stored(tmp_path: Path) -> None:
    config = {"kind": "ConfigMap", "data": {"password": "hunter2"}}
    secret = {"kind": "Secret", "stringData": {"x": "hunter2"}}
    notes = [
        Note("https://u:" + "hunter2@host"),
        Gap("malformed", "password=hunter2"),
        Fact("a", ["--token=hunter2"], "", ""),
    ]
    path = write(tmp_path / "a.k8snb", page(config), page(listed("Secret", [secret])), *notes)
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if b"hunter2" in archive.read(name)]


def test_same_input_makes_same_bytes(tmp_path: Path) -> None:
    items = (page(listed("Pod", [pod("a"), pod("b")]), Origin("a"), Origin("b")), Note("x"))
    assert write(tmp_path / "a.k8snb", *items).read_bytes() == write(tmp_path / "b.k8snb", *items).read_bytes()


def failing(error: BaseException) -> Iterator[Item]:
    yield page(listed("Pod", [pod("a")]))
    raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SourceError("gone"), MemoryError()])
def test_no_file_remains_when_the_source_fails(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)):
        write_snapshot(failing(error), tmp_path / "a.k8snb", kind="x", name="x", complete=True, created=CREATED)
    assert list(tmp_path.iterdir()) == []


def test_failure_keeps_the_file_that_was_there(good: Path) -> None:
    before = good.read_bytes()
    with pytest.raises(SourceError):
        write_snapshot(failing(SourceError("x")), good, kind="x", name="x", complete=True, created=CREATED)
    assert good.read_bytes() == before


def test_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(snapshot_write.zipfile.ZipFile, "writestr", full)
    with pytest.raises(K8snbError, match="disk is full"):
        write(tmp_path / "a.k8snb", Note("x"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["missing/a.k8snb", "file/a.k8snb", "."])
def test_unwritable_place_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        write(tmp_path / place, Note("x"))
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_too_large_for_a_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_write, "MOST_TOTAL", 1000)
    with pytest.raises(K8snbError, match="more than a snapshot can"):
        write(tmp_path / "a.k8snb", page(listed("Pod", [pod(str(number)) for number in range(50)])))
    assert list(tmp_path.iterdir()) == []


def test_is_snapshot(tmp_path: Path, good: Path) -> None:
    other = good.rename(tmp_path / "renamed.zip")
    (tmp_path / "a.yaml").write_text("kind: Pod")
    assert is_snapshot(str(other))
    assert is_snapshot("missing.k8snb")
    assert not is_snapshot(str(tmp_path / "a.yaml"))
    assert not is_snapshot(str(tmp_path))
    assert not is_snapshot(str(tmp_path / "missing"))


Members = dict[str, bytes]


def index_of(members: Members) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(members["snapshot.json"])
    return loaded


def with_index(change: Callable[[dict[str, Any]], Any]) -> Callable[[Members], None]:
    def apply(members: Members) -> None:
        index = index_of(members)
        change(index)
        members["snapshot.json"] = json.dumps(index).encode()

    return apply


def lengthen(members: Members) -> None:
    members["pages/pods-00001.json"] += b" "


def alter(members: Members) -> None:
    members["pages/pods-00001.json"] = members["pages/pods-00001.json"].replace(b"p1", b"p9")


def renamed(name: str) -> Callable[[Members], None]:
    def apply(members: Members) -> None:
        members[name] = members.pop("pages/pods-00001.json")
        members["snapshot.json"] = members["snapshot.json"].replace(b"pages/pods-00001.json", name.encode())

    return apply


TAMPERED: list[tuple[Callable[[Members], Any], str]] = [
    (lambda members: members.pop("pages/pods-00001.json"), "missing"),
    (lambda members: members.pop("snapshot.json"), "not a k8snb snapshot"),
    (alter, "has been changed"),
    (lengthen, "size"),
    (lambda members: members.update({"pages/extra.json": b"{}"}), "not in its index"),
    (renamed("../evil.json"), "unexpected member"),
    (renamed("/etc/evil.json"), "unexpected member"),
    (renamed("pages/../evil.json"), "unexpected member"),
    (with_index(lambda index: index.update(format="k8snb/snapshot/v2")), "newer k8snb"),
    (with_index(lambda index: index.update(format="zip")), "not a k8snb snapshot"),
    (with_index(lambda index: index.update(pages=7)), "wrong form"),
    (with_index(lambda index: index.update(complete="yes")), "wrong form"),
    (with_index(lambda index: index.pop("created")), "wrong form"),
    (with_index(lambda index: index["pages"].append(index["pages"][0])), "listed twice"),
    (with_index(lambda index: index["pages"].clear()), "not in its index"),
    (lambda members: members.update({"snapshot.json": b"[" * 100_000}), "wrong form"),
    (lambda members: members.update({"snapshot.json": b"\xff\xfe"}), "wrong form"),
]


@pytest.mark.parametrize(("change", "words"), TAMPERED)
def test_tampering_is_told(good: Path, change: Callable[[Members], Any], words: str) -> None:
    with zipfile.ZipFile(good) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(good, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    with pytest.raises(SourceError, match=words):
        read(good)


def test_duplicate_member_is_told(good: Path) -> None:
    with zipfile.ZipFile(good, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("snapshot.json", b"{}")
    with pytest.raises(SourceError, match="there twice"):
        read(good)


def test_wrong_form_of_a_stream_file_is_told(good: Path) -> None:
    with zipfile.ZipFile(good) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    data = b'[{"gap":7}]'
    index = index_of(members)
    index["stream"][0] |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    members |= {"stream/00001.json": data, "snapshot.json": json.dumps(index).encode()}
    with zipfile.ZipFile(good, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(SourceError, match="wrong form"):
        read(good)


@pytest.mark.parametrize("keep", [0, 3, 100, -30, -1])
def test_truncated_file_is_told(good: Path, keep: int) -> None:
    good.write_bytes(good.read_bytes()[:keep])
    with pytest.raises(SourceError, match="not a whole"):
        read(good)


@pytest.mark.parametrize(("bound", "most"), [("MOST_BYTES", 300), ("MOST_TOTAL", 500), ("MOST_RATIO", 1)])
def test_zip_bomb_is_refused_before_it_is_unpacked(
    good: Path, monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    monkeypatch.setattr(snapshot_read, bound, most)
    monkeypatch.setattr(snapshot_read, "FREE_TOTAL", 0)
    monkeypatch.setattr(snapshot_read, "content", None)
    with pytest.raises(SourceError, match="would unpack to"):
        read(good)


def test_missing_and_unreadable_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        snapshot(str(tmp_path / "missing.k8snb"))
    with pytest.raises(SourceError, match="cannot be read"):
        snapshot(str(tmp_path))


NAME = st.text("abcxyz", min_size=1, max_size=5)
OBJECT = st.fixed_dictionaries(
    {
        "metadata": st.fixed_dictionaries({"name": NAME}),
        "spec": st.dictionaries(NAME, NAME | st.integers(), max_size=3),
    },
    optional={"kind": st.sampled_from(["Pod", "Service", "Strange"]), "apiVersion": st.sampled_from(["v1", "x/v1"])},
)
OTHER = st.builds(Note, NAME) | st.builds(Listed, NAME) | st.builds(Fact, NAME, OBJECT, NAME, NAME)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.lists(OBJECT, max_size=8), st.lists(OTHER, max_size=4))
def test_any_stream_round_trips(tmp_path: Path, values: list[Any], others: list[Item]) -> None:
    items = read(write(tmp_path / "a.k8snb", page(listed("Pod", values)), *others))
    assert [item for item in items if not isinstance(item, Page)] == others
    expected = [clean(value, "Pod") for value in values]
    found = [item for _, _, item, _ in objects(items)]
    assert sorted(map(json.dumps, found)) == sorted(map(json.dumps, expected))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(data=st.data())
def test_mutated_snapshot_is_refused_or_reads_the_same(good: Path, data: st.DataObject) -> None:
    original = good.with_name("original")
    if not original.exists():
        original.write_bytes(good.read_bytes())
    mutated = bytearray(original.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    good.write_bytes(bytes(mutated))
    try:
        items = read(good)
    except SourceError:
        return
    assert items == read(original)


def test_limits_leave_room_for_what_is_written() -> None:
    assert snapshot_write._FLUSH_BYTES + snapshot_format.MOST_BYTES // 2 < snapshot_format.MOST_BYTES
