"""Files that are no manifests are told once, with a count."""

import pytest

from k8snb.sources.notes import merged, no_manifest


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([], []),
        (["a.yaml"], ["a.yaml is not a Kubernetes manifest"]),
        (["b.yaml", "a.yaml"], ["2 files are not Kubernetes manifests: a.yaml, b.yaml"]),
        (list("edcba"), ["5 files are not Kubernetes manifests: a, b, c, …"]),
    ],
)
def test_files_that_are_no_manifests_are_one_note(files: list[str], told: list[str]) -> None:
    other = "2 other files in x ignored"
    assert merged([other, *(no_manifest(file).message for file in files)]) == [other, *told]
