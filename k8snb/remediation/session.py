"""What all plans on one cluster share: how to ask it, which one it is, and the journal."""

from functools import cached_property

from k8snb.inventory.cluster import Cluster
from k8snb.remediation.apply import reconcile
from k8snb.remediation.identity import identity
from k8snb.remediation.journal import Entry, Identity, Journal, journal
from k8snb.remediation.objects import connection_of


class Session:
    """Work on one cluster.

    Attributes:
        cluster: The inventory, all namespaces of it.
        connection: How to ask the cluster itself; None where the source is a recording or manifests.
        book: The journal.
    """

    def __init__(self, cluster: Cluster, book: Journal | None = None) -> None:
        self.cluster = cluster.whole
        self.connection = connection_of(cluster)
        self.book = book or journal()

    @cached_property
    def identity(self) -> Identity:
        """Which cluster this is, and whom it takes us for."""
        if self.connection is None:
            return Identity(self.cluster.source.name, "")
        return identity(self.cluster, self.connection)

    def reconcile(self) -> list[Entry]:
        """Settle what an earlier run left open; give what became of it."""
        return reconcile(self.connection, self.book, self.identity) if self.connection else []
