"""The life of a restatement: filed, then accepted by somebody else, or rejected."""

from collections.abc import Collection

from servicekit.problems import Conflict, Forbidden, InvalidTransition, Unprocessable

SUBMITTED, ACCEPTED, REJECTED = "submitted", "accepted", "rejected"
OPEN = frozenset({SUBMITTED})


class NothingRestated(Unprocessable):
    code = "nothing_restated"
    zh = "更正后的数值与现有数值相同"
    en = "The numbers are those that stand already"


class RestatementOpen(Conflict):
    code = "restatement_open"
    zh = "该报表已有待审核的更正"
    en = "A restatement of this return waits for its decision already"


class RestaterMayNotDecide(Forbidden):
    code = "separation_of_duties"
    zh = "更正人不得审核自己提出的更正"
    en = "Whoever filed a restatement may not decide on it"


def check_restatable(state: str) -> None:
    """Raises `InvalidTransition` unless the return is accepted: before that it is changed."""
    if state != ACCEPTED:
        raise InvalidTransition(state=state, action="restate")


def decide(state: str, action: str, filed_by: Collection[str], decider: str) -> str:
    """The state after a decision, `accept` or `reject`.

    Raises:
        InvalidTransition: it is decided.
        RestaterMayNotDecide: the decider filed it.
    """
    if state not in OPEN:
        raise InvalidTransition(state=state, action=action)
    if decider in filed_by:
        raise RestaterMayNotDecide(permission=f"operating_returns.{action}_restatement")
    return {"accept": ACCEPTED, "reject": REJECTED}[action]
