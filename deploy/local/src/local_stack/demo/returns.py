"""A month's operating returns: drawn up, submitted, accepted by somebody else."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from local_stack.demo.callers import Callers, Row, advance, first, walk
from local_stack.demo.cast import ENTERPRISES, METRIC, Member
from local_stack.demo.course import Month

PER_YI = 10_000
"""万元 in an 亿元"""
_FEN_OF_WAN = Decimal("0.01")


def measures(member: Member, month: Month) -> dict[str, str | int]:
    """An enterprise's numbers of a month, 万元, in believable relations to each other."""
    added = (month.value_added * PER_YI * member.weight).quantize(_FEN_OF_WAN, ROUND_HALF_UP)
    output = added * Decimal("2.4")
    sales = output * Decimal("1.25")
    amounts = {
        "sales_revenue": sales,
        "high_tech_value_added": added,
        "high_tech_output": output,
        "own_ip_output": output * Decimal("0.43"),
        "rd_spend": sales * Decimal("0.046"),
        "profit_and_tax": sales * Decimal("0.12"),
    }
    rounded = {name: f"{value.quantize(_FEN_OF_WAN)}" for name, value in amounts.items()}
    return {**rounded, "employees": member.employees}


def accept_returns(call: Callers, enterprises: Mapping[str, Row], month: Month) -> int:
    """Bring the month's returns to acceptance; how many were not there yet."""
    listed = list(call("office").items("operating-returns", period=month.period))
    new = 0
    for member in ENTERPRISES:
        found = first(listed, enterprise_id=enterprises[member.unit]["id"])
        if found is None or found["state"] != "accepted":
            _settle(call, member, found or _drawn_up(call, member, enterprises, month))
            new += 1
    return new


def _drawn_up(call: Callers, member: Member, enterprises: Mapping[str, Row], month: Month) -> Row:
    body = {
        "enterprise_id": enterprises[member.unit]["id"],
        "period": month.period,
        "measures": measures(member, month),
    }
    return call(_filer(member)).post("operating-returns", body)


def _settle(call: Callers, member: Member, row: Row) -> None:
    filer = call(_filer(member))
    accepter = call("park_admin" if member.files_itself else "office")
    correlation = f"demo-{row['period']}"

    def submit(row: Row) -> Row:
        return advance(filer, "operating-returns", row, "submit")

    def accept(row: Row) -> Row:
        return advance(accepter, "operating-returns", row, "accept", correlation=correlation)

    walk(row, "state", {"draft": submit, "returned": submit, "submitted": accept})


def _filer(member: Member) -> str:
    return "enterprise" if member.files_itself else "system"


def total(call: Callers, month: Month) -> Decimal:
    """The city's value added of the year so far, in 亿元, as the returns add up."""
    found = first(call("office").items("park-metrics", metric=METRIC, period=month.period))
    return Decimal(found["value"]) / PER_YI if found else Decimal(0)
