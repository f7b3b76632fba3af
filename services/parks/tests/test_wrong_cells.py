"""Whatever is wrong with a row of an import, the cell that is wrong is named."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from parks.worker import JOBS
from servicekit.db import Database
from servicekit.jobs.runner import JobRunner

Caller = Any
Row = dict[str, Any]
Make = Callable[..., Awaitable[Row]]
FIRM = {"uscc": "{new}", "name": "某厂{case}", "park_code": "gangqu"}
HELD = {"uscc": "{own}", "kind": "science_type", "number": "KJ-{case}", "authority": "省科技厅",
        "valid_from": "2026-01-01", "valid_to": "2026-12-31"}  # fmt: skip
LATER = {"valid_from": "2027-01-01", "valid_to": "2027-12-31"}
PLATFORM = {"kind": "incubator", "name": "孵化器{case}", "established_on": "2026-01-05"}
CONTRACT = {"number": "HT-{case}", "kind": "service", "title": "服务", "uscc": "{own}",
            "buyer_name": "乙", "amount": "10", "signed_on": "2026-02-02",
            "registered_on": "2026-02-27", "authority": "登记处"}  # fmt: skip
PROJECT = {"number": "XM-{case}", "title": "项目", "uscc": "{own}", "starts_on": "2026-01-01",
           "ends_on": "2027-12-31", "planned_investment": "1", "planned_new_sales": "1",
           "planned_profit_and_tax": "1"}  # fmt: skip
ACHIEVED = {"title": "成果{case}", "kind": "other", "source_name": "大学", "uscc": "{own}",
            "amount": "2", "transferred_on": "2026-04-20"}  # fmt: skip


@pytest.mark.parametrize(
    ("resource", "body", "wrong", "cell", "code"),
    [
        ("enterprises", FIRM, {"uscc": "{own}", "name": "另一厂"}, "A3", "uscc_taken"),
        ("enterprises", FIRM, {"uscc": "{other}"}, "B3", "enterprise_name_taken"),
        ("enterprises", FIRM, {"uscc": "{other}", "name": "三厂", "park_code": "atlantis"}, "C3",
         "unknown_reference"),
        ("recognitions", HELD, {"number": "KJ-2"}, "E3", "recognition_overlaps"),
        ("recognitions", HELD, LATER, "C3", "recognition_number_taken"),
        ("recognitions", HELD, {"number": "KJ-2", **LATER, "valid_to": "2026-12-31"}, "F3",
         "validity_reversed"),
        ("platforms", PLATFORM, {}, "B3", "platform_exists"),
        ("platforms", PLATFORM, {"name": "中心", "established_on": "2999-01-01"}, "C3",
         "future_date"),
        ("technology-contracts", CONTRACT, {}, "A3", "technology_contract_registered"),
        ("technology-contracts", CONTRACT, {"number": "HT-0", "signed_on": "2026-02-28"}, "H3",
         "registered_before_signed"),
        ("rd-projects", PROJECT, {}, "A3", "rd_project_exists"),
        ("rd-projects", PROJECT, {"number": "XM-0", "ends_on": "2025-12-31"}, "E3",
         "period_reversed"),
        ("achievements", ACHIEVED, {}, "A3", "achievement_exists"),
    ],
)  # fmt: skip
async def test_the_cell_is_named(
    office: Caller, kept: Database, register: Make, fresh_uscc: Callable[[], str],
    resource: str, body: Row, wrong: Row, cell: str, code: str,
) -> None:  # fmt: skip
    words = {"new": fresh_uscc(), "other": fresh_uscc(), "case": uuid4().hex[:8]}
    words["own"] = (await register())["uscc"]
    rows = [{name: value.format(**words) for name, value in row.items()}
            for row in (body, body | wrong)]  # fmt: skip
    lines = [",".join(body), *(",".join(row.values()) for row in rows)]
    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "text/csv"}
    path = f"/api/v1/{resource}/import"
    taken = await office.client.post(
        path, content="\r\n".join(lines).encode(), headers=headers, params={"mode": "partial"}
    )
    assert taken.status_code == 202, taken.text
    await JobRunner(kept, JOBS).drain()
    job = taken.headers["location"].removeprefix("/api/v1")
    told = (await office.get(job)).json()
    errors = (await office.get(f"{job}/errors")).json()["items"]
    assert (told["done"], told["refused"]) == (2, 1), errors
    assert [(one["cell"], one["code"]) for one in errors] == [(cell, code)]


@pytest.fixture(autouse=True)
def _park(gangqu: str) -> None:
    """Every test needs the park."""
