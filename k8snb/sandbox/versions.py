"""Which releases make one control plane, by the minor version that a user names."""

import msgspec

from k8snb.errors import UsageError

DEFAULT = "1.37"


class Versions(msgspec.Struct, frozen=True):
    """The releases of one control plane.

    Attributes:
        kubernetes: Release of every `kube-` binary.
        etcd: Release of etcd.
        kwok: Release of kwok.
    """

    kubernetes: str
    etcd: str
    kwok: str = "v0.8.0"

    @property
    def staging(self) -> str:
        """The version that the staging modules (`k8s.io/api` and so on) carry in this release."""
        return "v0" + self.kubernetes.removeprefix("v1")

    @property
    def minor(self) -> str:
        """The minor version, such as `1.37`."""
        return self.kubernetes.removeprefix("v").rpartition(".")[0]

    def of(self, binary: str) -> str:
        """Give the release of a binary."""
        return {"etcd": self.etcd, "kwok": self.kwok}.get(binary, self.kubernetes)


VERSIONS = {
    "1.35": Versions("v1.35.8", "v3.6.16"),
    "1.36": Versions("v1.36.5", "v3.6.16"),
    "1.37": Versions("v1.37.2", "v3.7.3"),
}


def versions(minor: str) -> Versions:
    """Give the releases of a minor version.

    Raises:
        UsageError: if it is not one of those that are known.
    """
    if minor not in VERSIONS:
        raise UsageError(f"There is no sandbox of version {minor}.", f"Known: {', '.join(VERSIONS)}.")
    return VERSIONS[minor]
