"""How far a deadline may move, without a database.

requested → approved, rejected or withdrawn; one request of an item at a time. What is submitted or
ended needs no extension: its open request is withdrawn with it.
"""

from datetime import date
from enum import StrEnum

from servicekit.problems import Conflict, Forbidden, InvalidTransition

MOST_EXTENSIONS = 2
MOST_WORKDAYS = 20
"""The plan sets no limit; twice the usual deadline, twice, is where an item goes up instead."""


class ExtensionState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ExtensionsUsedUp(Conflict):
    code = "extensions_used_up"
    zh = "事项 {number} 已延期 {count} 次，不得再延"
    en = "Item {number} has been extended {count} times: there is no further extension"


class ExtensionPending(Conflict):
    code = "extension_pending"
    zh = "事项 {number} 已有待批的延期申请"
    en = "A request to extend item {number} waits for its decision already"


class DeadlinePassed(Conflict):
    code = "deadline_passed"
    zh = "期限 {due_on} 已过，须在到期前申请延期"
    en = "The deadline {due_on} has passed: an extension is requested before it"


class RequesterDecides(Forbidden):
    code = "requester_decides"
    zh = "申请人不得审批自己的延期申请"
    en = "Whoever requested an extension may not decide on it"


def refuse_extension(*, number: str, count: int, pending: bool, due_on: date, today: date) -> None:
    """Raises the reason why no extension can be requested: used up, pending or too late."""
    if count >= MOST_EXTENSIONS:
        raise ExtensionsUsedUp(number=number, count=count)
    if pending:
        raise ExtensionPending(number=number)
    if due_on < today:
        raise DeadlinePassed(due_on=due_on)


def decide(state: str, outcome: ExtensionState) -> ExtensionState:
    """Raises `InvalidTransition` unless the request waits for its decision."""
    if state != ExtensionState.REQUESTED:
        action = {"approved": "approve", "rejected": "reject"}.get(outcome, "withdraw")
        raise InvalidTransition(state=state, action=action)
    return outcome


def refuse_requester(actor: str, requested_by: str) -> None:
    """Raises `RequesterDecides`."""
    if actor == requested_by:
        raise RequesterDecides(permission="decision")
