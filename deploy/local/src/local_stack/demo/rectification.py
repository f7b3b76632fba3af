"""The loop itself: an indicator fell behind, its lead unit must put it right, its money waits."""

from dataclasses import dataclass, field

from kechuang.client import ApiError

from local_stack.demo import money
from local_stack.demo.callers import Callers, Row, advance, first, wait_for, walk
from local_stack.demo.cast import INDICATOR, LABEL
from local_stack.demo.telling import COLOURS, say, shown

ITEMS = "supervision-items"
DONE = f"{LABEL}已约谈企业，七月起增开两条生产线 · two more lines run from now on"


def board_row(call: Callers) -> Row:
    """The indicator on the status board."""
    found = first(call("office").items("status-board"), indicator_code=INDICATOR)
    assert found is not None, "the plan has this indicator"
    return found


def open_item(call: Callers) -> Row | None:
    """The case that is open on the indicator."""
    items = call("office").items(ITEMS, indicator_code=INDICATOR, open=True)
    return first(items, origin="indicator")


@dataclass(slots=True)
class Case:
    """One case from its opening to its end; may be picked up again where it was left."""

    call: Callers
    budget: Row
    item: Row
    payment: Row = field(init=False)

    def begin(self) -> None:
        """Tell of the item and show that the lead unit's money waits."""
        item = self.item
        say(f"   ! 督办立项 item opened: {item['number']} → {item['responsible_unit']}")
        say(f"     原因 reason: {item['reason_zh']} | {item['reason_en']}")
        say(f"     关联号 correlation id: {item['correlation_id']}")
        payment = money.lead_units_payment(self.call, self.budget)
        path = f"disbursements/{payment['id']}"
        self.payment = wait_for(
            "the payment hold",
            lambda: row if (row := self.call("office").get(path))["held"] else None,
        )
        refusal = money.refusal_to_check(self.call, self.payment)
        if refusal:
            say(f"   ✋ 暂停拨付 payment held: {shown(self.payment['amount'])} 元 → 409 {refusal}")

    def rectify(self) -> None:
        """The unit puts it right, the office verifies; closing must wait."""
        unit, office = self.call("unit_reporter"), self.call("office")
        said = {"rectification": DONE}
        steps = {
            "issued": lambda r: advance(unit, ITEMS, r, "acknowledge"),
            "acknowledged": lambda r: advance(unit, ITEMS, r, "start"),
            "in_progress": lambda r: advance(unit, ITEMS, r, "submit", said),
            "submitted": lambda r: advance(office, ITEMS, r, "verify", {"note": LABEL}),
        }
        self.item = walk(self.item, "status", steps)
        say("   → 签收·整改·提交·复核 acknowledged, started, submitted, verified")

    def try_to_close(self) -> bool:
        """Close it if the indicator is measured off red again; tells what came of it."""
        office = self.call("office")
        try:
            self.item = advance(office, ITEMS, self.item, "close", {"note": LABEL})
        except ApiError as error:
            if error.code != "indicator_not_remeasured":
                raise
            say(f"   ✋ 不能销号 closing refused: 409 {error.code}")
            return False
        say(f"   ✓ 销号 closed: {self.item['number']}")
        return True

    def remeasured(self) -> None:
        """Wait until supervision has heard of the new measurement."""
        row = board_row(self.call)

        def look() -> Row | None:
            item = self.call("office").get(f"{ITEMS}/{self.item['id']}")
            return item if item["remeasured_period"] == row["period"] else None

        self.item = wait_for("the indicator's new measurement", look)
        say(f"   ↻ 复测 measured again: {row['period']} {COLOURS[row['status']]}")

    def release(self, day: str) -> None:
        """The hold ends and three hands pay."""
        path = f"disbursements/{self.payment['id']}"
        freed = wait_for(
            "the hold's end",
            lambda: row if not (row := self.call("office").get(path))["held"] else None,
        )
        paid = money.pay(self.call, freed, day)
        hands = " / ".join(paid[name] for name in ("made_by", "checked_by", "paid_by"))
        say(f"   ¥ 解除暂停并拨付 released and paid: {shown(paid['amount'])} 元 ({hands})")
