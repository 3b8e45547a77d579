"""Free ports on loopback."""

import socket
from collections.abc import Iterable
from contextlib import ExitStack


def free(names: Iterable[str]) -> dict[str, int]:
    """Give a free port for each name; all different."""
    with ExitStack() as held:
        sockets = {name: held.enter_context(socket.socket()) for name in names}
        for one in sockets.values():
            one.bind(("127.0.0.1", 0))
        return {name: one.getsockname()[1] for name, one in sockets.items()}


def usable(ports: Iterable[int]) -> bool:
    """Tell whether nobody listens at any of the ports."""
    try:
        with ExitStack() as held:
            for port in ports:
                one = held.enter_context(socket.socket())
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                one.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
