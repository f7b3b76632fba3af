"""Rules over HTTP, and returns that keep them or do not."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
SHARE = {
    "kind": "ratio",
    "severity": "warning",
    "measure": "rd_spend",
    "other": "sales_revenue",
    "highest": "30",
    "name_zh": "研发投入占比",
    "name_en": "R&D share",
}
JUMP = {
    "kind": "jump",
    "severity": "warning",
    "measure": "sales_revenue",
    "lowest": "-50",
    "highest": "100",
    "name_zh": "销售收入环比",
    "name_en": "Sales against last month",
}


@pytest.fixture
async def rule(office: Caller) -> AsyncIterator[Callable[..., Awaitable[dict[str, Any]]]]:
    """`await rule("code", body)`: a rule that holds for one test."""
    made: list[tuple[str, Any]] = []

    async def put(code: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await office.put(f"/return-rules/{code}", body)
        assert answer.status_code in (200, 201), answer.text
        made.append((code, body))
        return answer.json()

    yield put
    for code, body in made:
        await office.put(f"/return-rules/{code}", body | {"active": False})


async def test_a_warning_wants_an_explanation_and_keeps_it(
    enterprise: Caller, park_admin: Caller, register: Make, draw_up: Make, rule: Any
) -> None:
    await rule("share", SHARE)
    firm = await register()
    draft = await draw_up(firm["id"], "2026-01", rd_spend="400")
    said = (await enterprise.get(f"/operating-returns/{draft['id']}/check")).json()
    assert (said["has_errors"], [one["rule_code"] for one in said["findings"]]) == (
        False,
        ["share"],
    )
    refused = await enterprise.step(draft, "submit")
    assert (refused.status_code, refused.json()["code"]) == (422, "return_not_sound")
    [error] = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/explanations/share", "explanation_needed")
    assert "40%" in error["message"]
    body = {"explanations": {"share": "新建中试线"}}
    taken = (await enterprise.step(draft, "submit", body)).json()
    [finding] = taken["findings"]
    assert (finding["explanation"], finding["message_zh"]) == (
        "新建中试线",
        "研发投入占比：rd_spend 为 40%，应不高于 30%",
    )
    accepted = (await park_admin.step(taken, "accept")).json()
    assert accepted["findings"] == [finding]


async def test_own_products_lie_within_high_tech_ones_and_these_within_sales(
    office: Caller, enterprise: Caller, register: Make, draw_up: Make, rule: Any
) -> None:
    """The chain of the three, the last link of which is there and off until the office wants it."""
    known = {
        one["code"]: one for one in (await office.get("/return-rules", limit=200)).json()["items"]
    }
    last = known["high-tech-within-sales"]
    assert last["active"] is False
    parts = ("kind", "severity", "measure", "other", "name_zh", "name_en")
    await rule(last["code"], {name: last[name] for name in parts} | {"active": True})
    firm = await register()
    numbers = {"sales_revenue": "300", "high_tech_output": "400", "own_ip_output": "100"}
    draft = await draw_up(firm["id"], "2026-02", **numbers)
    refused = await enterprise.step(draft, "submit")
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/explanations/high-tech-within-sales", "explanation_needed")
    ]
    own = {"measures": {"own_ip_output": "401"}}
    wrong = await enterprise.patch(f"/operating-returns/{draft['id']}", own, 1)
    assert [(e["pointer"], e["code"]) for e in wrong.json()["errors"]] == [
        ("/measures/own_ip_output", "exceeds_high_tech_output")
    ]
    less = {"measures": {"high_tech_output": "300"}}
    mended = await enterprise.patch(f"/operating-returns/{draft['id']}", less, 1)
    assert (await enterprise.step(mended.json(), "submit")).status_code == 200


async def test_an_error_refuses_whatever_is_said(
    enterprise: Caller, register: Make, draw_up: Make, rule: Any
) -> None:
    await rule("share", SHARE | {"severity": "error"})
    firm = await register()
    draft = await draw_up(firm["id"], "2026-01", rd_spend="400")
    said = {"explanations": {"share": "必须"}}
    refused = await enterprise.step(draft, "submit", said)
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/measures/rd_spend", "share"),
        ("/explanations/share", "nothing_to_explain"),
    ]
    mended = await enterprise.patch(
        f"/operating-returns/{draft['id']}", {"measures": {"rd_spend": "40"}}, 1
    )
    assert (await enterprise.step(mended.json(), "submit")).status_code == 200


async def test_a_jump_against_last_month_is_told(
    enterprise: Caller, register: Make, draw_up: Make, file_return: Make, rule: Any
) -> None:
    await rule("jump", JUMP)
    firm = await register()
    await file_return(firm["id"], "2025-12", sales_revenue="1000")
    draft = await draw_up(firm["id"], "2026-01", sales_revenue="3000")
    refused = await enterprise.step(draft, "submit")
    assert "200%" in refused.json()["errors"][0]["message"]
    assert (await enterprise.step(draft, "submit", {"explanations": {"jump": "旺季"}})).is_success


async def test_a_quarter_is_the_sum_of_its_months(
    office: Caller, enterprise: Caller, register: Make, draw_up: Make, file_return: Make
) -> None:
    form = {"code": "q", "frequency": "quarter", "applies_from": "2022-Q1"}
    await office.post("/return-forms", form | {"name_zh": "季报", "name_en": "Quarterly"})
    firm = await register()
    for month in ("2022-01", "2022-02", "2022-03"):
        await file_return(firm["id"], month, sales_revenue="1000")
    three = {name: 3 * int(value) for name, value in (
        ("high_tech_value_added", "120"), ("high_tech_output", "400"), ("own_ip_output", "100"),
        ("rd_spend", "40"), ("profit_and_tax", "90"))}  # fmt: skip
    numbers = {name: str(value) for name, value in three.items()}
    draft = await draw_up(firm["id"], "2022-Q1", sales_revenue="4000", **numbers)
    refused = await enterprise.step(draft, "submit")
    assert [e["code"] for e in refused.json()["errors"]] == ["parts-sales-revenue"]
    patch = {"measures": {"sales_revenue": "3010"}}
    mended = await enterprise.patch(f"/operating-returns/{draft['id']}", patch, 1)
    assert (await enterprise.step(mended.json(), "submit")).status_code == 200
    await office.post(
        "/return-forms", form | {"name_zh": "季报", "name_en": "Quarterly", "active": False}
    )


async def test_a_rule_looks_at_its_class_frequency_and_days_only(
    enterprise: Caller, register: Make, draw_up: Make, rule: Any
) -> None:
    for number, limits in enumerate(
        (
            {"enterprise_classes": ["high_tech"]},
            {"frequencies": ["quarter"]},
            {"valid_from": "2026-03-01"},
            {"valid_to": "2025-12-31"},
        )
    ):
        await rule(f"not-here-{number}", SHARE | limits)
    firm = await register()
    draft = await draw_up(firm["id"], "2026-01", rd_spend="400")
    assert (await enterprise.step(draft, "submit")).status_code == 200


async def test_a_rule_is_changed_on_its_version_and_by_the_office_alone(
    office: Caller, enterprise: Caller
) -> None:
    assert (await office.put("/return-rules/mine", SHARE)).status_code == 201
    assert (await office.put("/return-rules/mine", SHARE, 9)).status_code == 412
    same = await office.put("/return-rules/mine", SHARE, 1)
    assert same.json()["version"] == 1
    assert (await office.put("/return-rules/mine", SHARE | {"active": False}, 1)).is_success
    assert (await enterprise.put("/return-rules/mine", SHARE)).status_code == 403
    assert (await enterprise.get("/return-rules", active=True)).status_code == 200
    wrong = await office.put("/return-rules/mine", SHARE | {"other": None})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "rule_incomplete")
    assert (await office.get("/return-rules/none")).status_code == 404
