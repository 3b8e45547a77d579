"""What can go wrong with the practice cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from k8snb.errors import K8snbError


class SandboxError(K8snbError):
    """The practice cluster could not be made, started or reached."""

    exit_status = 3


@contextmanager
def on_disk(place: Path, variable: str) -> Iterator[None]:
    """Tell plainly what goes wrong with files.

    Args:
        place: Where they are.
        variable: Environment variable that moves them elsewhere.

    Raises:
        SandboxError: if the system refuses to read or write.
    """
    try:
        yield
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else place
        told = f"{where} cannot be written: {(error.strerror or type(error).__name__).lower()}."
        raise SandboxError(told, f"Make room there, or name another folder by {variable}.") from error
