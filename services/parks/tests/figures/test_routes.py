"""Any measure by park, class and grade, and down to the enterprise."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest_asyncio

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
Rows = Callable[..., Awaitable[list[Any]]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def longhu(office: Caller, park_body: Any) -> str:
    body = park_body(administration_unit=None, jurisdictions=[], name_zh="龙湖科技教育园")
    assert (await office.put("/parks/longhu", body)).status_code == 201
    return "longhu"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def accept(office: Caller, file_return: Make) -> Make:
    """`await accept(enterprise, "2025-01", sales_revenue="5")`: an accepted return."""

    async def make(firm: dict[str, Any], period: str, **measures: Any) -> dict[str, Any]:
        answer = await office.step(await file_return(firm["id"], period, **measures), "accept")
        assert answer.status_code == 200, answer.text
        return answer.json()

    return make


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def firms(register: Make, longhu: str, accept: Make) -> dict[str, dict[str, Any]]:
    """Two firms of one park and one of another, and one of none; with a month of each."""
    made = {
        "small": await register(),
        "large": await register(declared_class="science_type"),
        "other": await register(park_code=longhu),
        "outside": await register(park_code=None),
    }
    for name, sales, spend in (
        ("small", "100", "10"),
        ("large", "900", "18"),
        ("other", "500", "50"),
        ("outside", "40", "4"),
    ):
        await accept(made[name], "2025-01", sales_revenue=sales, rd_spend=spend)
    return made


async def figures(who: Caller, **query: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    answer = await who.get("/park-metrics/breakdown", **query)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return found["whole"], {one["key"]: one for one in found["items"]}


async def test_from_the_six_parks_to_one_its_classes_and_its_enterprises(
    office: Caller, firms: dict[str, Any]
) -> None:
    at = {"measure": "sales_revenue", "period": "2025-01"}
    whole, parts = await figures(office, programme="innovation-programme", **at)
    assert (whole["value"], whole["unit"], whole["returns"]) == ("1500", "万元", 3)
    assert {key: one["value"] for key, one in parts.items()} == {"gangqu": "1000", "longhu": "500"}
    assert parts["longhu"]["name_zh"] == "龙湖科技教育园"
    whole, parts = await figures(office, park_code="gangqu", by="enterprise_class", **at)
    assert whole["value"] == "1000"
    assert {key: one["value"] for key, one in parts.items()} == {
        "ordinary": "100",
        "science_type": "900",
    }
    narrow = {"park_code": "gangqu", "enterprise_class": "science_type"}
    listed = (await office.get("/park-metrics/enterprises", **narrow, **at)).json()["items"]
    assert [(one["enterprise_id"], one["value"]) for one in listed] == [
        (firms["large"]["id"], "900")
    ]
    whole, parts = await figures(office, **at)
    assert (whole["value"], parts["none"]["value"]) == ("1540", "40")


async def test_a_share_is_the_sum_of_the_ones_over_the_sum_of_the_others(
    office: Caller, firms: dict[str, Any]
) -> None:
    at = {"measure": "rd_intensity", "period": "2025-01", "park_code": "gangqu"}
    whole, parts = await figures(office, by="enterprise_class", **at)
    assert (whole["value"], whole["numerator"], whole["denominator"]) == ("2.8", "28", "1000")
    assert {key: one["value"] for key, one in parts.items()} == {
        "ordinary": "10",
        "science_type": "2",
    }


async def test_the_grade_is_that_of_the_day(
    office: Caller, firms: dict[str, Any], longhu: str
) -> None:
    grade = {"grade": "provincial", "obtained_on": "2025-02-01", "document_no": "1号"}
    await office.post(f"/parks/{longhu}/grades", grade)
    _, before = await figures(office, by="grade", measure="sales_revenue", period="2025-01")
    assert set(before) == {"none"}
    _, after = await figures(office, by="grade", period="2025", year_to_date=True)
    assert (after["provincial"]["value"], after["none"]["value"]) == ("500", "1040")
    whole, _ = await figures(office, grade="provincial", period="2025")
    assert whole["value"] == "500"


async def test_a_quarter_that_is_filed_alone_counts_beside_the_months_of_others(
    office: Caller, register: Make, accept: Make, firms: dict[str, Any]
) -> None:
    form = {"code": "q-figures", "frequency": "quarter", "applies_from": "2024-Q1"}
    form |= {"name_zh": "季报", "name_en": "Quarterly"}
    assert (await office.post("/return-forms", form)).status_code == 201
    quarterly = await register()
    for month, sales in (("2024-01", "10"), ("2024-02", "20"), ("2024-03", "30")):
        await accept(firms["small"], month, sales_revenue=sales, employees=7)
    await accept(quarterly, "2024-Q1", sales_revenue="500", employees=9)
    whole, _ = await figures(office, period="2024-Q1")
    assert whole["value"] == "560"
    assert (await figures(office, period="2024-03"))[0]["value"] == "30"
    assert (await figures(office, period="2024-03", year_to_date=True))[0]["value"] == "560"
    assert (await figures(office, period="2024"))[0]["value"] == "560"
    assert (await figures(office, period="2024-Q1", measure="employees"))[0]["value"] == "16"
    told = (await office.get("/park-metrics", metric="sales_revenue.six_parks")).json()["items"]
    assert {one["period"]: one["value"] for one in told}["2024-03"] == "560"
    # Months told after the quarter are in it already.
    await accept(quarterly, "2024-01", sales_revenue="200", employees=8)
    assert (await figures(office, period="2024-Q1"))[0]["value"] == "560"
    assert (await figures(office, period="2024-01"))[0]["value"] == "210"
    told = (await office.get("/park-metrics", metric="sales_revenue.six_parks")).json()["items"]
    kept = {one["period"]: one["value"] for one in told}
    assert (kept["2024-01"], kept["2024-02"], kept["2024-03"]) == ("210", "230", "560")


async def test_one_accepted_return_touches_its_own_park_and_what_that_is_a_part_of(
    rows: Rows, firms: dict[str, Any], accept: Make, register: Make
) -> None:
    async def versions() -> dict[str, str]:
        found = await rows(
            "SELECT 'sum:' || concat_ws('/', park_code, period, enterprise_class, measure) AS key,"
            " xmin::text FROM measure_total UNION ALL"
            " SELECT 'metric:' || series, xmin::text FROM park_metric UNION ALL"
            " SELECT 'count:' || return_id || measure, xmin::text FROM return_count"
        )
        return {row["key"]: row["xmin"] for row in found}

    async def touched_by(firm: dict[str, Any], period: str) -> list[str]:
        before = await versions()
        await accept(firm, period)
        after = await versions()
        return sorted(key for key, version in after.items() if before.get(key) != version)

    first = await touched_by(firms["small"], "2021-01")
    sums = [key for key in first if key.startswith("sum:")]
    assert len(sums) == 7
    assert all(key.startswith("sum:gangqu/2021-01/ordinary/") for key in sums)
    metrics = [key for key in first if key.startswith("metric:")]
    assert metrics == [
        "metric:high_tech_value_added.city:2021-01",
        "metric:own_ip_share.city:2021-01",
        "metric:rd_intensity.ordinary:2021-01",
        "metric:sales_revenue.park.gangqu:2021-01",
        "metric:sales_revenue.six_parks:2021-01",
    ]
    # As many rows, whoever else has reported.
    for _ in range(5):
        await accept(firms["other"], f"2021-{_ + 2:02}")
        await accept(await register(), "2021-01")
    again = await touched_by(await register(), "2021-12")
    assert len(again) == len(first)
    assert not [key for key in again if "longhu" in key]


async def test_what_is_not_told_is_not_zero_and_what_is_not_known_is_refused(
    office: Caller, gangqu: str
) -> None:
    whole, parts = await figures(office, period="2019-01")
    assert (whole["value"], whole["returns"], parts) == (None, 0, {})
    unknown = await office.get("/park-metrics/breakdown", measure="happiness")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_measure")
    assert (await office.get("/park-metrics/breakdown")).status_code == 200
    assert (await office.get("/park-metrics/breakdown", period="2026-13")).status_code == 422


async def test_what_a_form_adds_has_its_figures_too(
    office: Caller, enterprise: Caller, register: Make, gangqu: str
) -> None:
    field = {"code": "exports", "name_zh": "出口额", "name_en": "exports", "unit": "万美元"}
    form = {"code": "yearly-exports", "frequency": "year", "applies_from": "2018"}
    form |= {"name_zh": "年报", "name_en": "Yearly", "fields": [field]}
    assert (await office.post("/return-forms", form)).status_code == 201
    firm = await register()
    body: dict[str, Any] = {"enterprise_id": firm["id"], "period": "2018"}
    body |= {"extra_measures": {"exports": "12.5"}}
    amounts = ("sales_revenue", "high_tech_value_added", "rd_spend", "high_tech_output",
               "own_ip_output", "profit_and_tax")  # fmt: skip
    body["measures"] = {**dict.fromkeys(amounts, "0"), "employees": 1}
    row = (await enterprise.post("/operating-returns", body)).json()
    row = (await enterprise.step(row, "submit")).json()
    assert (await office.step(row, "accept")).status_code == 200
    whole, _ = await figures(office, measure="exports", period="2018")
    assert (whole["value"], whole["unit"]) == ("12.5", "万美元")
    await office.post("/return-forms", form | {"active": False})


async def test_the_numbers_of_an_enterprise_are_seen_by_whom_they_concern(
    caller: Callable[..., Awaitable[Caller]], firms: dict[str, Any]
) -> None:
    at = {"period": "2025-01"}
    for role, unit, count in (
        ("enterprise", "maizier-sugar", 4),
        ("enterprise", "dayou-plastics", 0),
        ("park_admin", "gangqu-admin", 2),
        ("finance_payer", "finance-bureau", None),
    ):
        client = await caller(role, unit)
        answer = await client.get("/park-metrics/enterprises", **at)
        if count is None:
            assert answer.status_code == 403
        else:
            assert len(answer.json()["items"]) == count, (role, unit)
        assert (await client.get("/park-metrics/breakdown", **at)).status_code == 200
    export = await (await caller("office")).client.get(
        "/api/v1/park-metrics/breakdown", params=at, headers={"Accept": "text/csv"}
    )
    assert export.status_code == 200
