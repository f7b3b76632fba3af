"""A conflict, of the plan with itself or of sources on a number, stays open until the programme
office rules on it: open → argued → ruled. Nobody has to argue."""

from collections.abc import Iterable

from servicekit.problems import InvalidTransition, Unprocessable


class UnknownPosition(Unprocessable):
    code = "unknown_position"
    zh = "该冲突没有立场“{position}”"
    en = "The conflict has no position {position}"


def argue(state: str, position: str, positions: Iterable[str]) -> str:
    """Argue for one of the positions, as long as it is not ruled on.

    Raises:
        InvalidTransition: it has been ruled on.
        UnknownPosition: it has no such position.
    """
    if state == "ruled":
        raise InvalidTransition(state=state, action="argue")
    if position not in set(positions):
        raise UnknownPosition(position=position)
    return "argued"


def rule(state: str, position: str | None, positions: Iterable[str]) -> str:
    """Decide for one of the positions, or for none of them. A ruling stands until it is replaced
    by another conflict, so that what was done under it stays explained.

    Raises:
        InvalidTransition: it has been ruled on.
        UnknownPosition: it has no such position.
    """
    if state == "ruled":
        raise InvalidTransition(state=state, action="rule")
    if position is not None and position not in set(positions):
        raise UnknownPosition(position=position)
    return "ruled"
