"""`python -m k8snb.sandbox [MINOR [PROGRAM]...]`: provide the programs of a version, without starting anything."""

import sys
from collections.abc import Sequence

from k8snb.errors import K8snbError
from k8snb.sandbox import binaries, components
from k8snb.sandbox.versions import DEFAULT, versions


def main(words: Sequence[str]) -> int:
    """Provide the programs of a version.

    Args:
        words: The minor version; none means the newest. Then programs; none means those that every cluster needs.
    """
    try:
        binaries.provide(words[1:] or components.ALWAYS, versions(words[0] if words else DEFAULT), _tell)
    except K8snbError as error:
        _tell(str(error))
        return error.exit_status
    return 0


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
