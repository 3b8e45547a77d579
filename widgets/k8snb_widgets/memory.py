"""What was chosen, for when the cell runs again."""

from k8snb_widgets.state import State

_MOST = 64
_chosen: dict[tuple[str, State], State] = {}


def recalled(name: str, start: State) -> State:
    """Give what was chosen last in a widget of that name which began like this; its beginning where nothing was.

    Args:
        name: Name of the widget; nothing is remembered of one without a name.
        start: What it begins with: other parameters of the notebook begin anew.
    """
    return _chosen.get((name, start), start)


def remember(name: str, start: State, chosen: State) -> None:
    """Remember what was chosen, for this run of the kernel."""
    if name:
        _chosen.pop((name, start), None)
        _chosen[name, start] = chosen
        while len(_chosen) > _MOST:
            del _chosen[next(iter(_chosen))]
