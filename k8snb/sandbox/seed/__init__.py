"""Loading the demo cluster into a practice cluster, through its API, as any other objects."""

from collections.abc import Callable

from msgspec.structs import replace

from k8snb.sandbox import components, control, processes
from k8snb.sandbox.client import Client
from k8snb.sandbox.errors import SandboxError
from k8snb.sandbox.home import Home
from k8snb.sandbox.seed.stages import stages
from k8snb.sandbox.seed.write import Writer

_KEEPERS = (components.KWOK, components.SCHEDULER, components.CONTROLLER_MANAGER)


def seed(home: Home, tell: Callable[[str], None]) -> int:
    """Load the demo cluster; what is there already is brought to its state where the API lets it.

    Controllers rest meanwhile: garbage collection would remove what it does not know the owner of yet.

    Args:
        home: The practice cluster, which must be up.
        tell: Called with one line of progress at a time.

    Returns:
        How many objects were written.

    Raises:
        SandboxError: if it is not up, or the API server refuses an object.
    """
    from k8snb.sources.demo.build import objects

    with control.changing(home, tell) as lock:
        found = control.settings(home)
        if found is None or not processes.running(home, components.API_SERVER):
            raise SandboxError(f"{home.context} is not up.", "k8snb sandbox up starts it.")
        processes.stop(home, _KEEPERS)
        writer = Writer(Client(home, found.server, "seed"))
        try:
            for title, steps in stages(objects()):
                tell(f"Writing {title}.")
                writer.write(steps)
            found = replace(found, seeded=True)
            control.save(home, found)
        finally:
            for component in found.components[2:]:
                control.run(home, found, component, lock)
    return writer.written
