"""What can go wrong with the practice cluster."""

from k8snb.errors import K8snbError


class SandboxError(K8snbError):
    """The practice cluster could not be made, started or reached."""

    exit_status = 3
