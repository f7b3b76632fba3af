"""Somebody other than the reporter confirms a number, adjusts it, or gives it back."""

import asyncio
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from servicekit.testing.databases import ServiceDatabase

BATCH = "/api/v1/progress-reports/verifications/batch"
PERIODS = [f"{year}-Q{quarter}" for year in (2026, 2027, 2028) for quarter in (1, 2, 3, 4)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def waiting(world: Any) -> Any:
    await world.indicator("deals", unit="万元")
    await world.indicator("visits", unit="万元")
    return world


async def submitted(world: Any, period: str, indicator: str = "deals", **fields: Any) -> Any:
    row = await world.draft(indicator, period, **{"value": "10", **fields})
    answer = await world.step(await world.as_("unit_reporter", "st-bureau"), row, "submit")
    assert answer.status_code == 200, answer.text
    return answer.json()


def item(row: Any, **changes: Any) -> dict[str, Any]:
    return {"report_id": row["id"], "version": row["version"], **changes}


async def verify_all(world: Any, *items: Any, who: str = "", **query: Any) -> Any:
    client = await world.as_("office", "programme-office", who)
    body = {"items": list(items)}
    return await client.post(BATCH, json=body, params=query, headers=world.key())


async def test_an_adjusted_number_counts_and_the_reported_one_stays(waiting: Any) -> None:
    row = await submitted(waiting, "2026-Q1", value="10")
    office = await waiting.office()
    for body in ({"value": "8"}, {"reason": "剔除"}):
        refused = await waiting.step(office, row, "verify", **body)
        assert (refused.status_code, refused.json()["code"]) == (422, "adjustment_unexplained")
    await waiting.bus.since_now()
    done = (await waiting.step(office, row, "verify", value="8", reason="剔除上季合同")).json()
    assert (done["value"], done["adjusted_value"], done["adjustment_reason"]) == (
        "10", "8", "剔除上季合同",
    )  # fmt: skip
    (event,) = await waiting.bus.events("report.verified")
    assert (event.data["value"], event.data["reported_value"]) == ("8", "10.000000")
    series = await waiting.get("indicators/deals/observations")
    assert [(r["period"], r["value"]) for r in series["items"]] == [("2026-Q1", "8")]


async def test_an_equal_adjustment_is_none(waiting: Any) -> None:
    row = await submitted(waiting, "2026-Q2", value="10")
    done = await waiting.step(await waiting.office(), row, "verify", value="10", reason="核对无误")
    assert (done.json()["state"], done.json()["adjusted_value"]) == ("verified", None)


async def test_whoever_only_changed_a_report_cannot_verify_it_either(
    waiting: Any, service_database: Any
) -> None:
    row = await waiting.draft("deals", "2026-Q3", value="10")
    office = await waiting.office()
    path = f"/api/v1/progress-reports/{row['id']}"
    row = (await office.patch(path, json={"value": "11"}, headers=waiting.etag(row))).json()
    row = (
        await waiting.step(await waiting.as_("unit_reporter", "st-bureau"), row, "submit")
    ).json()
    assert row["reporters"] == ["office-programme-office", "unit_reporter-st-bureau"]
    own = await waiting.step(office, row, "verify")
    assert (own.status_code, own.json()["code"]) == (403, "separation_of_duties")
    await refuses_the_reporter(service_database("targets"), row["id"])


async def refuses_the_reporter(database: ServiceDatabase, report_id: str) -> None:
    connection = await asyncpg.connect(database.app_url)
    try:
        with pytest.raises(asyncpg.CheckViolationError, match="verifier_is_not_reporter"):
            await connection.execute(
                "UPDATE progress_report SET verified_by = $1 WHERE id = $2",
                "office-programme-office",
                report_id,
            )
    finally:
        await connection.close()


async def test_a_batch_verifies_all_or_none(waiting: Any) -> None:
    good, stale = await submitted(waiting, "2026-Q4"), await submitted(waiting, "2027-Q1")
    wrong = item(stale, version=99)
    refused = await verify_all(waiting, item(good), wrong, item(good, reason="x"))
    assert (refused.status_code, refused.json()["code"]) == (422, "batch_refused")
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/items/1", "stale_version"),
        ("/items/2", "stale_version"),
    ]
    assert (await waiting.get(f"progress-reports/{good['id']}"))["state"] == "submitted"
    tried = await verify_all(waiting, item(good), item(stale), dry_run=True)
    assert [o["report"]["state"] for o in tried.json()["items"]] == ["verified", "verified"]
    assert (await waiting.get(f"progress-reports/{good['id']}"))["state"] == "submitted"
    done = await verify_all(waiting, item(good), item(stale))
    assert (done.status_code, done.json()["dry_run"]) == (200, False), done.text


async def test_a_partial_batch_verifies_what_it_can_and_says_of_the_others_why_not(
    waiting: Any,
) -> None:
    rows = [await submitted(waiting, period) for period in ("2027-Q2", "2027-Q3", "2027-Q4")]
    away = "0197a3d4-7c1e-7000-8000-000000000003"
    items = [
        item(rows[0]),
        item(rows[1], version=99),
        item(rows[2], value="12", reason="漏报两份"),
        {"report_id": away, "version": 1},
    ]
    await waiting.bus.since_now()
    answer = await verify_all(waiting, *items, partial=True)
    assert answer.status_code == 200, answer.text
    outcomes = answer.json()["items"]
    assert [o["refusal"] and o["refusal"]["code"] for o in outcomes] == [
        None, "stale_version", None, "not_found",
    ]  # fmt: skip
    assert outcomes[2]["report"]["adjusted_value"] == "12"
    assert len(await waiting.bus.events("report.verified")) == 2
    states = [(await waiting.get(f"progress-reports/{r['id']}"))["state"] for r in rows]
    assert states == ["verified", "submitted", "verified"]


async def test_two_verifiers_with_the_same_reports_in_the_other_order_count_them_once(
    waiting: Any,
) -> None:
    rows = [await submitted(waiting, p, "visits") for p in PERIODS[:6]]
    items = [item(row) for row in rows]
    first, second = await asyncio.gather(
        verify_all(waiting, *items, who="one", partial=True),
        verify_all(waiting, *items[::-1], who="two", partial=True),
    )
    assert (first.status_code, second.status_code) == (200, 200), first.text + second.text
    by = {
        report["report"]["verified_by"]
        for answer in (first, second)
        for report in answer.json()["items"]
        if report["report"]
    }
    assert len(by) == 1, "one of them was first with all"
    series = await waiting.get("indicators/visits/observations", include_superseded=True)
    assert len(series["items"]) == 6


async def test_a_reporter_in_the_batch_is_denied_his_own(waiting: Any) -> None:
    office = await waiting.office()
    body = {
        "indicator_code": "visits",
        "unit_code": "st-bureau",
        "period": "2028-Q1",
        "value": "10",
    }
    own = (await office.post("/api/v1/progress-reports", json=body, headers=waiting.key())).json()
    own = (await waiting.step(office, own, "submit")).json()
    other = await submitted(waiting, "2028-Q2", "visits")
    refused = await verify_all(waiting, item(own), item(other))
    assert [e["code"] for e in refused.json()["errors"]] == ["separation_of_duties"]
    part = await verify_all(waiting, item(own), item(other), partial=True)
    assert [bool(o["report"]) for o in part.json()["items"]] == [False, True]
    denied = await waiting.get("audit-entries", object_id=own["id"])
    assert "denied" in {entry["outcome"] for entry in denied["items"]}
