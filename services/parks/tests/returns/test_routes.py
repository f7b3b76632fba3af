"""Operating returns over HTTP: from draft to acceptance, and who may take which step."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from servicekit.testing.bus import RecordingBus

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]


async def test_a_return_is_drawn_up_corrected_submitted_given_back_and_accepted(
    office: Caller, enterprise: Caller, park_admin: Caller, register: Make, draw_up: Make,
    bus: RecordingBus,
) -> None:  # fmt: skip
    made = await register()
    await bus.since_now()
    draft = await draw_up(made["id"], "2026-01")
    assert (draft["state"], draft["unit"], draft["version"]) == ("draft", "万元", 1)
    path = f"/operating-returns/{draft['id']}"
    patched = await enterprise.patch(path, {"measures": {"rd_spend": "41.5"}}, version=1)
    assert patched.json()["measures"]["rd_spend"] == "41.5"
    assert patched.json()["measures"]["sales_revenue"] == "1000"
    submitted = (await enterprise.step(patched.json(), "submit")).json()
    back = await park_admin.step(submitted, "return", {"reason": "研发投入请核对"})
    assert (back.json()["state"], back.json()["return_reason"]) == ("returned", "研发投入请核对")
    again = (await enterprise.step(back.json(), "submit")).json()
    assert again["return_reason"] is None
    assert await bus.types() == []
    accepted = await park_admin.step(again, "accept")
    assert accepted.status_code == 200, accepted.text
    after = accepted.json()
    assert (after["state"], after["park_code"], after["enterprise_class"]) == (
        "accepted", "gangqu", "ordinary"
    )  # fmt: skip
    assert (await office.get(path)).json() == after
    [told] = await bus.events("operating_return.accepted")
    assert told.data["measures"]["rd_spend"] == "41.500000"
    assert (told.data["period"], told.data["uscc"]) == ("2026-01", made["uscc"])


async def test_an_accepted_return_stands(
    office: Caller, enterprise: Caller, register: Make, file_return: Make
) -> None:
    made = await register()
    row = (await office.step(await file_return(made["id"], "2026-02"), "accept")).json()
    for name, body in (("submit", None), ("accept", None), ("return", {"reason": "迟了"})):
        answer = await office.step(row, name, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")
    path = f"/operating-returns/{row['id']}"
    changed = await enterprise.patch(path, {"measures": {"rd_spend": "1"}}, row["version"])
    assert changed.status_code == 409


async def test_one_enterprise_has_one_return_a_month_even_when_filed_at_once(
    enterprise: Caller, register: Make, draw_up: Make
) -> None:
    made = await register()
    first = await draw_up(made["id"], "2026-03")
    body = {name: first[name] for name in ("enterprise_id", "period", "measures")}
    again = await enterprise.post("/operating-returns", body)
    assert (again.status_code, again.json()["code"]) == (409, "operating_return_exists")
    assert first["id"] in again.json()["detail"]
    next_month = body | {"period": "2026-04"}
    answers = await asyncio.gather(
        *(enterprise.post("/operating-returns", next_month) for _ in range(4))
    )
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]


async def test_a_step_needs_the_version_it_is_based_on(
    enterprise: Caller, register: Make, draw_up: Make
) -> None:
    made = await register()
    draft = await draw_up(made["id"], "2026-01")
    path = f"/operating-returns/{draft['id']}"
    patch = {"measures": {"employees": 3}}
    assert (await enterprise.post(f"{path}/submit", None)).status_code == 428
    assert (await enterprise.patch(path, patch)).status_code == 428
    assert (await enterprise.step(draft | {"version": 9}, "submit")).status_code == 412
    assert (await enterprise.patch(path, patch, version=2)).status_code == 412


async def test_two_decisions_at_once_leave_one(
    office: Caller, park_admin: Caller, register: Make, file_return: Make
) -> None:
    made = await register()
    row = await file_return(made["id"], "2026-05")
    answers = await asyncio.gather(
        office.step(row, "accept"),
        park_admin.step(row, "accept"),
        park_admin.step(row, "return", {"reason": "同时"}),
    )
    assert sorted(a.status_code for a in answers) == [200, 412, 412]


async def test_the_filer_may_not_decide(
    office: Caller, park_admin: Caller, enterprise: Caller, register: Make, file_return: Make
) -> None:
    made = await register()
    own = await file_return(made["id"], "2026-01", park_admin)
    for name, body in (("accept", None), ("return", {"reason": "自己"})):
        answer = await park_admin.step(own, name, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "separation_of_duties")
    filed = await file_return(made["id"], "2026-02")
    assert (await enterprise.step(filed, "accept")).status_code == 403
    back = (await office.step(filed, "return", {"reason": "改"})).json()
    path = f"/operating-returns/{back['id']}"
    edited = await office.patch(path, {"measures": {"rd_spend": "2"}}, back["version"])
    handed_in = (await enterprise.step(edited.json(), "submit")).json()
    refused = await office.step(handed_in, "accept")
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")
    assert (await park_admin.step(handed_in, "accept")).status_code == 200


async def test_whoever_is_concerned_sees_a_return_and_nobody_else(
    caller: Callable[..., Awaitable[Caller]], register: Make, draw_up: Make, park_body: Any,
    office: Caller,
) -> None:  # fmt: skip
    await office.put(
        "/parks/xuedian", park_body(administration_unit=None, jurisdictions=["xuedian-town"])
    )
    made = await register()
    row = await draw_up(made["id"], "2026-06")
    body = {"enterprise_id": made["id"], "period": "2026-07", "measures": row["measures"]}
    for role, unit, sees, writes in [
        ("office", "programme-office", True, True),
        ("leader", "headquarters", True, False),
        ("auditor", "programme-office", True, False),
        ("group_lead", "group-4", True, False),
        ("park_admin", "gangqu-admin", True, True),
        ("park_admin", "xuedian-town", False, False),
        ("enterprise", "maizier-sugar", True, True),
        ("enterprise", "dayou-plastics", False, False),
        ("finance_payer", "finance-bureau", False, False),
        ("unit_reporter", "st-bureau", False, False),
    ]:
        client = await caller(role, unit)
        detail = await client.get(f"/operating-returns/{row['id']}")
        assert detail.status_code == (200 if sees else 403), (role, unit)
        listed = await client.get("/operating-returns", enterprise_id=made["id"])
        items = listed.json().get("items", [])
        assert bool(items) is sees, (role, unit)
        made_another = await client.post("/operating-returns", body)
        assert made_another.status_code in ((201, 409) if writes else (403,)), (role, unit)


async def test_a_system_files_with_the_scope_for_it(
    caller: Callable[..., Awaitable[Caller]], register: Make, file_return: Make
) -> None:
    made = await register(unit_code=None)
    bureau = await caller("system", scope="operating_returns.create operating_returns.submit")
    row = await file_return(made["id"], "2026-01", bureau)
    assert (await bureau.step(row, "accept")).status_code == 403


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"period": "2999-01"}, 422, "validation_failed"),
        ({"period": "2099-01"}, 422, "future_period"),
        ({"period": "2026-H1"}, 422, "validation_failed"),
        ({"period": "2026-Q5"}, 422, "validation_failed"),
        ({"period": "2026-07-H1"}, 422, "validation_failed"),
        ({"period": "2099-Q1"}, 422, "future_period"),
        ({"period": "2099"}, 422, "future_period"),
        ({"extra_measures": {"A\x00": "1"}}, 422, "validation_failed"),
        ({"extra_measures": {"exports": "1e9"}}, 422, "validation_failed"),
        ({"period": "２０２６-01"}, 422, "validation_failed"),
        ({"unit": "元"}, 422, "validation_failed"),
        ({"sales_revenue": "-1"}, 422, "inconsistent_measures"),
        ({"own_ip_output": "401"}, 422, "inconsistent_measures"),
        ({"sales_revenue": 1000}, 422, "validation_failed"),
        ({"sales_revenue": "1e3"}, 422, "validation_failed"),
        ({"sales_revenue": "NaN"}, 422, "validation_failed"),
        ({"sales_revenue": "1000000000001"}, 422, "validation_failed"),
        ({"employees": 2**63}, 422, "validation_failed"),
        ({"employees": "9" * 5000}, 422, "validation_failed"),
        ({"surprise": "1"}, 422, "validation_failed"),
        ({"enterprise_id": "0197a3d4-7c1e-7000-8000-00000000ffff"}, 422, "unknown_reference"),
        ({"enterprise_id": "not-an-id"}, 422, "validation_failed"),
    ],
)
async def test_a_wrong_return_is_refused(
    office: Caller, register: Make, change: dict[str, Any], status: int, code: str
) -> None:
    made = await register()
    measures = {
        "sales_revenue": "1000", "high_tech_value_added": "120", "high_tech_output": "400",
        "own_ip_output": "100", "rd_spend": "40", "profit_and_tax": "-90", "employees": 120,
    }  # fmt: skip
    body: dict[str, Any] = {"enterprise_id": made["id"], "period": "2026-01"}
    top = {
        name: value for name, value in change.items() if name in (*body, "unit", "extra_measures")
    }
    inner = {name: value for name, value in change.items() if name not in top}
    answer = await office.post("/operating-returns", body | top | {"measures": measures | inner})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_reason_is_needed_to_give_a_return_back(
    office: Caller, register: Make, file_return: Make
) -> None:
    made = await register()
    row = await file_return(made["id"], "2026-01")
    assert (await office.step(row, "return", {})).status_code == 422
    assert (await office.step(row, "return", {"reason": ""})).status_code == 422
