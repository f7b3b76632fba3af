"""The rules of a bulletin, without a database.

draft → frozen → in_review → reviewed → issued → withdrawn; what is in review or reviewed may be
returned to frozen, and what is not issued may be cancelled. The data is cut once, from draft to
frozen, and never again: a bulletin over later data is another bulletin.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from servicekit.problems import Conflict, Forbidden, InvalidTransition, Problem

MASTHEAD = "科技自主创新工程简报"
ISSUER = "科技自主创新工程指挥部办公室"


class BulletinState(StrEnum):
    DRAFT = "draft"
    FROZEN = "frozen"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class SectionCode(StrEnum):
    PROGRESS = "progress"
    STATUS_CHANGES = "status_changes"
    GOOD_PRACTICE = "good_practice"
    PROBLEMS = "problems"
    OVERDUE = "overdue"
    MONEY = "money"


S = BulletinState
HAS_FIGURES = frozenset({S.FROZEN, S.IN_REVIEW, S.REVIEWED, S.ISSUED, S.WITHDRAWN})
EDITED = frozenset({S.DRAFT, S.FROZEN})
STEPS: dict[str, tuple[frozenset[BulletinState], BulletinState]] = {
    "freeze": (frozenset({S.DRAFT}), S.FROZEN),
    "submit": (frozenset({S.FROZEN}), S.IN_REVIEW),
    "return": (frozenset({S.IN_REVIEW, S.REVIEWED}), S.FROZEN),
    "review": (frozenset({S.IN_REVIEW}), S.REVIEWED),
    "issue": (frozenset({S.REVIEWED}), S.ISSUED),
    "withdraw": (frozenset({S.ISSUED}), S.WITHDRAWN),
    "cancel": (frozenset({S.DRAFT, S.FROZEN, S.IN_REVIEW, S.REVIEWED}), S.CANCELLED),
}


class ReviewerIsEditor(Forbidden):
    code = "reviewer_is_editor"
    zh = "编写人不得审核本期简报"
    en = "Whoever edited the bulletin may not review it"


class NotFrozen(Conflict):
    code = "not_frozen"
    zh = "简报尚未截止取数，没有可修改的章节"
    en = "The data of the bulletin is not cut yet: there are no sections"


class PeriodReversed(Problem):
    status = 422
    code = "period_reversed"
    zh = "起始日期 {start} 晚于截止日期 {end}"
    en = "The period begins on {start}, after its end on {end}"


def next_state(action: str, state: str) -> BulletinState:
    """Raises `InvalidTransition`."""
    sources, target = STEPS[action]
    if state not in sources:
        raise InvalidTransition(state=state, action=action)
    return target


def refuse_editing(state: str) -> None:
    """Raises `InvalidTransition` unless it is still being written."""
    if state not in EDITED:
        raise InvalidTransition(state=state, action="update")


def refuse_editor(actor: str, editors: Collection[str]) -> None:
    """Raises `ReviewerIsEditor`."""
    if actor in editors:
        raise ReviewerIsEditor(permission="bulletins.review")


def refuse_reversed(start: date, end: date) -> None:
    """Raises `PeriodReversed`."""
    if start > end:
        raise PeriodReversed(start=start, end=end)
