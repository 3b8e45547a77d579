"""Files, folders and pipes of manifests: every object with its place, every loss told."""

import os
import pickle
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snb.errors import UsageError
from k8snb.sources import manifest_file, manifest_text
from k8snb.sources.manifest_file import ManifestPart
from k8snb.sources.manifests import manifests, standard_input
from k8snb.sources.stream import Gap, Item, Note, Origin, Page

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
JSON_POD = b'{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}'


def read(path: Path | str) -> list[Item]:
    return [
        item
        for part in manifests(str(path), complete=False).parts()
        for item in pickle.loads(pickle.dumps(part)).read()  # noqa: S301
    ]


def of_text(text: str | bytes, file: str = "f.yaml") -> list[Item]:
    data = text.encode() if isinstance(text, str) else text
    return list(ManifestPart("", file, len(data), data).read())


def objects(items: list[Item]) -> list[tuple[Any, Origin]]:
    found: list[tuple[Any, Origin]] = []
    for page in items:
        if isinstance(page, Page):
            value = msgspec.json.decode(page.data)
            listed = value["items"] if value["kind"].endswith("List") else [value]
            assert len(page.origins) in {1, len(listed)}
            found += zip(
                listed, page.origins if len(page.origins) == len(listed) else page.origins * len(listed), strict=True
            )
    return found


def gaps(items: list[Item]) -> list[str]:
    return [item.message for item in items if isinstance(item, Gap)]


def notes(items: list[Item]) -> list[str]:
    return [item.message for item in items if isinstance(item, Note)]


def test_a_folder_gives_its_files_in_order_and_counts_the_rest(tmp_path: Path) -> None:
    for name in ("b.yaml", "a/z.YML", "a/c.json", ".git/x.yaml", "README.md", "a/run.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(JSON_POD if name.endswith("json") else POD.encode())
    source = manifests(str(tmp_path), complete=True)
    assert (source.kind, source.name, source.complete) == ("manifests", str(tmp_path), True)
    items = read(tmp_path)
    assert [str(origin) for _, origin in objects(items)] == [
        f"{tmp_path}/{name}:1" for name in ("b.yaml", "a/c.json", "a/z.YML")
    ]
    assert notes(items) == [f"2 other files in {tmp_path} ignored"]
    assert [part.size for part in source.parts()] == [len(POD), len(JSON_POD), len(POD), 0]


def test_names_are_shown_as_they_were_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a\n\x1b[31m\udcff.yaml").write_text(POD)
    monkeypatch.chdir(tmp_path)
    ((_, origin),) = objects(read("d"))
    assert origin.file == r"d/a\n\x1b[31m\udcff.yaml"
    ((_, origin),) = objects(read("."))
    assert origin.file == r"d/a\n\x1b[31m\udcff.yaml"


def test_links_that_loop_are_walked_once(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.yaml").write_text(POD)
    (tmp_path / "d" / "up").symlink_to(tmp_path)
    (tmp_path / "self.yaml").symlink_to(tmp_path / "self.yaml")
    (tmp_path / "dangling.yaml").symlink_to(tmp_path / "nothing")
    items = read(tmp_path)
    assert len(objects(items)) == 1
    assert {message.split(": ")[0] for message in gaps(items)} == {f"{tmp_path}/dangling.yaml", f"{tmp_path}/self.yaml"}


@pytest.mark.parametrize("refused", ["d", "d/b.yaml"])
def test_what_cannot_be_read_inside_a_folder_is_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "a.yaml").write_text(POD)
    (tmp_path / "d" / "b.yaml").write_text(POD)
    deny(monkeypatch, tmp_path / refused)
    items = read(tmp_path)
    assert len(objects(items)) == 1
    (gap,) = [item for item in items if isinstance(item, Gap)]
    assert (gap.cause, gap.message) == ("forbidden", f"{tmp_path}/{refused}: Permission denied")


def deny(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Refuse a path as a file system does; a test run by root sees no permissions."""
    scan, open_ = os.scandir, Path.open

    def refuse(wanted: Any) -> None:
        if str(wanted) == str(path):
            raise PermissionError(13, "Permission denied")

    def scandir(wanted: Any) -> Any:
        refuse(wanted)
        return scan(wanted)

    def opened(self: Path, *arguments: Any, **keywords: Any) -> Any:
        refuse(self)
        return open_(self, *arguments, **keywords)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(Path, "open", opened)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing", "No such file"),
        ("empty.yaml", "is empty"),
        ("folder", "No YAML or JSON files in"),
        ("notes", "No YAML or JSON files in"),
        ("denied.yaml", "Permission denied"),
        ("denied", "Permission denied"),
        ("nul\0", "not a valid path"),
        ("/dev/null", "neither a file nor a folder"),
        ("x" * 5000, "File name too long"),
    ],
)
def test_a_path_that_gives_nothing_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    for folder in ("folder", "notes", "denied"):
        (tmp_path / folder).mkdir()
    (tmp_path / "notes" / "readme.txt").write_text("x")
    for file in ("empty.yaml", "denied.yaml"):
        (tmp_path / file).write_text("" if file == "empty.yaml" else POD)
    if name.startswith("denied"):
        deny(monkeypatch, tmp_path / name)
    with pytest.raises(UsageError) as error:
        manifests(str(tmp_path / name), complete=False)
    assert message in error.value.message
    assert error.value.message.isprintable()
    assert error.value.hint


def test_a_pipe_given_by_name_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    threading.Thread(target=(tmp_path / "pipe").write_text, args=(POD,), daemon=True).start()
    assert len(objects(read(tmp_path / "pipe"))) == 1


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert gaps(read(tmp_path)) == [f"{tmp_path}/pipe.yaml: not a regular file"]


@pytest.mark.parametrize(
    "text", [POD.encode(), JSON_POD, JSON_POD + b"\n" + JSON_POD, JSON_POD + b"\n---\n" + POD.encode()]
)
def test_standard_input_takes_either_format(text: bytes) -> None:
    (part,) = standard_input(text, complete=False).parts()
    items = list(part.read())
    assert gaps(items) == []
    assert {value["kind"] for value, _ in objects(items)} == {"Pod"}
    assert {origin.file for _, origin in objects(items)} == {"standard input"}


@pytest.mark.parametrize("text", [b"", b" \n"])
def test_empty_standard_input_is_refused(text: bytes) -> None:
    with pytest.raises(UsageError, match="empty"):
        standard_input(text, complete=False)


def test_json_passes_untouched() -> None:
    text = b'{"kind": "PodList", "apiVersion": "v1",\n "items": [{"metadata": {"name": "a"}}]}\n'
    assert of_text(text, "f.json") == [Page(text, (Origin("f.json"),))]
    assert of_text(b"\xef\xbb\xbf" + text, "f.json") == [Page(text, (Origin("f.json"),))]
    assert of_text(text, "f.yaml") == [Page(text, (Origin("f.yaml"),))]
    truncated = text[:50]
    assert of_text(truncated, "f.json") == [Page(truncated, (Origin("f.json"),))]


@pytest.mark.parametrize("seam", [b"\n", b"\n\n", b"\r\n"])
def test_json_lines_and_several_json_objects_become_one_list(seam: bytes) -> None:
    for pod in (JSON_POD, msgspec.json.format(JSON_POD, indent=2)):
        items = of_text(seam.join([pod, pod, pod]) + b"\n", "f.json")
        if seam == b"\n" or pod is JSON_POD:
            lines = [1 + i * (pod.count(b"\n") + seam.count(b"\n")) for i in range(3)]
            assert [(origin.document, origin.line) for _, origin in objects(items)] == list(
                zip((1, 2, 3), lines, strict=True)
            )


def test_a_bad_json_line_costs_no_other() -> None:
    items = of_text(JSON_POD + b"\n{\n" + JSON_POD, "f.json")
    assert gaps(items) == ["f.json:2: not JSON"]
    assert len(objects(items)) == 2


@pytest.mark.parametrize(
    ("text", "file", "message"),
    [
        (b"", "f.json", "f.json:1: an empty JSON file"),
        (b"\n", "f.json", "f.json:1: an empty JSON file"),
        (b'{"kind": "\0"}', "f.json", "f.json:1: not text"),
        (b"\x7fELF\0\0", "f.yaml", "f.yaml:1: not text"),
        (b"- apiVersion: v1\n  kind: Pod\n", "f.yaml", "f.yaml:1: not a Kubernetes object"),
        (b"just words\n", "f.yaml", "f.yaml:1: not a Kubernetes object"),
        (b"\nkind: Pod\n", "f.yaml", "f.yaml:2: Pod without an apiVersion"),
        (b"apiVersion: v1\n", "f.yaml", "f.yaml:1: an object without a kind"),
        (b"apiVersion: v1\nkind: yes\n", "f.yaml", "f.yaml:1: kind and apiVersion must be text"),
        (b"apiVersion: v1\nkind: List\nitems: {}\n", "f.yaml", "f.yaml:1: List: items is no list"),
        (b"apiVersion: v1\nkind: List\nitems: [5]\n", "f.yaml", "f.yaml:1: not a Kubernetes object"),
    ],
)
def test_what_is_no_object_is_a_gap(text: bytes, file: str, message: str) -> None:
    items = of_text(text, file)
    assert gaps(items) == [message]
    assert objects(items) == []


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("replicas: 1\n---\nimage: x\n", "values.yaml"),
        ("- hosts: all\n", "playbook.yaml"),
        ("apiVersion: v2\nname: x\n", "charts/Chart.yaml"),
        ("resources: [a.yaml]\n", "kustomization.yaml"),
        ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Component\n", "x.yaml"),
        ('{"name": "x"}', "package.json"),
    ],
)
def test_a_file_for_another_tool_is_a_note(text: str, file: str) -> None:
    assert of_text(text, file) == [Note(f"{file} is not a Kubernetes manifest")]


def test_a_stray_document_among_manifests_is_a_gap() -> None:
    items = of_text(f"{POD}---\nreplicas: 1\n---\n{POD}")
    assert gaps(items) == ["f.yaml:5: a document without kind and apiVersion"]
    assert [origin.document for _, origin in objects(items)] == [1, 3]


def test_lists_are_taken_apart_and_every_item_has_its_place() -> None:
    text = """
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod}
- kind: List
  items: [{apiVersion: v1, kind: Node}]
---
apiVersion: apps/v1
kind: DeploymentList
items: [{metadata: {name: a}}, {kind: null}]
---
{apiVersion: v1, kind: PodList, items: null}
---
{apiVersion: example.com/v1, kind: AllowList}
"""
    found = [(value["apiVersion"], value["kind"], origin.document) for value, origin in objects(of_text(text))]
    assert found == [
        ("v1", "Pod", 1),
        ("v1", "Node", 1),
        ("apps/v1", "Deployment", 2),
        ("apps/v1", "Deployment", 2),
        ("example.com/v1", "AllowList", 4),
    ]


def test_long_files_come_in_several_pages() -> None:
    items = of_text("---\n".join([POD] * (manifest_text.PAGE_ITEMS + 1)))
    assert [len(item.origins) for item in items if isinstance(item, Page)] == [manifest_text.PAGE_ITEMS, 1]


def test_values_reach_json_as_kubernetes_would_send_them() -> None:
    text = f"{POD}spec: {{hostPID: yes, mode: 0644, n: 1e20, at: 2020-01-01, b: !!binary aGk=, s: !!set {{a}}}}\n"
    (value, _), *_ = objects(of_text(text))
    assert value["spec"] == {
        "hostPID": True,
        "mode": 420,
        "false": 1e20,
        "at": "2020-01-01",
        "b": "hi",
        "s": {"a": None},
    }


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.json").write_bytes(JSON_POD)
    monkeypatch.setattr(manifest_file, "MAX_FILE_BYTES", 10)
    (gap,) = read(tmp_path)
    assert isinstance(gap, Gap)
    assert gap.cause == "unsupported"


def test_a_file_that_vanishes_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    (part,) = manifests(str(tmp_path), complete=False).parts()
    (tmp_path / "a.yaml").unlink()
    assert gaps(list(part.read())) == [f"{tmp_path}/a.yaml: No such file or directory"]


@given(
    st.binary(max_size=200) | st.text(alphabet='{}[]":,\n-ak: 1List\0', max_size=120).map(str.encode),
    st.sampled_from(["f.json", "f.yaml"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, file: str) -> None:
    for item in of_text(data, file):
        assert isinstance(item, Page | Gap | Note)
        if isinstance(item, Page) and len(item.origins) > 1:
            assert len(msgspec.json.decode(item.data)["items"]) == len(item.origins)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), JSON_VALUES, max_size=4))
def test_objects_survive_the_way_through_yaml(spec: dict[str, Any]) -> None:
    import yaml

    pod = {"apiVersion": "v1", "kind": "Pod", "spec": spec}
    text = yaml.safe_dump(pod, default_style='"', allow_unicode=False)
    ((value, _),) = objects(of_text(text))
    assert value == pod
