"""When two records may become one."""

from collections.abc import Sequence

from servicekit.problems import Conflict, Unprocessable


class MergedIntoItself(Unprocessable):
    code = "merged_into_itself"
    zh = "不能将企业并入其自身"
    en = "An enterprise cannot be merged into itself"


class BothCounted(Conflict):
    """Two accepted returns of a month would have been counted twice."""

    code = "both_counted"
    zh = "两条记录在以下月份都有已审核的经营报表，不能合并：{periods}"
    en = "Both have an accepted return of the same month, so they cannot be one: {periods}"


def check_counted_once(both: Sequence[str]) -> None:
    """Raises `BothCounted` where there is a month both records have been counted in."""
    if both:
        raise BothCounted(periods=", ".join(both))


def joined_aliases(
    name: str, aliases: Sequence[str], other_name: str, other_aliases: Sequence[str]
) -> list[str]:
    """The aliases of the one that stays: its own, and every name of the other."""
    return [each for each in dict.fromkeys([*aliases, other_name, *other_aliases]) if each != name]
