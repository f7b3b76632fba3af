"""Rules of the unit tree."""

from collections.abc import Iterable
from datetime import date

from servicekit.problems import Conflict, FieldError, Unprocessable

BEGINNING = date(2000, 1, 1)
"""The first day of the first period: where a unit is first placed, it has stood ever since."""


class CircularTree(Conflict):
    code = "circular_unit_tree"
    zh = "单位“{unit}”不能隶属于自己的下级“{parent}”"
    en = "Unit {unit} cannot stand under {parent}, which stands under it"


class NotAWorkingGroup(Unprocessable):
    code = "not_a_working_group"
    zh = "单位“{unit}”不是工作组"
    en = "Unit {unit} is not of kind working_group"


def standing_since(
    had: tuple[str | None, date] | None, parent: str | None, wanted: date | None, today: date
) -> date:
    """From which day a unit stands under `parent`: a new one ever since, one that is moved from
    today on, unless another day is wanted. `had` is its superior and that one's first day.

    Raises:
        Unprocessable: the day has not come, or no period is that old.
    """
    if wanted is None:
        if had is None:
            return BEGINNING
        return had[1] if had[0] == parent else today
    if not BEGINNING <= wanted <= today:
        error = FieldError(
            "/parent_since",
            "not_a_past_day",
            f"须在 {BEGINNING} 与今日之间",
            f"Between {BEGINNING} and today",
        )
        raise Unprocessable(errors=(error,))
    return wanted


def check_parent(unit: str, parent: str | None, above_parent: Iterable[str]) -> None:
    """A unit stands under nothing that stands under it.

    Raises:
        CircularTree: it would.
    """
    if parent is not None and (parent == unit or unit in set(above_parent)):
        raise CircularTree(unit=unit, parent=parent)
