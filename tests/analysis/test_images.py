"""Image references are taken apart as the registries do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snb.analysis.images import Image, below, parse

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("nginx", Image("docker.io", "library/nginx")),
        ("nginx:1.29", Image("docker.io", "library/nginx", "1.29")),
        ("team/app", Image("docker.io", "team/app")),
        ("index.docker.io/nginx", Image("docker.io", "library/nginx")),
        ("registry.example.com/app", Image("registry.example.com", "app")),
        ("registry.example.com:5000/app", Image("registry.example.com:5000", "app")),
        ("registry.example.com:5000/team/app:v1", Image("registry.example.com:5000", "team/app", "v1")),
        ("localhost/app:1", Image("localhost", "app", "1")),
        ("[fd00::1]:5000/app", Image("[fd00::1]:5000", "app")),
        (f"app@{DIGEST}", Image("docker.io", "library/app", None, DIGEST)),
        (f"ghcr.io/team/app:1@{DIGEST}", Image("ghcr.io", "team/app", "1", DIGEST)),
    ],
)
def test_parts(reference: str, expected: Image) -> None:
    assert parse(reference) == expected


@pytest.mark.parametrize(
    "reference",
    [
        "",
        ":",
        "@",
        "App",
        "app:",
        "app:-1",
        "app@sha256:0",
        "a b",
        "app\n",
        "/app",
        "app/",
        "a//b",
        "${IMAGE}",
        "é",
        "a" * 2000,
    ],
)
def test_what_is_no_reference(reference: str) -> None:
    assert parse(reference) is None


HOSTS = st.from_regex(r"[a-z][a-z0-9]{0,8}(\.[a-z]{2,5})(:[0-9]{2,5})?", fullmatch=True)
PATHS = st.from_regex(r"[a-z0-9]{1,6}((\.|_|__|-{1,2})[a-z0-9]{1,4})?(/[a-z0-9]{1,6}){0,2}", fullmatch=True)
TAGS = st.none() | st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True)
DIGESTS = st.none() | st.from_regex(r"sha256:[0-9a-f]{64}", fullmatch=True)


@given(st.builds(Image, HOSTS, PATHS, TAGS, DIGESTS))
def test_what_is_put_together_is_taken_apart_the_same(image: Image) -> None:
    assert parse(str(image)) == image


@given(st.text(max_size=60))
def test_any_text_is_a_reference_or_none(text: str) -> None:
    found = parse(text)
    assert found is None or parse(str(found)) == found


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("ghcr.io", True),
        ("GHCR.io/", True),
        ("ghcr.io/team", True),
        ("ghcr.io/team/app", True),
        ("ghcr.io/tea", False),
        ("ghcr.io/team/app/more", False),
        ("ghcr", False),
        ("", False),
        ("/", False),
    ],
)
def test_below(place: str, expected: bool) -> None:
    assert below(Image("ghcr.io", "team/app"), place) is expected
