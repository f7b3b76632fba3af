"""The seven enterprises, each in a park, all recognised as high-tech enterprises."""

from local_stack.demo.callers import Callers, Row, first
from local_stack.demo.cast import ENTERPRISES, LABEL, Member

AUTHORITY = f"{LABEL}河南省科学技术厅"


def register(call: Callers, anchor: int) -> dict[str, Row]:
    """The enterprises by their unit; those that are missing are registered."""
    return {member.unit: _enterprise(call, member, anchor) for member in ENTERPRISES}


def _enterprise(call: Callers, member: Member, anchor: int) -> Row:
    office = call("office")
    found = first(office.items("enterprises", uscc=member.uscc))
    row = found or office.post("enterprises", _described(member))
    recognitions = office.items("recognitions", enterprise_id=row["id"], kind="high_tech")
    if first(recognitions) is None:
        body = {
            "enterprise_id": row["id"],
            "kind": "high_tech",
            "number": f"DEMO-GR{anchor}{member.uscc[-4:]}",
            "authority": AUTHORITY,
            "valid_from": f"{anchor - 1}-01-01",
            "valid_to": f"{anchor + 1}-12-31",
        }
        office.post("recognitions", body)
    return row


def _described(member: Member) -> Row:
    return {
        "uscc": member.uscc,
        "name": f"{LABEL}{member.name_zh}",
        "aliases": [f"{member.name_en} (synthetic)"],
        "unit_code": member.unit,
        "park_code": member.park,
        "declared_class": "science_type",
        "above_scale": True,
    }
