"""A report that does not come becomes an item, and the item closes once it has come."""

from datetime import UTC, datetime
from typing import Any

from contracts.targets import (
    ProgressReportOverdue,
    ProgressReportSubmitted,
    ProgressReportWithdrawn,
)
from servicekit.ids import new_id
from supervision.overdue_reports import handlers

from services.supervision.tests.items.test_handlers import apply, brought_to_verified

REPORT = {"indicator_code": "six-parks-sales", "unit_code": "gangqu-admin"}


async def missed(pool: Any, period: str) -> None:
    series = f"six-parks-sales/gangqu-admin/{period}"
    fact = {**REPORT, "period": period, "series": series, "due_on": "2026-07-08"}
    overdue = ProgressReportOverdue.model_validate(fact)
    await apply(pool, handlers.on_report_overdue, overdue, f"late-{period}")


async def came(pool: Any, period: str) -> None:
    fact = {**REPORT, "period": period, "report_id": new_id(), "value": "1", "late": True}
    await apply(pool, handlers.on_report_submitted, ProgressReportSubmitted.model_validate(fact))


async def cases(office: Any, period: str) -> list[dict[str, Any]]:
    found = await office.get("/supervision-items", origin="overdue_report", open=True)
    return [each for each in found.json()["items"] if each["period"] == period]


async def test_a_report_that_does_not_come_is_one_case_of_its_unit_and_holds_no_money(
    office: Any, pool: Any, bus: Any
) -> None:
    for _ in range(2):
        await missed(pool, "2026-05")
    (item,) = await cases(office, "2026-05")
    assert (item["responsible_unit"], item["holds_payments"]) == ("gangqu-admin", False)
    assert item["origin_ref"] == "six-parks-sales/gangqu-admin/2026-05"
    (event,) = await bus.events("item.opened", f"item:{item['id']}")
    assert (event.data["origin"], event.correlation_id) == ("overdue_report", "late-2026-05")


async def test_it_is_closed_only_once_the_report_has_come(
    office: Any, unit: Any, pool: Any
) -> None:
    await missed(pool, "2026-06")
    (item,) = await cases(office, "2026-06")
    await brought_to_verified(office, unit, item)
    refused = await office.step(item, "close", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_handed_in")
    await came(pool, "2026-06")
    back = {**REPORT, "period": "2026-06", "report_id": new_id(), "reason": "数字有误"}
    fact = ProgressReportWithdrawn.model_validate(back)
    await apply(pool, handlers.on_report_withdrawn, fact)
    assert (await office.step(item, "close", {})).json()["code"] == "not_handed_in"
    await came(pool, "2026-06")
    closed = await office.step(item, "close", {})
    assert closed.json()["status"] == "closed"
    assert datetime.fromisoformat(closed.json()["handed_in_at"]) < datetime.now(UTC)
    steps = (await office.get(f"/supervision-items/{item['id']}/steps")).json()["items"]
    told = [each["action"] for each in steps]
    assert told[-4:] == ["hand_in", "take_back", "hand_in", "close"]


async def test_a_report_that_was_not_late_or_whose_case_has_ended_changes_nothing(
    office: Any, pool: Any
) -> None:
    await came(pool, "2026-04")
    await missed(pool, "2026-03")
    (item,) = await cases(office, "2026-03")
    ended = (await office.step(item, "cancel", {"reason": "已免报"})).json()
    await came(pool, "2026-03")
    assert (await office.get(f"/supervision-items/{item['id']}")).json() == ended
