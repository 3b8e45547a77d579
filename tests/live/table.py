"""Writes the table of `docs/live-source.md`: `python -m tests.live.table`."""

import sys
import tempfile
from pathlib import Path

from k8snb.inventory.cluster import Cluster, load
from tests.live.conftest import PATIENT, opener, part_of_the_demo, serving
from tests.live.proxy import FAULTS
from tests.live.standin import StandIn, Upstream

START, END = "<!-- matrix -->", "<!-- end of matrix -->"


def whole(upstream: Upstream, folder: Path) -> Cluster:
    """Read the cluster where nothing goes wrong."""
    with serving(upstream, 40) as server:
        found = load(opener(server.url, folder)(PATIENT))
    assert not found.gaps
    return found


def main() -> None:
    """Run the matrix and put its rows into the document."""
    from tests.live.test_matrix import DOCUMENT, RESOURCES, causes, judged, row

    upstream, rows = StandIn(part_of_the_demo()), []
    with tempfile.TemporaryDirectory() as folder:
        before = judged(whole(upstream, Path(folder)))
        for resource in RESOURCES:
            with serving(upstream, 40) as server:
                rows.append(row(resource, causes(server, opener(server.url, Path(folder)), resource, before)))
            print(rows[-1], file=sys.stderr)
    head = [f"| resource | {' | '.join(FAULTS)} |", f"|{' --- |' * (len(FAULTS) + 1)}"]
    first, _, rest = DOCUMENT.read_text("utf-8").partition(START)
    text = "\n".join([START, "", *head, *rows, "", END])
    DOCUMENT.write_text(first + text + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    main()
