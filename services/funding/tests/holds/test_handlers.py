"""A rectification holds the payments to its unit until it is closed."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from contracts.supervision import ItemClosed, ItemDeadlineChanged, ItemOpened, ItemTransferred
from funding.holds.handlers import (
    on_item_closed,
    on_item_deadline_changed,
    on_item_opened,
    on_item_transferred,
)


def opened(item: UUID, unit: str = "maizier-sugar", **changes: Any) -> ItemOpened:
    fields: dict[str, Any] = {
        "item_id": item,
        "number": f"2026-{item.hex[-4:]}",
        "title": "产值低于进度",
        "origin": "indicator",
        "origin_ref": "high-tech-value-added",
        "responsible_unit": unit,
        "due_on": date(2026, 8, 1),
    }
    return ItemOpened.model_validate({**fields, **changes})


def closed(item: UUID, unit: str = "maizier-sugar", outcome: str = "closed") -> ItemClosed:
    return ItemClosed.model_validate(
        {
            "item_id": item,
            "number": f"2026-{item.hex[-4:]}",
            "origin": "indicator",
            "responsible_unit": unit,
            "outcome": outcome,
            "closed_at": datetime.now(UTC),
        }
    )


async def test_payments_stop_while_an_item_is_open_and_go_on_after(house: Any) -> None:
    award = await house.award("30.00")
    waiting = await house.asked(award["id"], "10.00")
    checked = await house.asked(award["id"], "10.00")
    checked = (await house.step("finance_checker", checked, "check")).json()
    item = uuid4()
    await house.bus.since_now()
    await house.hear(on_item_opened, opened(item))
    told = await house.bus.events("disbursement.held")
    assert {event.data["disbursement_id"] for event in told} == {waiting["id"], checked["id"]}
    assert {event.data["item_id"] for event in told} == {str(item)}
    for row, step, role in (
        (waiting, "check", "finance_checker"),
        (checked, "pay", "finance_payer"),
    ):
        now = (await house.get("auditor", f"/disbursements/{row['id']}")).json()
        assert (now["held"], now["held_by"]) == (True, str(item))
        refused = await house.step(role, now, step)
        assert (refused.status_code, refused.json()["code"]) == (409, "payment_held")
        assert f"2026-{item.hex[-4:]}" in refused.json()["detail"]
    new = await house.asked(award["id"], "5.00")
    assert new["held_by"] == str(item)
    await house.hear(on_item_closed, closed(item))
    for row, step, role in (
        (waiting, "check", "finance_checker"),
        (checked, "pay", "finance_payer"),
        (new, "check", "finance_checker"),
    ):
        now = (await house.get("auditor", f"/disbursements/{row['id']}")).json()
        assert now["held"] is False
        assert (await house.step(role, now, step)).status_code == 200


async def test_the_second_item_still_holds_when_the_first_is_closed(house: Any) -> None:
    row = await house.asked((await house.award("1.00"))["id"], "1.00")
    first, second = uuid4(), uuid4()
    await house.hear(on_item_opened, opened(first))
    await house.hear(on_item_opened, opened(second))
    await house.hear(on_item_closed, closed(first, outcome="cancelled"))
    now = (await house.get("auditor", f"/disbursements/{row['id']}")).json()
    assert now["held_by"] == str(second)
    assert (await house.step("finance_checker", now, "check")).status_code == 409
    await house.hear(on_item_closed, closed(second))
    now = (await house.get("auditor", f"/disbursements/{row['id']}")).json()
    assert (await house.step("finance_checker", now, "check")).status_code == 200


async def test_hearing_the_same_item_twice_holds_once(house: Any) -> None:
    item = uuid4()
    await house.hear(on_item_opened, opened(item, "qingan-chemical"))
    await house.hear(on_item_opened, opened(item, "qingan-chemical"))
    listed = await house.get("office", "/payment-holds?open=true&payee_unit=qingan-chemical")
    assert [hold["item_id"] for hold in listed.json()["items"]] == [str(item)]
    await house.hear(on_item_closed, closed(item, "qingan-chemical"))
    await house.hear(on_item_closed, closed(item, "qingan-chemical"))
    await house.hear(on_item_closed, closed(uuid4(), "qingan-chemical"))
    after = await house.get("office", "/payment-holds?payee_unit=qingan-chemical")
    (hold,) = after.json()["items"]
    assert hold["outcome"] == "closed"
    assert hold["released_at"]


async def test_another_unit_and_an_item_that_holds_nothing_stop_nobody(house: Any) -> None:
    row = await house.asked((await house.award("1.00"))["id"], "1.00")
    await house.hear(on_item_opened, opened(uuid4(), "st-bureau"))
    await house.hear(on_item_opened, opened(uuid4(), holds_payments=False))
    assert (await house.step("finance_checker", row, "check")).status_code == 200


async def test_a_hold_and_new_payments_at_once_never_miss_each_other(house: Any) -> None:
    award = await house.award("20.00", payee="gangqu-admin")
    item = uuid4()
    body = {"award_id": award["id"], "amount": "1.00"}
    calls = [house.post("finance_maker", "/disbursements", body) for _ in range(20)]
    calls.insert(10, house.hear(on_item_opened, opened(item, "gangqu-admin")))
    await asyncio.gather(*calls)
    listed = await house.get("auditor", f"/disbursements?award_id={award['id']}&limit=200")
    rows = listed.json()["items"]
    assert len(rows) == 20
    assert {row["held_by"] for row in rows} == {str(item)}
    await house.hear(on_item_closed, closed(item, "gangqu-admin"))


async def test_units_see_what_holds_them_only(house: Any) -> None:
    item = uuid4()
    await house.hear(on_item_opened, opened(item, "qingan-chemical"))
    listed = await house.get("enterprise", "/payment-holds?limit=200")
    assert str(item) not in [hold["item_id"] for hold in listed.json()["items"]]
    own = await house.get("enterprise", "/payment-holds?open=true", unit="qingan-chemical")
    assert [hold["item_id"] for hold in own.json()["items"]] == [str(item)]


async def test_a_transferred_item_holds_the_payments_of_its_new_unit_only(house: Any) -> None:
    sugar = await house.asked((await house.award("20.00"))["id"], "10.00")
    other = await house.award("20.00", "gangqu-admin")
    park = await house.asked(other["id"], "10.00")
    item = uuid4()
    await house.hear(on_item_opened, opened(item))
    moved = ItemTransferred(
        item_id=item,
        number=f"2026-{item.hex[-4:]}",
        title="产值低于进度",
        from_unit="maizier-sugar",
        responsible_unit="gangqu-admin",
        due_on=date(2026, 8, 1),
        holds_payments=True,
    )
    await house.hear(on_item_transferred, moved)
    await house.hear(on_item_transferred, moved)
    held = [
        (await house.get("auditor", f"/disbursements/{row['id']}")).json()["held_by"]
        for row in (sugar, park)
    ]
    assert held == [None, str(item)]
    later = ItemDeadlineChanged(
        item_id=item,
        number=moved.number,
        responsible_unit="gangqu-admin",
        due_before=date(2026, 8, 1),
        due_on=date(2026, 8, 10),
        cause="extension",
    )
    await house.hear(on_item_deadline_changed, later)
    holds = (await house.get("auditor", "/payment-holds?payee_unit=gangqu-admin")).json()
    (hold,) = [each for each in holds["items"] if each["item_id"] == str(item)]
    assert hold["due_on"] == "2026-08-10"
    await house.hear(on_item_closed, closed(item, "gangqu-admin"))
    row = (await house.get("auditor", f"/disbursements/{park['id']}")).json()
    assert row["held_by"] is None
