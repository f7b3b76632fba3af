"""Which measures there are, and in what they are measured."""

from servicekit.problems import Unprocessable

from parks.returns.domain import MEASURES, UNIT
from parks.tallies.domain import RATIOS

PERSONS = "人"


class UnknownMeasure(Unprocessable):
    code = "unknown_measure"
    zh = "没有指标“{measure}”"
    en = "There is no measure {measure}"


def usual_unit(measure: str) -> str | None:
    """The unit of a measure that every return has, or of a share; none of what a form adds."""
    if measure in RATIOS:
        return "%"
    if measure in MEASURES:
        return PERSONS if measure == "employees" else UNIT
    return None
