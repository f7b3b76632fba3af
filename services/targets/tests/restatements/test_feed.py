"""Numbers of other services that arrive after their period was closed."""

from decimal import Decimal
from typing import Any

from contracts.parks import ParkMetricChanged


def told(period: str, value: str) -> ParkMetricChanged:
    return ParkMetricChanged(
        series=f"sales/{period}", metric="sales", period=period, value=Decimal(value), unit="亿元"
    )


async def test_a_fed_number_counts_after_the_close_and_is_logged(world: Any) -> None:
    await world.indicator("sales", source_kind="parks", source_metric="sales", frequency="month")
    await world.hear(told("2026-03", "10"))
    office = await world.office()
    row = await world.get("reporting-periods/2026-03")
    closing = "/api/v1/reporting-periods/2026-03/close"
    assert (await office.post(closing, headers=world.etag(row))).status_code == 200
    await world.hear(told("2026-03", "10"))
    event = await world.hear(told("2026-03", "11"))
    (entry,) = (await world.get("reporting-periods/2026-03/restatements"))["items"]
    assert (entry["cause"], entry["old_value"], entry["new_value"]) == ("feed", "10", "11")
    assert (entry["actor"], entry["reason"]) == ("service", f"parks {event}")
    assert (await world.board("sales"))["actual"] == "11"


async def test_a_unit_sees_the_changes_of_its_own_numbers(world: Any) -> None:
    for role, unit, sees in [
        ("auditor", "programme-office", 1),
        # What is the whole city's belongs to no unit.
        ("unit_reporter", "st-bureau", 0),
    ]:
        client = await world.as_(role, unit)
        page = await client.get("/api/v1/reporting-periods/2026-03/restatements")
        assert len(page.json()["items"]) == sees, role
    assert (
        await (await world.as_("park_admin", "xuedian-town")).get(
            "/api/v1/reporting-periods/2026-03/restatements"
        )
    ).status_code == 403
