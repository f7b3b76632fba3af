"""How far a key task is, by the milestones it has."""

from collections.abc import Collection, Sequence
from decimal import ROUND_DOWN, Decimal

from servicekit.problems import Conflict

_PLACES = Decimal("0.1")


class MilestoneBegun(Conflict):
    code = "milestone_begun"
    zh = "里程碑“{milestones}”已有进展，不能删除"
    en = "Milestones {milestones} are under way and cannot be left out"


def percent_complete(parts: Sequence[tuple[Decimal, int]]) -> Decimal | None:
    """The milestones' percentages by their weights, to one place; none without milestones.

    Rounded down: only a task whose every milestone is confirmed is at 100.
    """
    total = sum((weight for weight, _ in parts), Decimal(0))
    if total == 0:
        return None
    done = sum((weight * percent for weight, percent in parts), Decimal(0))
    return (done / total).quantize(_PLACES, ROUND_DOWN)


def check_removal(codes: Collection[str]) -> None:
    """`codes` are the milestones to be left out although something was reported on them.

    Raises:
        MilestoneBegun: there are any.
    """
    if codes:
        raise MilestoneBegun(milestones=", ".join(sorted(codes)))
