"""Forms over HTTP: versions, and what returns are asked by them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
EXPORTS = {"code": "exports", "name_zh": "出口额", "name_en": "exports", "unit": "万元"}
QUARTERLY = {
    "code": "quarterly",
    "frequency": "quarter",
    "applies_from": "2024-Q1",
    "name_zh": "季报",
    "name_en": "Quarterly return",
}


async def made(office: Caller, **fields: Any) -> dict[str, Any]:
    answer = await office.post("/return-forms", QUARTERLY | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_the_monthly_form_is_there_from_the_beginning(office: Caller) -> None:
    found = (await office.get("/return-forms", frequency="month")).json()["items"]
    assert [(f["code"], f["number"], f["due_workdays"]) for f in found] == [
        ("enterprise-monthly", 1, 7)
    ]


async def test_a_new_version_holds_from_its_period_and_old_returns_keep_theirs(
    office: Caller, enterprise: Caller, register: Make, draw_up: Make
) -> None:
    first = await made(office, code="kept")
    assert (first["number"], first["due_workdays"]) == (1, 10)
    firm = await register()
    row = await enterprise.step(await draw_up(firm["id"], "2024-Q1"), "submit")
    assert row.json()["form_id"] == first["id"], row.text
    second = await made(office, code="kept", applies_from="2024-Q2", fields=[EXPORTS])
    assert second["number"] == 2
    late = await made(office, code="kept", applies_from="2024-Q1", document_no="补")
    earlier = await register()
    again = await enterprise.step(await draw_up(earlier["id"], "2024-Q1"), "submit")
    assert again.json()["form_id"] == late["id"]
    unchanged = (await enterprise.get(f"/operating-returns/{row.json()['id']}")).json()
    assert unchanged["form_id"] == first["id"]
    assert (await office.get(f"/return-forms/{first['id']}")).json() == first

    draft = await draw_up(firm["id"], "2024-Q2")
    path = f"/operating-returns/{draft['id']}"
    said = (await enterprise.get(f"{path}/check")).json()
    assert (said["has_errors"], said["form_id"]) == (True, second["id"])
    assert [one["code"] for one in said["wrong_fields"]] == ["field_missing"]
    refused = await enterprise.step(draft, "submit")
    assert (refused.status_code, refused.json()["code"]) == (422, "return_not_sound")
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/extra_measures/exports"]
    mended = await enterprise.patch(path, {"extra_measures": {"exports": "31.5"}}, 1)
    assert mended.json()["extra_measures"] == {"exports": "31.5"}
    assert (await enterprise.step(mended.json(), "submit")).status_code == 200
    await made(office, code="kept", applies_from="2024-Q3", active=False)


async def test_what_no_form_asks_is_not_taken(
    enterprise: Caller, register: Make, draw_up: Make
) -> None:
    firm = await register()
    draft = await draw_up(firm["id"], "2023")
    refused = await enterprise.step(draft, "submit")
    assert (refused.status_code, refused.json()["code"]) == (422, "return_not_asked")


async def test_a_number_that_is_not_asked_is_refused_and_can_be_taken_away(
    enterprise: Caller, register: Make, draw_up: Make
) -> None:
    firm = await register()
    draft = await draw_up(firm["id"], "2026-01")
    path = f"/operating-returns/{draft['id']}"
    more = await enterprise.patch(path, {"extra_measures": {"patents": "3"}}, 1)
    refused = await enterprise.step(more.json(), "submit")
    assert [e["code"] for e in refused.json()["errors"]] == ["field_not_asked"]
    less = await enterprise.patch(path, {"extra_measures": {"patents": None}}, 2)
    assert less.json()["extra_measures"] == {}
    assert (await enterprise.step(less.json(), "submit")).status_code == 200


async def test_versions_made_at_once_are_counted_apart(office: Caller) -> None:
    answers = await asyncio.gather(*(made(office, code="at-once") for _ in range(4)))
    assert sorted(one["number"] for one in answers) == [1, 2, 3, 4]


async def test_a_wrong_form_is_refused(office: Caller, enterprise: Caller) -> None:
    for change, code in (
        ({"applies_from": "2024-01"}, "wrong_frequency"),
        ({"fields": [EXPORTS, EXPORTS]}, "fields_repeated"),
        ({"fields": [{**EXPORTS, "code": "sales_revenue"}]}, "fields_repeated"),
        ({"due_workdays": -1}, "validation_failed"),
        ({"frequency": "half_month"}, "validation_failed"),
        ({"fields": [{**EXPORTS, "code": "出口"}]}, "validation_failed"),
    ):
        answer = await office.post("/return-forms", QUARTERLY | change)
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert (await enterprise.post("/return-forms", QUARTERLY)).status_code == 403
