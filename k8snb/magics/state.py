"""What the magics remember from one cell to the next."""

from typing import TYPE_CHECKING, Any

import msgspec

from k8snb.errors import UsageError

if TYPE_CHECKING:
    from k8snb.assessment.assessment import Assessment
    from k8snb.inventory.cluster import Cluster


class State(msgspec.Struct):
    """What the magics remember; each is replaced only once the next one is whole.

    Attributes:
        cluster: The inventory that is connected (`Cluster`).
        result: The last assessment (`Assessment`).
        traceback: Where the last error came from.
    """

    cluster: Any = None
    result: Any = None
    traceback: str = ""

    def connected(self) -> "Cluster":
        """Give the inventory.

        Raises:
            UsageError: if none is connected.
        """
        if self.cluster is None:
            raise UsageError("No cluster is connected.", "%k8s connect demo connects the bundled one; or name yours.")
        found: Cluster = self.cluster
        return found

    def assessed(self) -> "Assessment":
        """Give the last assessment.

        Raises:
            UsageError: if there is none.
        """
        if self.result is None:
            self.connected()
            raise UsageError("Nothing is assessed yet.", "%k8s assess does it.")
        found: Assessment = self.result
        return found
