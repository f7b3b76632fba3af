"""The outlier check at submission."""

from typing import Any

import pytest_asyncio

RULE = "indicators/visitors/reporting-rule"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def steady(world: Any) -> Any:
    """An indicator with a year of numbers around 100."""
    await world.indicator(
        "visitors", frequency="month", unit="家", milestones=[{"year": 2026, "value": "1200"}]
    )
    for month, value in enumerate((100, 104, 97, 101, 99, 103), start=1):
        await world.verified("visitors", f"2026-{month:02}", value=str(value))
    return world


async def submit(world: Any, period: str, value: str, **body: Any) -> Any:
    row = await world.draft("visitors", period, value=value)
    return await world.step(await world.as_("unit_reporter", "st-bureau"), row, "submit", **body)


async def test_an_unusual_number_needs_an_explanation_that_the_verifier_sees(steady: Any) -> None:
    reporter = await steady.as_("unit_reporter", "st-bureau")
    row = await steady.draft("visitors", "2026-07", value="1010")
    refused = await steady.step(reporter, row, "submit")
    assert (refused.status_code, refused.json()["code"]) == (422, "outlier_unexplained")
    assert "1010" in refused.json()["detail"]
    assert (await steady.get(f"progress-reports/{row['id']}"))["state"] == "draft"
    taken = await steady.step(reporter, row, "submit", outlier_explanation="新馆开放")
    assert taken.json()["outlier_explanation"] == "新馆开放"
    assert float(taken.json()["usual_low"]) < 100 < float(taken.json()["usual_high"]) < 1010
    answer = await steady.step(await steady.office(), taken.json(), "verify")
    assert answer.json()["state"] == "verified"


async def test_a_usual_number_needs_none_and_keeps_none(steady: Any) -> None:
    taken = await submit(steady, "2026-08", "102", outlier_explanation="无")
    assert (taken.status_code, taken.json()["outlier_explanation"]) == (200, None)


async def test_the_office_sets_how_strict_the_check_is(steady: Any) -> None:
    usual = await steady.get(RULE)
    assert (usual["outlier_threshold"], usual["version"]) == ("3.5", 0)
    assert (await steady.put(RULE, {}, status=200))["version"] == 0, "as it was read"
    off = await steady.put(RULE, {"outlier_threshold": None}, status=201)
    assert (off["outlier_threshold"], off["outlier_min_history"]) == (None, 6)
    assert (await submit(steady, "2026-09", "9999")).status_code == 200
    wrong = await steady.put(RULE, {"outlier_min_history": 2}, status=422)
    assert wrong["code"] == "validation_failed"
    reporter = await steady.as_("unit_reporter", "st-bureau")
    assert (await reporter.put(f"/api/v1/{RULE}", json={})).status_code == 403
    await steady.put(RULE, {"outlier_min_history": 12}, status=200)
    assert (await submit(steady, "2026-10", "9999")).status_code == 200, "too little is known"


async def test_the_history_of_another_unit_says_nothing(steady: Any) -> None:
    await steady.put(RULE, {}, status=200)
    await steady.indicator(
        "visitors",
        frequency="month",
        unit="家",
        supporting_units=["finance-bureau"],
        milestones=[{"year": 2026, "value": "1200"}],
    )
    other = await steady.as_("unit_reporter", "finance-bureau")
    body = {
        "indicator_code": "visitors",
        "unit_code": "finance-bureau",
        "period": "2026-11",
        "value": "5",
    }
    row = await other.post("/api/v1/progress-reports", json=body, headers=steady.key())
    assert (await steady.step(other, row.json(), "submit")).status_code == 200
