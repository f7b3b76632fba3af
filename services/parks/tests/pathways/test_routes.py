"""Criteria over HTTP, and what a park has of each."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from servicekit.clock import china_date

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
TODAY = china_date()


def criterion(**fields: Any) -> dict[str, Any]:
    return {
        "park_kind": "private_st_park", "grade": "provincial", "measure": "platforms",
        "platform_kind": "key_laboratory", "platform_level": "provincial", "threshold": "1",
        "unit": "个", "name_zh": "省级重点实验室", "name_en": "provincial laboratory", **fields,
    }  # fmt: skip


SALES = criterion(
    measure="sales_revenue", platform_kind=None, platform_level=None, threshold="21000",
    unit="万元", name_zh="销售收入", name_en="sales",
)  # fmt: skip


async def test_a_park_sees_what_it_needs_and_what_it_has(
    office: Caller, enterprise: Caller, register: Make, file_return: Make, gangqu: str
) -> None:
    path = f"/parks/{gangqu}/pathway"
    nothing = (await office.get(path)).json()
    assert (nothing["is_ready"], nothing["steps"]) == (False, [])
    assert nothing["gap_en"] == "no criteria are set for this grade"
    made = await office.put("/grade-criteria/laboratories", criterion())
    assert made.status_code == 201, made.text
    assert (await office.put("/grade-criteria/sales", SALES)).status_code == 201
    firms = criterion(
        measure="high_tech_enterprises", platform_kind=None, platform_level=None,
        unit="家", name_zh="高新技术企业", name_en="high-tech enterprise", grade="national",
    )  # fmt: skip
    assert (await office.put("/grade-criteria/firms", firms)).status_code == 201
    before = (await enterprise.get(path)).json()
    assert (before["grade"], before["gap_en"]) == (
        "provincial", "needs 1 provincial laboratory and 2.1亿元 sales",
    )  # fmt: skip
    assert before["gap_zh"] == "还需1个省级重点实验室、2.1亿元销售收入"
    host = await register()
    filed = await file_return(host["id"], f"{TODAY:%Y-%m}", sales_revenue="20000")
    assert (await office.step(filed, "accept")).status_code == 200
    laboratory = {
        "kind": "key_laboratory", "name": "国家重点实验室", "park_code": gangqu,
        "established_on": "2020-01-01", "level": "national", "recognised_on": "2020-01-01",
        "document_no": "国科〔2020〕1号",
    }  # fmt: skip
    assert (await office.post("/platforms", laboratory)).status_code == 201
    after = (await office.get(path)).json()
    assert [(s["code"], s["actual"], s["gap"], s["is_met"]) for s in after["steps"]] == [
        ("laboratories", "1", "0", True),
        ("sales", "20000", "1000", False),
    ]
    assert after["gap_en"] == "needs 1000万元 sales"
    other = (await office.get(path, grade="national")).json()
    assert other["gap_en"] == "needs 1 high-tech enterprise"
    off = await office.put("/grade-criteria/sales", SALES | {"active": False}, 1)
    assert off.status_code == 200, off.text
    assert (await office.get(path)).json()["is_ready"] is True


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"platform_kind": None}, "criterion_incomplete", "/platform_kind"),
        ({"unit": "万元"}, "criterion_unit", "/unit"),
        ({"threshold": "0"}, "validation_failed", "/threshold"),
        ({"threshold": 1}, "validation_failed", "/threshold"),
        ({"measure": "beauty"}, "validation_failed", "/measure"),
    ],
)
async def test_a_wrong_criterion_is_refused_where_it_is_wrong(
    office: Caller, change: dict[str, Any], code: str, pointer: str
) -> None:
    answer = await office.put("/grade-criteria/wrong", criterion(**change))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_an_equal_criterion_changes_nothing_and_only_the_office_sets_one(
    office: Caller, park_admin: Caller
) -> None:
    made = await office.put("/grade-criteria/equal", criterion())
    again = await office.put("/grade-criteria/equal", criterion(), 1)
    assert (again.status_code, again.json()) == (200, made.json())
    assert (await park_admin.put("/grade-criteria/equal", criterion())).status_code == 403
    listed = await park_admin.get("/grade-criteria", grade="provincial")
    assert "equal" in {each["code"] for each in listed.json()["items"]}
    assert (await office.get("/parks/atlantis/pathway")).status_code == 404
