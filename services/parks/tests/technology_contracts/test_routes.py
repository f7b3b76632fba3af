"""Technology contracts over HTTP, and the trade volume they make."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from servicekit.clock import china_date
from servicekit.testing.bus import RecordingBus

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
TODAY = china_date()
WHY = {"document_no": "郑技登〔2026〕9号", "reason": "补充协议调减合同金额。"}
CANCEL = {**WHY, "cancelled_on": f"{TODAY}"}
CITY, PARK = "technology_trade_volume.city", "technology_trade_volume.park.gangqu"
_numbers = itertools.count(1)


def a_contract(**fields: Any) -> dict[str, Any]:
    return {
        "number": f"2026410184{next(_numbers):06d}",
        "kind": "development",
        "title": "低温榨糖关键技术开发",
        "seller_name": "河南农业大学",
        "buyer_name": "大有塑业有限公司",
        "amount": "120.5",
        "technology_amount": "100",
        "signed_on": f"{TODAY}",
        "registered_on": f"{TODAY}",
        "authority": "郑州市技术合同登记处",
        **fields,
    }


async def registered(client: Caller, **fields: Any) -> dict[str, Any]:
    answer = await client.post("/technology-contracts", a_contract(**fields))
    assert answer.status_code == 201, answer.text
    assert (await client.get(answer.headers["location"][7:])).json() == answer.json()
    return answer.json()


async def step(client: Caller, row: dict[str, Any], name: str, body: Any) -> Any:
    return await client.post(f"/technology-contracts/{row['id']}/{name}", body, row["version"])


async def volume(client: Caller, metric: str = CITY, period: str = f"{TODAY:%Y-%m}") -> Decimal:
    items = (await client.get("/park-metrics", metric=metric, period=period)).json()["items"]
    return Decimal(items[0]["value"]) if items else Decimal(0)


async def test_a_registered_contract_is_trade_volume_of_the_city_and_the_sellers_park(
    office: Caller, register: Make, bus: RecordingBus
) -> None:
    seller = await register()
    before = await volume(office), await volume(office, PARK)
    await bus.since_now()
    row = await registered(office, uscc=seller["uscc"].lower(), seller_name=None)
    assert (row["enterprise_id"], row["park_code"]) == (seller["id"], "gangqu")
    assert (row["state"], row["corrections"], row["unit"]) == ("registered", [], "万元")
    added = Decimal("120.5")
    assert (await volume(office), await volume(office, PARK)) == (
        before[0] + added, before[1] + added,
    )  # fmt: skip
    [told] = await bus.events("technology_contract.registered")
    assert (told.data["amount"], told.data["unit"]) == ("120.5", "万元")
    assert told.data["concerned_units"] == ["maizier-sugar", "gangqu-admin"]
    moved = {each.data["metric"] for each in await bus.events("park_metric.changed")}
    assert moved == {CITY, PARK}


async def test_a_seller_that_the_register_does_not_know_counts_for_the_city_alone(
    office: Caller, enterprise: Caller
) -> None:
    before = await volume(office), await volume(office, PARK)
    row = await registered(office)
    assert (row["enterprise_id"], row["park_code"]) == (None, None)
    assert await volume(office, PARK) == before[1]
    assert await volume(office) == before[0] + Decimal("120.5")
    assert (await enterprise.get(f"/technology-contracts/{row['id']}")).status_code == 403


async def test_a_correction_moves_the_volume_and_keeps_what_was_registered(
    office: Caller, register: Make, bus: RecordingBus
) -> None:
    seller = await register()
    row = await registered(office, uscc=seller["uscc"])
    before = await volume(office, PARK)
    await bus.since_now()
    fields = {"amount": "100", "technology_amount": "80"}
    done = await step(office, row, "correct", {**WHY, **fields})
    assert done.status_code == 200, done.text
    after = done.json()
    assert (after["amount"], after["version"]) == ("100", 2)
    [was] = after["corrections"]
    assert (was["amount"], was["technology_amount"], was["reason"]) == (
        "120.5", "100", WHY["reason"],
    )  # fmt: skip
    assert await volume(office, PARK) == before - Decimal("20.5")
    assert len(await bus.events("technology_contract.corrected")) == 1
    same = await step(office, after, "correct", {**WHY, **fields})
    assert (same.status_code, same.json()["code"]) == (422, "nothing_corrected")
    wrong = await step(office, after, "correct", {**WHY, "technology_amount": "100.000001"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "amounts_contradict")


async def test_a_corrected_day_moves_it_to_another_month_and_where_the_seller_stood(
    office: Caller, register: Make, park_body: Callable[..., Any]
) -> None:
    await office.put("/parks/xuedian", park_body(jurisdictions=["xuedian-town"]))
    seller = await register(park_code="xuedian")
    moved = {"valid_from": "2024-07-01", "park_code": "gangqu"}
    made = await office.post(f"/enterprises/{seller['id']}/standings", moved)
    assert made.status_code == 201, made.text
    days = {"signed_on": "2024-03-01", "registered_on": "2024-08-01"}
    row = await registered(office, uscc=seller["uscc"], **days)
    assert row["park_code"] == "gangqu"
    elsewhere = PARK.replace("gangqu", "xuedian")
    done = await step(office, row, "correct", {**WHY, "registered_on": "2024-03-05"})
    assert done.json()["park_code"] == "xuedian", done.text
    assert await volume(office, elsewhere, "2024-03") == Decimal("120.5")
    assert await volume(office, PARK, "2024-08") == 0
    # The year's total is the same as before from August on, and more in between.
    assert await volume(office, CITY, "2024-08") == Decimal("120.5")
    assert await volume(office, CITY, "2024-03") == Decimal("120.5")


async def test_a_cancelled_registration_counts_no_longer_and_frees_its_number(
    office: Caller, bus: RecordingBus
) -> None:
    before = await volume(office)
    row = await registered(office)
    assert (await step(office, {**row, "version": None}, "cancel", CANCEL)).status_code == 428
    late = await step(office, row, "cancel", {**CANCEL, "cancelled_on": "2999-01-01"})
    assert (late.status_code, late.json()["code"]) == (422, "future_date")
    await bus.since_now()
    done = await step(office, row, "cancel", CANCEL)
    assert (done.status_code, done.json()["state"]) == (200, "cancelled"), done.text
    assert await volume(office) == before
    assert len(await bus.events("technology_contract.cancelled")) == 1
    for name, body in (("cancel", CANCEL), ("correct", {**WHY, "amount": "1"})):
        again = await step(office, done.json(), name, body)
        assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    anew = await registered(office, number=row["number"])
    assert anew["id"] != row["id"]


async def test_two_at_once_register_one_number(office: Caller) -> None:
    body, before = a_contract(), await volume(office)
    answers = await asyncio.gather(*(office.post("/technology-contracts", body) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    refused = next(each.json() for each in answers if each.status_code == 409)
    assert refused["code"] == "technology_contract_registered"
    assert await volume(office) == before + Decimal("120.5")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"technology_amount": "120.6"}, 422, "amounts_contradict"),
        ({"amount": "-1", "technology_amount": None}, 422, "validation_failed"),
        ({"amount": 120}, 422, "validation_failed"),
        ({"amount": "1e400"}, 422, "validation_failed"),
        ({"registered_on": "2999-01-01"}, 422, "future_date"),
        ({"registered_on": f"{TODAY - timedelta(days=1)}"}, 422, "registered_before_signed"),
        ({"seller_name": None}, 422, "seller_unnamed"),
        ({"uscc": "91410184MA44XQ1R02"}, 422, "invalid_uscc"),
        ({"uscc": "91410184MA44XQ1R01"}, 422, "unknown_reference"),
        ({"kind": "sale"}, 422, "validation_failed"),
        ({"title": "甲\0"}, 422, "validation_failed"),
        ({"title": "长" * 201}, 422, "validation_failed"),
    ],
)
async def test_a_wrong_contract_is_refused(
    office: Caller, change: dict[str, Any], status: int, code: str
) -> None:
    answer = await office.post("/technology-contracts", a_contract(**change))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_only_the_office_registers_and_an_enterprise_sees_its_own(
    office: Caller, park_admin: Caller, enterprise: Caller, register: Make
) -> None:
    for other in (park_admin, enterprise):
        assert (await other.post("/technology-contracts", a_contract())).status_code == 403
    mine = await registered(office, uscc=(await register())["uscc"])
    foreign = await registered(
        office, uscc=(await register(unit_code="dayou-plastics", park_code=None))["uscc"]
    )
    query = {"registered_gte": f"{TODAY}", "limit": 200}
    seen = {row["id"] for row in
            (await enterprise.get("/technology-contracts", **query)).json()["items"]}  # fmt: skip
    assert mine["id"] in seen
    assert foreign["id"] not in seen


async def test_a_batch_counts_as_single_registrations_do(office: Caller) -> None:
    before = await volume(office)
    items = [a_contract(amount="10", technology_amount=None) for _ in range(3)]
    wrong = await office.post("/technology-contracts/batch", {"items": [*items, items[0]]})
    assert [(e["pointer"], e["code"]) for e in wrong.json()["errors"]] == [
        ("/items/3/number", "technology_contract_registered")
    ]
    assert await volume(office) == before
    done = await office.post("/technology-contracts/batch", {"items": items})
    assert done.status_code == 200, done.text
    assert await volume(office) == before + 30


@pytest.fixture(autouse=True)
def _park(gangqu: str) -> None:
    """Every test needs the park."""
