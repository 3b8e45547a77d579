"""The demo cluster: a fictional company's, recorded from a generator that lies beside the recording.

`python -m k8snb.sources.demo` generates it anew. Nothing of the generator is imported when the recording is read.
"""

from collections.abc import Sequence
from pathlib import Path

from k8snb.sources.stream import Part, Source

RECORDING = Path(__file__).with_name("demo.k8snb")
"""The packaged snapshot."""


class Demo:
    """The recorded demo cluster as a source; whole, and in need of nothing."""

    kind = "demo"
    name = "demo"
    complete = True

    def parts(self) -> Sequence[Part]:
        """Give the pieces of the recording.

        Raises:
            SourceError: if the recording is damaged or missing.
        """
        from k8snb.sources.snapshot import snapshot

        return snapshot(str(RECORDING)).parts()


def demo() -> Source:
    """Open the demo cluster."""
    return Demo()
