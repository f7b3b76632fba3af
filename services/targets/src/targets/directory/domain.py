"""Rules of the unit tree."""

from collections.abc import Iterable

from servicekit.problems import Conflict, Unprocessable


class CircularTree(Conflict):
    code = "circular_unit_tree"
    zh = "单位“{unit}”不能隶属于自己的下级“{parent}”"
    en = "Unit {unit} cannot stand under {parent}, which stands under it"


class NotAWorkingGroup(Unprocessable):
    code = "not_a_working_group"
    zh = "单位“{unit}”不是工作组"
    en = "Unit {unit} is not of kind working_group"


def check_parent(unit: str, parent: str | None, above_parent: Iterable[str]) -> None:
    """A unit stands under nothing that stands under it.

    Raises:
        CircularTree: it would.
    """
    if parent is not None and (parent == unit or unit in set(above_parent)):
        raise CircularTree(unit=unit, parent=parent)
