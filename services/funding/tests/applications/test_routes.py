"""Applications over HTTP."""

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

from contracts.parks import EnterpriseChanged
from contracts.supervision import ItemClosed, ItemOpened
from funding.holds.handlers import on_item_closed, on_item_opened
from funding.registry.handlers import on_enterprise_changed
from servicekit.clock import now

ATTACHMENT = {"code": "proposal", "name_zh": "申报书", "name_en": "Proposal"}


async def results(house: Any, row: dict[str, Any]) -> list[dict[str, Any]]:
    path = f"/applications/{row['id']}/eligibility-results"
    return (await house.get("enterprise", path)).json()["items"]


async def test_an_application_goes_from_a_draft_to_the_experts(house: Any, programme: Any) -> None:
    call = await programme.a_call(required_attachments=[ATTACHMENT])
    row = await programme.draft(call["id"])
    bare = await programme.try_step("enterprise", "applications", row, "submit")
    assert (bare.status_code, bare.json()["code"]) == (422, "application_incomplete")
    assert [one["pointer"] for one in bare.json()["errors"]] == ["/attachments/proposal"]
    file = await programme.attach(row, requirement="proposal")
    assert file.status_code == 201, file.text
    await house.bus.since_now()
    row = await programme.step("enterprise", "applications", row, "submit")
    assert (row["state"], row["number"], row["eligible"]) == ("submitted", 1, True)
    (told,) = await house.bus.events("application.submitted", f"application:{row['id']}")
    assert "13812345678" not in str(told.data)
    assert "张三丰" not in str(told.data)
    row = await programme.step("office", "applications", row, "return")
    assert (row["state"], row["reason"]) == ("returned", "r")
    row = await programme.step("enterprise", "applications", row, "submit")
    assert (row["state"], row["number"], row["reason"]) == ("resubmitted", 1, None)
    row = await programme.step("office", "applications", row, "accept")
    assert (row["state"], row["decided_by"]) == ("accepted", "test-office")
    types = [each.type.split(".")[3] for each in await house.bus.events("application.")]
    assert types == ["submitted", "returned", "submitted", "accepted"]


async def test_the_amount_is_within_the_calls(programme: Any) -> None:
    call = await programme.a_call()
    row = await programme.draft(call["id"], amount="500.01")
    refused = await programme.try_step("enterprise", "applications", row, "submit")
    assert [one["code"] for one in refused.json()["errors"]] == ["amount_out_of_range"]


async def test_each_rule_leaves_a_result_and_an_ineligible_unit_is_not_accepted(
    house: Any, programme: Any
) -> None:
    rules = [
        {"rule": "enterprise_class", "values": ["high_tech"]},
        {"rule": "no_open_rectification", "values": []},
    ]
    call = await programme.a_call(rules=rules)
    fields = {"enterprise_id": uuid4(), "uscc": "9141", "name": "n", "unit_code": "maizier-sugar"}
    ordinary = {**fields, "enterprise_class": "ordinary"}
    await house.hear(on_enterprise_changed, EnterpriseChanged.model_validate(ordinary))
    item = {"item_id": uuid4(), "number": "2026-0077", "responsible_unit": "maizier-sugar"}
    opened = {**item, "title": "t", "origin": "manual", "due_on": date(2026, 8, 1)}
    await house.hear(on_item_opened, ItemOpened.model_validate(opened))
    row = await programme.submitted(call["id"])
    assert row["eligible"] is False
    looked = await results(house, row)
    assert [(one["rule"], one["passed"]) for one in looked] == [
        ("enterprise_class", False),
        ("no_open_rectification", False),
    ]
    assert looked[1]["inputs"]["open_items"] == ["2026-0077"]
    refused = await programme.try_step("office", "applications", row, "accept")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_eligible")
    assert "enterprise_class, no_open_rectification" in refused.json()["detail"]
    await programme.step("office", "applications", row, "return")
    high = {**fields, "enterprise_class": "high_tech"}
    await house.hear(on_enterprise_changed, EnterpriseChanged.model_validate(high))
    ended = {**item, "origin": "manual", "outcome": "closed", "closed_at": now()}
    await house.hear(on_item_closed, ItemClosed.model_validate(ended))
    row = await programme.step("enterprise", "applications", row, "submit")
    assert row["eligible"] is True
    assert [one["passed"] for one in await results(house, row)] == [False, False, True, True]
    row = await programme.step("office", "applications", row, "accept")
    assert row["state"] == "accepted"


async def test_a_unit_that_applies_twice_at_once_is_eligible_once(
    house: Any, programme: Any
) -> None:
    rules = [{"rule": "no_duplicate", "values": ["call"]}]
    for _ in range(4):
        call = await programme.a_call(rules=rules)
        drafts = [await programme.draft(call["id"]) for _ in range(2)]
        rows = await asyncio.gather(
            *(programme.step("enterprise", "applications", one, "submit") for one in drafts)
        )
        assert sorted(row["eligible"] for row in rows) == [False, True]
        assert sorted(row["number"] for row in rows) == [1, 2]
        listed = await house.get("office", f"/applications?call_id={call['id']}&eligible=false")
        assert len(listed.json()["items"]) == 1


async def test_a_duplicate_in_another_call_of_the_fund_and_year_is_found(programme: Any) -> None:
    unit = "qingan-chemical"
    first = await programme.a_call(document_no="新科〔2026〕1号")
    await programme.submitted(first["id"], unit)
    rules = [{"rule": "no_duplicate", "values": ["fund_and_year"]}]
    second = await programme.a_call(rules=rules)
    row = await programme.submitted(second["id"], unit)
    assert row["eligible"] is False


async def test_a_closed_call_takes_a_returned_application_and_no_new_one(
    house: Any, programme: Any
) -> None:
    call = await programme.a_call()
    row = await programme.submitted(call["id"])
    late = await programme.draft(call["id"])
    await programme.step("office", "applications", row, "return")
    await programme.step("office", "funding-calls", call, "close")
    again = await programme.step("enterprise", "applications", row, "submit")
    assert again["state"] == "resubmitted"
    refused = await programme.try_step("enterprise", "applications", late, "submit")
    assert (refused.status_code, refused.json()["code"]) == (409, "call_not_open")
    body = programme.application_body(call["id"], "maizier-sugar")
    begun = await house.post("enterprise", "/applications", body)
    assert (begun.status_code, begun.json()["code"]) == (409, "call_not_open")


async def test_a_call_whose_last_day_has_passed_takes_nothing_though_nobody_closed_it(
    house: Any, programme: Any
) -> None:
    call = await programme.a_call()
    row = await programme.draft(call["id"])
    await house.rows(
        "UPDATE funding_call SET opens_on = current_date - 9, closes_on = current_date - 3"
        " WHERE id = $1",
        call["id"],
    )
    refused = await programme.try_step("enterprise", "applications", row, "submit")
    assert refused.json()["code"] == "call_not_open"


async def test_whom_to_call_is_for_the_office_and_the_unit(house: Any, programme: Any) -> None:
    row = await programme.submitted((await programme.a_call())["id"])
    path = f"/applications/{row['id']}"
    plain = ("张三丰", "13812345678")
    masked = ("张**", "138****5678")
    seen = {"office": plain, "enterprise": plain, "leader": masked, "auditor": masked,
            "park_admin": masked, "group_lead": masked}  # fmt: skip
    for role, expected in seen.items():
        one = (await house.get(role, path)).json()
        assert (one["contact_name"], one["contact_phone"]) == expected, role
        listed = (await house.get(role, f"/applications?call_id={row['call_id']}")).json()["items"]
        assert (listed[0]["contact_name"], listed[0]["contact_phone"]) == expected, role
        file = await house.get(
            role, f"/applications?call_id={row['call_id']}", headers={"Accept": "text/csv"}
        )
        assert ("13812345678" in file.text) is (expected == plain), role
    assert (await house.get("expert", path)).status_code == 403


async def test_an_unknown_unit_or_call_is_refused(house: Any, programme: Any) -> None:
    call = await programme.a_call()
    unknown = programme.application_body(call["id"], "nobody")
    answer = await house.post("enterprise", "/applications", unknown, unit="nobody")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")
    nowhere = programme.application_body(str(uuid4()), "maizier-sugar")
    answer = await house.post("enterprise", "/applications", nowhere)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")


async def test_whoever_submits_does_not_decide(house: Any, programme: Any) -> None:
    call = await programme.a_call()
    row = await programme.draft(call["id"])
    same = {"sub": "one-person"}
    row = await programme.step("enterprise", "applications", row, "submit", **same)
    refused = await programme.try_step("office", "applications", row, "accept", **same)
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")
