"""What a quarter brings beside returns: a technology contract, transferred achievements, and bases
that enterprises found with universities."""

from collections.abc import Mapping
from datetime import date

from local_stack.demo.callers import Callers, Row, first
from local_stack.demo.cast import ENTERPRISES, FOUNDED, LABEL, TRADED, TRANSFERRED
from local_stack.demo.course import Month

SOURCE = f"{LABEL}某大学"
PROGRAMME = "innovation-programme"


def register_output(
    call: Callers, enterprises: Mapping[str, Row], month: Month, today: date
) -> None:
    """Register what the quarter that ends with this month has brought, if it is not there yet."""
    quarter, day = month.quarter, month.day(18, today)
    assert quarter is not None
    number = int(quarter[-1])
    seller, receiver = ENTERPRISES[number - 1], ENTERPRISES[-number]
    office, known = call("office"), f"DEMO-JS{quarter}"
    if first(office.items("technology-contracts"), number=known) is None:
        contract = {
            "number": known,
            "kind": "development",
            "title": f"{LABEL}技术开发合同 {quarter}",
            "enterprise_id": enterprises[seller.unit]["id"],
            "buyer_name": SOURCE,
            "amount": TRADED[number - 1],
            "signed_on": day,
            "registered_on": day,
            "authority": f"{LABEL}技术合同登记处",
        }
        office.post("technology-contracts", contract)
    titles = [f"{LABEL}成果 {quarter}-{each + 1}" for each in range(TRANSFERRED)]
    if first(office.items("achievements"), title=titles[0]) is None:
        same = {
            "kind": "licensing",
            "source_name": SOURCE,
            "enterprise_id": enterprises[receiver.unit]["id"],
            "amount": "50",
            "transferred_on": day,
            "major": True,
            "programme": PROGRAMME,
        }
        items = [{"title": title, **same} for title in titles]
        office.post("achievements/batch", {"items": items})
    names = [f"{LABEL}产学研合作基地 {quarter}-{each + 1}" for each in range(FOUNDED[number - 1])]
    if first(office.items("platforms", kind="iur_base"), name=names[0]) is None:
        of = {"enterprise_id": enterprises[receiver.unit]["id"], "programme": PROGRAMME}
        same = {"kind": "iur_base", "established_on": day, **of}
        items = [{"name": name, **same} for name in names]
        office.post("platforms/batch", {"items": items})
