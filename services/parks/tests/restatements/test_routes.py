"""Corrections of accepted returns: two hands, kept as known, told on."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from servicekit.testing.bus import RecordingBus

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
WHY = {"reason": "审计调整"}


@pytest.fixture
def accepted(office: Caller, register: Make, file_return: Make) -> Make:
    """`await accepted("2026-01", sales_revenue="5")`: an accepted return of a new enterprise."""

    async def make(period: str, **measures: Any) -> dict[str, Any]:
        filed = await file_return((await register())["id"], period, **measures)
        return (await office.step(filed, "accept")).json()

    return make


def path(row: dict[str, Any]) -> str:
    return f"/operating-returns/{row['id']}/restatements"


async def restated(who: Caller, row: dict[str, Any], **measures: str) -> dict[str, Any]:
    answer = await who.post(path(row), {**WHY, "measures": measures}, row["version"])
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_restatement_waits_for_somebody_else_and_then_moves_every_total(
    office: Caller, enterprise: Caller, park_admin: Caller, accepted: Make, bus: RecordingBus
) -> None:
    row = await accepted("2026-01", high_tech_value_added="120")
    await bus.since_now()
    made = await restated(enterprise, row, high_tech_value_added="20")
    assert (made["state"], made["before"]) == ("submitted", None)
    one = f"/operating-returns/{row['id']}"
    assert (await office.get(one)).json() == row
    assert await bus.types() == []
    step = f"{path(row)}/{made['id']}/accept"
    assert (await enterprise.post(step, None, 1)).status_code == 403
    answer = await park_admin.post(step, None, 1)
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert done["before"]["high_tech_value_added"] == "120"
    assert done["after"]["high_tech_value_added"] == "20"
    now = (await office.get(one)).json()
    assert (now["state"], now["measures"]["high_tech_value_added"]) == ("accepted", "20")
    [told] = await bus.events("operating_return.restated")
    assert (told.data["reason"], Decimal(told.data["before"]["high_tech_value_added"])) == (
        "审计调整",
        120,
    )
    metrics = [event.data for event in await bus.events("park_metric")]
    assert {one["reason"] for one in metrics} == {"审计调整"}
    assert "high_tech_value_added.city" in {one["metric"] for one in metrics}


async def test_what_was_known_before_is_found_by_its_moment(
    office: Caller, enterprise: Caller, park_admin: Caller, accepted: Make
) -> None:
    row = await accepted("2026-02", sales_revenue="1000")
    known_from = [row["decided_at"]]
    for amount in ("900", "800"):
        made = await restated(enterprise, row, sales_revenue=amount)
        step = f"{path(row)}/{made['id']}/accept"
        done = (await park_admin.post(step, None, 1)).json()
        row = (await office.get(f"/operating-returns/{row['id']}")).json()
        known_from.append(done["decided_at"])

    async def known(moment: str) -> Any:
        return await office.get(f"/operating-returns/{row['id']}", known_at=moment)

    for moment, amount in zip(known_from, ("1000", "900", "800"), strict=True):
        assert (await known(moment)).json()["measures"]["sales_revenue"] == amount
    assert (await known("2020-01-01T00:00:00Z")).status_code == 404
    listed = (await office.get(path(row))).json()["items"]
    assert [one["after"]["sales_revenue"] for one in listed] == ["800", "900"]


async def test_a_rejected_one_changes_nothing_and_another_can_be_filed(
    office: Caller, enterprise: Caller, accepted: Make, bus: RecordingBus
) -> None:
    row = await accepted("2026-03")
    made = await restated(enterprise, row, rd_spend="50")
    again = await enterprise.post(
        path(row), {**WHY, "measures": {"rd_spend": "51"}}, row["version"]
    )
    assert (again.status_code, again.json()["code"]) == (409, "restatement_open")
    await bus.since_now()
    step = f"{path(row)}/{made['id']}/reject"
    done = await office.post(step, {"reason": "依据不足"}, 1)
    assert (done.json()["state"], done.json()["reject_reason"]) == ("rejected", "依据不足")
    assert (await office.post(step, {"reason": "再次"}, 2)).status_code == 409
    assert await bus.types() == []
    assert (await office.get(f"/operating-returns/{row['id']}")).json() == row
    await restated(enterprise, row, rd_spend="52")


async def test_whoever_filed_it_may_not_decide_and_two_at_once_leave_one(
    office: Caller, park_admin: Caller, accepted: Make
) -> None:
    row = await accepted("2026-04")
    made = await restated(park_admin, row, rd_spend="50")
    step = f"{path(row)}/{made['id']}"
    own = await park_admin.post(f"{step}/accept", None, 1)
    assert (own.status_code, own.json()["code"]) == (403, "separation_of_duties")
    answers = await asyncio.gather(
        office.post(f"{step}/accept", None, 1), office.post(f"{step}/accept", None, 1)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_what_cannot_be_is_refused(
    enterprise: Caller, accepted: Make, register: Make, draw_up: Make
) -> None:
    row = await accepted("2026-05")
    for body, status, code in (
        ({**WHY, "measures": {"rd_spend": "40"}}, 422, "nothing_restated"),
        ({**WHY, "measures": {"sales_revenue": "-1"}}, 422, "inconsistent_measures"),
        ({**WHY, "extra_measures": {"exports": "1"}}, 422, "return_not_sound"),
        ({"measures": {"rd_spend": "41"}}, 422, "validation_failed"),
    ):
        answer = await enterprise.post(path(row), body, row["version"])
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await enterprise.post(path(row), WHY, 99)).status_code == 412
    assert (await enterprise.post(path(row), WHY)).status_code == 428
    draft = await draw_up((await register())["id"], "2026-05")
    early = await enterprise.post(path(draft), {**WHY, "measures": {"rd_spend": "1"}}, 1)
    assert (early.status_code, early.json()["code"]) == (409, "invalid_transition")
