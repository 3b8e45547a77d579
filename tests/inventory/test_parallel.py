"""Several processes read what one would have read."""

from pathlib import Path

import pytest

import k8snb
from k8snb.errors import SourceError
from k8snb.inventory import parallel
from tests.benchmarks.synthetic import write_pages


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dump")
    write_pages(folder, 1200)
    (folder / "more.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: team-001}\n")
    (folder / "bad.yaml").write_text("a: [")
    return folder


def test_two_processes_find_what_one_finds(dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    several = k8snb.connect(str(dump), complete=True)
    monkeypatch.setattr(parallel, "WORTH_IT", 2**60)
    one = k8snb.connect(str(dump), complete=True)

    def found(cluster: object) -> object:
        result = k8snb.assess(cluster, chapters=["pod-security"], all=True)  # type: ignore[arg-type]
        return sorted((f.id, f.status, f.message, f.evidence, f.subject.pods) for f in result)

    assert sorted(row["name"] for row in several.pods()) == sorted(row["name"] for row in one.pods())
    assert [gap.message for gap in several.gaps] == [gap.message for gap in one.gaps] != []
    assert found(several) == found(one)


class Dies:
    """A part that takes its process with it."""

    size = 2**30

    def read(self) -> object:
        import os

        os._exit(9)


class Fine:
    size = 2**30 + 1

    def read(self) -> object:
        return iter(())


def test_a_process_that_dies_is_no_empty_cluster() -> None:
    with pytest.raises(SourceError, match="ended early"):
        parallel.read([Fine(), Dies()])  # type: ignore[list-item]
