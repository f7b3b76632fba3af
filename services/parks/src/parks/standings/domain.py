"""An enterprise stands in one place at a time."""

from datetime import date, timedelta

from servicekit.problems import Conflict, Unprocessable

STANDING = ("park_code", "declared_class", "above_scale")
"""What is known of an enterprise by its days."""


class InTwoPlacesAtOnce(Conflict):
    code = "in_two_places_at_once"
    zh = "该企业自 {valid_from} 起在园区“{park}”，同一天不能属于两个园区或类别；请选其后的日期"
    en = (
        "From {valid_from} on the enterprise stands in park {park}; it cannot be in two parks or "
        "of two classes on one day. Choose a later day"
    )


class StandingUnchanged(Unprocessable):
    code = "standing_unchanged"
    zh = "园区、类别和规模均未变化"
    en = "Neither its park, nor its class, nor its scale is changed"


def check_begins(valid_from: date, current_from: date | None, park: str | None) -> None:
    """A new standing begins after the one that holds, which ends on the day before.

    Raises:
        InTwoPlacesAtOnce: what holds began on that day or later.
    """
    if current_from is not None and valid_from <= current_from:
        where = {"valid_from": current_from, "park": park or "-"}
        raise InTwoPlacesAtOnce(**where).at("/valid_from")


def day_before(day: date) -> date:
    return day - timedelta(days=1)
