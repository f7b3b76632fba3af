"""How applications are put in order, and where the list is cut.

By score; then by the mean of the criterion with the greatest weight (the first of equal ones);
then by number, the earlier submission first. From the top down as long as the next one still fits
into what is available: the first that does not fit, and everything behind it, is the reserve.
Below the pass score nothing is recommended.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.problems import Conflict

from funding.applications.domain import UNDECIDED, ApplicationState, RankingOutcome
from funding.calls.domain import CallState, check_step


class ApplicationsUndecided(Conflict):
    code = "applications_undecided"
    zh = "尚有未受理完毕的申请：{numbers}"
    en = "Applications are not decided on yet: {numbers}"


class ReviewsMissing(Conflict):
    code = "reviews_missing"
    zh = "尚有申请未完成评审：{numbers}"
    en = "Applications are not reviewed by all their experts yet: {numbers}"


class NoticeRunning(Conflict):
    code = "notice_running"
    zh = "公示至 {ends_on} 结束，期满后方可立项"
    en = "The public notice runs until {ends_on}; awards are made after it"


class ObjectionsOpen(Conflict):
    code = "objections_open"
    zh = "尚有 {number} 件异议未处理"
    en = "{number} objections are not settled yet"


@dataclass(frozen=True, slots=True)
class Contender:
    """What decides the place of an application; `leading` is its mean on the criterion that
    weighs most."""

    id: UUID
    number: int
    score: Decimal
    leading: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    id: UUID
    rank: int
    outcome: RankingOutcome


def check_ranking(state: str, upheld: int) -> None:
    """Once announced, a list is only made again after an objection was upheld.

    Raises:
        InvalidTransition: it is not time for a ranking.
    """
    if state == CallState.ANNOUNCED and upheld:
        return
    check_step(state, "rank")


def check_complete(applications: Iterable[Any]) -> None:
    """Raises `ApplicationsUndecided` or `ReviewsMissing`, with the numbers."""
    rows = list(applications)
    if undecided := [row.number for row in rows if row.state in UNDECIDED]:
        raise ApplicationsUndecided(numbers=_listed(undecided))
    unscored = [
        row.number for row in rows if row.state == ApplicationState.ACCEPTED and row.score is None
    ]
    if unscored:
        raise ReviewsMissing(numbers=_listed(unscored))


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))


def leading_criterion(criteria: Sequence[Mapping[str, Any]]) -> str:
    """The code of the criterion that weighs most; the first of equal ones."""
    return max(criteria, key=lambda each: Decimal(each["weight"]))["code"]


def ranked(contenders: Iterable[Contender], available: Decimal, pass_score: Decimal) -> list[Place]:
    """Every contender's place, the best first. The selected never add up to more than `available`
    yuan."""
    order = sorted(contenders, key=lambda each: (-each.score, -each.leading, each.number))
    left, is_cut, places = available, False, list[Place]()
    for rank, each in enumerate(order, start=1):
        is_cut = is_cut or each.amount > left
        outcome = RankingOutcome.RESERVE if is_cut else RankingOutcome.SELECTED
        if each.score < pass_score:
            outcome = RankingOutcome.BELOW
        elif not is_cut:
            left -= each.amount
        places.append(Place(each.id, rank, outcome))
    return places


def check_award(*, ends_on: date, waits: bool, open_objections: int) -> None:
    """Nothing is awarded before the notice has run out and every objection is settled.

    Raises:
        NoticeRunning, ObjectionsOpen.
    """
    if waits:
        raise NoticeRunning(ends_on=ends_on)
    if open_objections:
        raise ObjectionsOpen(number=open_objections)
