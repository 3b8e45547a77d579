"""Tab: every place has its words, in a real kernel; and no name of a cluster becomes anything but that name."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import k8snb
from k8snb.chapters import CHAPTER_IDS
from k8snb.controls.registry import controls
from k8snb.magics import arguments
from k8snb.magics.completion import words
from k8snb.magics.state import State

from .conftest import Kernel

HOSTILE = [
    "two words",
    "it's",
    'say "x"',
    "{open('ran','w').close()}",
    "$(touch ran)",
    "`touch ran`",
    "a;b?",
    "back\\slash",
    "<img src=x onerror=alert(1)>",
    "'''",
    "%magic",
    "!touch ran",
]
HIDDEN = ["line\nbreak", "\x1b[31mred", "right\u202eleft", "--kubeconfig=evil", "-n"]


def namespace(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


@pytest.mark.parametrize(
    ("code", "offered"),
    [
        ("%k8s ", arguments.COMMANDS),
        ("%k8s as", ["assess"]),
        ("%k8s assess ", [*CHAPTER_IDS, *controls()]),
        ("found = %k8s assess no-host-net", ["no-host-network"]),
        ("%k8s assess pod-security --con", ["--control"]),
        ("%k8s assess --chapter net", ["network-hardening"]),
        ("%k8s assess -n sho", ["shop"]),
        ("%k8s assess -p pod_security_l", ["pod_security_level="]),
        ("%k8s connect de", ["demo"]),
        ("%k8s connect context:", ["context:prod", "'context:with space'"]),
        ("%k8s connect 'context:w", ["'context:with space'"]),
        ("%k8s connect man", ["manifests/"]),
        ("%k8s connect manifests/", ["manifests/a.yaml", "'manifests/b c.json'"]),
        ("%k8s assess --waivers manifests/n", ["manifests/notes.txt"]),
        ("%k8s findings --status not-a", ["not-assessed", "not-applicable"]),
        ("%k8s findings --severity c", ["critical"]),
        ("%k8s explain no-host-net", ["no-host-network"]),
        ("%%k8s_sql\nselect * from deploym", ["deployments"]),
        ("%%k8s_sql mine\nselect servicea", ["serviceaccounts"]),
        ("%%k8s_sql\nselect count(*) from pods where nam", ["namespace", "name", "namespaces"]),
        ("%%k8s_sql\nselect * from services as s, pods p where s.cluster", []),
        ("%%k8s_sql\nselect * from services as s, pods p where p.own", ["owner_kind", "owner_name"]),
        ("%k8s_sql select * from services s where s.sp", ["spec"]),
        ("%k8s_sql select AUTOM", []),
        ("%k8s_sql select * from serviceaccounts where AUTOM", ["automountServiceAccountToken"]),
    ],
)
def test_every_place_has_its_words(kernel: Kernel, code: str, offered: list[str]) -> None:
    (kernel.folder / "manifests").mkdir(exist_ok=True)
    for name in ("a.yaml", "b c.json", "notes.txt", ".hidden.yaml"):
        (kernel.folder / "manifests" / name).touch()
    contexts = [{"name": name, "context": {}} for name in ("prod", "with space", "bad\nname")]
    (kernel.folder / "kubeconfig").write_text(json.dumps({"contexts": contexts}))
    word = code.rpartition("." if "." in code.rpartition(" ")[2] else " ")[2]
    begun = code.removesuffix("'context:w" if "'" in code else word)
    assert kernel.complete(code) == [begun + one for one in offered]


def test_findings_complete_by_their_ids(kernel: Kernel) -> None:
    found = k8snb.assess(k8snb.connect("demo"), chapters=["pod-security"]).findings()[0].id
    for word in ("explain", "fix"):
        assert f"%k8s {word} {found}" in kernel.complete(f"%k8s {word} {found[:6]}")


@pytest.mark.parametrize("line", ["nope ", "connect --name ", "traceback ", "assess -p x=", "connect 'a' 'b c"])
def test_what_nobody_knows_is_not_completed(line: str) -> None:
    assert words(State(), line)[1] == {}


def test_a_hostile_name_is_completed_to_itself_or_not_at_all(kernel: Kernel) -> None:
    (kernel.folder / "odd.json").write_text(json.dumps({"kind": "List", "items": [*map(namespace, HOSTILE + HIDDEN)]}))
    kernel.run("%k8s connect odd.json --complete")
    lines = kernel.complete("%k8s assess pod-security -n ")
    for line in lines:
        ran = kernel.run(line)
        assert ran.status == "ok", (line, ran.error)
    kernel.run("%k8s connect demo")
    assert sorted(arguments.split(line)[-1] for line in lines) == sorted(HOSTILE)
    assert not (kernel.folder / "ran").exists()


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), st.integers(0, 12))
def test_whatever_is_offered_is_read_back_as_the_name(name: str, size: int) -> None:
    state = State(cluster=k8snb.connect(objects=[namespace(name)]))
    for begun in ("", name[:size] if name[:size].isalnum() else ""):
        fragment, offered = words(state, f"assess -n {begun}")
        assert fragment == begun
        for one in offered:
            assert name.isprintable()
            assert arguments.split(f"assess -n {one}") == ["assess", "-n", name]


@pytest.mark.parametrize("content", [b"", b"\xff", b"[" * 5000, b"contexts: 5", b"contexts: [{}]", b"a: b: c"])
def test_a_kubeconfig_that_is_none_has_no_contexts(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_bytes(content)
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join(["~~", str(tmp_path / "config"), str(tmp_path)]))
    assert words(State(), "connect context:")[1] == {}
