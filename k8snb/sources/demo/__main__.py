"""Records the demo cluster: `python -m k8snb.sources.demo`."""

from pathlib import Path

from k8snb.sources.demo import RECORDING
from k8snb.sources.demo.build import CREATED, items
from k8snb.sources.snapshot import write_snapshot


def record(path: Path) -> None:
    """Generate the demo cluster and write it as a snapshot.

    Args:
        path: The file to write; replaced whole.
    """
    write_snapshot(items(), path, kind="demo", name="demo", complete=True, created=CREATED)


if __name__ == "__main__":
    record(RECORDING)
