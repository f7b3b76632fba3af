"""When evidence may still change."""

from servicekit.problems import InvalidTransition


def check_editable(state: str, editable: tuple[str, ...], action: str) -> None:
    """Evidence is settled once it has been handed in. Raises `InvalidTransition`."""
    if state not in editable:
        raise InvalidTransition(state=state, action=action)
