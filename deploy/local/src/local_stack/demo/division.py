"""A year's target divided over units, and by one of them over a unit below."""

from local_stack.demo.callers import Callers, Row, first
from local_stack.demo.cast import LABEL, LEAD_UNIT

DIVIDED = "technology-trade-volume"
PARTS = (
    (LEAD_UNIT, "4200", None),
    ("sta", "600", None),
    ("productivity-centre", "1500", LEAD_UNIT),
)
"""Unit, its part in the indicator's unit, and whose part that is one of."""


def divide(call: Callers, year: int) -> int:
    """Assign what is not assigned yet; how many parts there are."""
    parts: dict[str, Row] = {}
    office = call("office")
    listed = list(office.items("assignments", indicator_code=DIVIDED, year=year, state="in_force"))
    for unit, value, above in PARTS:
        body = {
            "indicator_code": DIVIDED,
            "year": year,
            "unit_code": unit,
            "parent_id": parts[above]["id"] if above else None,
            "value": value,
            "document_no": f"{LABEL}分〔{year}〕1号",
        }
        parts[unit] = first(listed, unit_code=unit) or office.post("assignments", body)
    return len(parts)
