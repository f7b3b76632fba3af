"""Rules of dividing an indicator's target: what a part belongs to, and what a part can be."""

from collections.abc import Collection
from decimal import Decimal

from servicekit.problems import Conflict, FieldError, InvalidTransition, Unprocessable

IN_FORCE, WITHDRAWN = "in_force", "withdrawn"


class NothingToDivide(Unprocessable):
    code = "nothing_to_divide"
    zh = "指标 {indicator} 在 {year} 年没有年度目标，无从分解"
    en = "Indicator {indicator} has no milestone in {year} that could be divided"


class ForeignPart(Unprocessable):
    code = "foreign_part"
    zh = "上级分解属于另一指标或年度：{indicator} {year}"
    en = "The assignment it is to be a part of is of another indicator or year: {indicator} {year}"


class UnitNotBelow(Unprocessable):
    code = "unit_not_below"
    zh = "单位“{unit}”不隶属于“{above}”，不能承担其目标的一部分"
    en = "Unit {unit} does not stand below {above}, so it cannot take a part of its target"


class AlreadyAssigned(Conflict):
    code = "already_assigned"
    zh = "单位“{unit}”在 {year} 年已承担该指标的目标"
    en = "Unit {unit} has a target of this indicator in {year} already"


class HasParts(Conflict):
    code = "assignment_has_parts"
    zh = "该目标已向下分解，须先撤回下级分解"
    en = "The target has been divided further; withdraw its parts first"


def check_value(kind: str, ladder: Collection[str], value: Decimal) -> None:
    """A unit's target is of the same kind as the whole.

    Raises:
        Unprocessable: it is no place on the ladder, or not whether something is built.
    """
    if kind == "grade" and not (value == value.to_integral_value() and 1 <= value <= len(ladder)):
        raise _wrong("not_on_ladder", "须为等级序列中的名次", "Not a place on the ladder")
    if kind == "built" and value not in (0, 1):
        raise _wrong("not_zero_or_one", "建成类指标的目标须为 0 或 1", "Built is 1, not built 0")
    if kind in ("count", "recurring") and value != value.to_integral_value():
        raise _wrong("not_whole", "须为整数", "Not a whole number")


def _wrong(code: str, zh: str, en: str) -> Unprocessable:
    return Unprocessable(errors=(FieldError("/value", code, zh, en),))


def check_in_force(state: str, action: str) -> None:
    """Raises `InvalidTransition` for one that was withdrawn."""
    if state != IN_FORCE:
        raise InvalidTransition(state=state, action=action)


def withdraw(state: str, parts: int) -> str:
    """Raises `InvalidTransition`, or `HasParts` while parts of it are in force."""
    check_in_force(state, "withdraw")
    if parts:
        raise HasParts
    return WITHDRAWN
