"""The life of a milestone: open → claimed by the unit → confirmed by somebody else, or open."""

from datetime import date

from servicekit.problems import Forbidden, InvalidTransition


class OwnMilestone(Forbidden):
    code = "separation_of_duties"
    zh = "不能确认本人申报完成的里程碑"
    en = "Whoever claimed a milestone cannot confirm it"


def report(state: str) -> str:
    """Raises `InvalidTransition` unless it is open."""
    return _step(state == "open", "open", state, "progress")


def claim(state: str) -> str:
    """Raises `InvalidTransition` unless it is open."""
    return _step(state == "open", "claimed", state, "claim")


def confirm(state: str, confirmer: str, claimant: str | None) -> str:
    """Raises:
    InvalidTransition: it was not claimed.
    OwnMilestone: by the one who confirms.
    """
    _step(state == "claimed", "confirmed", state, "confirm")
    if confirmer == claimant:
        raise OwnMilestone(permission="key_tasks.confirm")
    return "confirmed"


def give_back(state: str) -> str:
    """Raises `InvalidTransition` unless it was claimed."""
    return _step(state == "claimed", "open", state, "return")


def _step(possible: bool, target: str, state: str, action: str) -> str:
    if not possible:
        raise InvalidTransition(state=state, action=action)
    return target


def is_missed(state: str, due_on: date, today: date) -> bool:
    """Its day is over and the unit does not even say that it was reached; a claim that waits for
    somebody else is not the unit's delay."""
    return state == "open" and due_on < today
