"""The line of a field is found again, or nothing is told."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from k8snb.sources.field_line import LARGEST, field_line

TEXT = """\
# two objects
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {pod-security.kubernetes.io/enforce: privileged}
---
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  volumes:
  - name: logs
  - name: data
    hostPath: {path: /}
  containers:
  - name: app
    image: nginx
    securityContext:
      runAsUser: 0
  - name: other
    ports:
    - hostPort: 80
    - hostPort: 81
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "a: b.yaml"
    made.write_text(TEXT, "utf-8")
    return made


@pytest.mark.parametrize(
    ("line", "path", "wanted"),
    [
        (8, "spec.containers[0].securityContext.runAsUser", 20),
        (8, "spec.containers[0].securityContext.runAsNonRoot", 19),
        (8, "spec.containers[0].image", 18),
        (8, "spec.containers[1].ports[1].hostPort", 24),
        (8, "spec.containers[1].securityContext.privileged", 21),
        (8, "spec.volumes[1].hostPath", 15),
        (8, "spec.volumes[1].hostPath.path", 15),
        (8, "spec.containers[*].image", 16),
        (8, "spec.containers[7].image", 16),
        (8, "spec.hostPID", 11),
        (2, "metadata.labels['pod-security.kubernetes.io/enforce']", 6),
        (2, "spec.hostPID", None),
        (8, "networkpolicies", None),
        (8, "--tls-cert-file", None),
        (99, "spec", None),
        (0, "spec", None),
    ],
)
def test_the_line_of_a_field_or_of_what_is_around_it(file: Path, line: int, path: str, wanted: int | None) -> None:
    for document in ("", " (document 2)"):
        assert field_line(f"{file}:{line}{document}", path, time.time() + 9) == wanted


def test_a_file_that_changed_or_went_tells_nothing(file: Path) -> None:
    origin = f"{file}:8"
    assert field_line(origin, "spec", file.stat().st_mtime - 1) is None
    file.unlink()
    assert field_line(origin, "spec", time.time()) is None


@pytest.mark.parametrize(
    "text",
    ["a: [", "\0", "[" * 100_000, "a: b\n" * (LARGEST // 4), "- " * 50_000, "{a: *b}", "spec: &a [*a, *a]"],
    ids=["broken", "binary", "brackets", "large", "nested", "alias", "loop"],
)
def test_nothing_breaks_on_what_is_no_manifest(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(text, "utf-8")
    assert field_line(f"{file}:1", "spec[0].containers", time.time() + 9) in {None, 1}


@pytest.mark.parametrize("origin", ["", "x", "x:", ":1", "/nowhere:1", "x:1 (document)"])
def test_what_is_no_place_tells_nothing(origin: str) -> None:
    assert field_line(origin, "spec", time.time()) is None


_KEYS = st.text("abcdefgh", min_size=1, max_size=5)
_OBJECTS = st.recursive(
    st.integers(0, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)


def leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Give the path of every number, and what must stand in its line."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{index}]")
    else:
        yield path, f"{value}"


@given(st.dictionaries(_KEYS, _OBJECTS, min_size=1, max_size=4), st.booleans())
def test_every_leaf_is_found(tmp_path_factory: pytest.TempPathFactory, made: dict[str, object], flow: bool) -> None:
    file = tmp_path_factory.getbasetemp() / "made.yaml"
    lines = yaml.safe_dump(made, default_flow_style=flow or None, width=20).splitlines()
    file.write_text("\n".join(["# made", *lines, ""]), "utf-8")
    for path, wanted in leaves(made):
        line = field_line(f"{file}:2", path, time.time() + 9)
        assert line is not None
        assert wanted in "".join(lines[line - 2 : line])
