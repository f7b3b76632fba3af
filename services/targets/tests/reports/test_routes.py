"""Progress reports over HTTP, from draft to a number that counts."""

import asyncio
from typing import Any

import pytest_asyncio

PATH = "/api/v1/progress-reports"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reported(world: Any) -> Any:
    """The world with one indicator that the S&T bureau reports by quarter."""
    await world.indicator("trade", unit="万元", milestones=[{"year": 2026, "value": "5000"}])
    return world


async def create(world: Any, **body: Any) -> Any:
    reporter = await world.as_("unit_reporter", "st-bureau")
    whole = {"indicator_code": "trade", "unit_code": "st-bureau", "value": "1", **body}
    return await reporter.post(PATH, json=whole, headers=world.key())


async def test_a_verified_report_becomes_the_indicators_number(reported: Any) -> None:
    await reported.bus.since_now()
    row = await reported.verified("trade", "2026-Q1", value="1300.5", explanation="说明")
    assert (row["state"], row["value"], row["verified_by"]) == (
        "verified",
        "1300.5",
        "office-programme-office",
    )
    assert [kind.removeprefix("kechuang.targets.") for kind in await reported.bus.types()] == [
        "progress_report.submitted.v1",
        "progress_report.verified.v1",
        "indicator.measured.v1",
        "indicator.status_changed.v1",
    ]
    board = await reported.board("trade")
    assert (board["actual"], board["expected"], board["status"]) == ("1300.5", "1250", "green")
    series = await reported.get("indicators/trade/observations")
    assert [(r["period"], r["source_id"], r["expected"]) for r in series["items"]] == [
        ("2026-Q1", row["id"], "1250")
    ]


async def test_a_returned_report_is_corrected_and_submitted_again(reported: Any) -> None:
    reporter = await reported.as_("unit_reporter", "st-bureau")
    office = await reported.office()
    row = await reported.draft("trade", "2026-Q2", value="1")
    row = (await reported.step(reporter, row, "submit")).json()
    locked = await reporter.patch(
        f"{PATH}/{row['id']}", json={"value": "2"}, headers=reported.etag(row)
    )
    assert (locked.status_code, locked.json()["code"]) == (409, "invalid_transition")
    returned = await reported.step(office, row, "return", reason="缺附件")
    assert (returned.json()["state"], returned.json()["return_reason"]) == ("returned", "缺附件")
    patched = await reporter.patch(
        f"{PATH}/{row['id']}",
        json={"value": "1400", "evidence": "合同"},
        headers=reported.etag(returned.json()),
    )
    assert (patched.json()["value"], patched.json()["evidence"]) == ("1400", "合同")
    again = await reported.step(reporter, patched.json(), "submit")
    assert again.json()["state"] == "resubmitted"
    done = await reported.step(office, again.json(), "verify")
    assert (done.json()["state"], done.json()["return_reason"]) == ("verified", None)


async def test_a_correction_is_a_new_report_whose_number_replaces_the_old(reported: Any) -> None:
    await reported.verified("trade", "2026-Q3", value="100")
    await reported.verified("trade", "2026-Q3", value="900")
    series = await reported.get("indicators/trade/observations", include_superseded=True)
    old, new = [row for row in series["items"] if row["period"] == "2026-Q3"]
    assert [(row["value"], row["valid"]) for row in (old, new)] == [("100", False), ("900", True)]
    assert old["recorded_at"] < old["updated_at"] == new["updated_at"] == new["recorded_at"]
    since = await reported.get(
        "indicators/trade/observations", include_superseded=True, updated_since=new["updated_at"]
    )
    assert [row["id"] for row in since["items"]] == [old["id"], new["id"]]


async def test_nobody_verifies_the_report_they_made(reported: Any) -> None:
    office = await reported.office()
    body = {"indicator_code": "trade", "unit_code": "st-bureau", "period": "2027-Q1", "value": "1"}
    row = (await office.post(PATH, json=body, headers=reported.key())).json()
    row = (await reported.step(office, row, "submit")).json()
    own = await reported.step(office, row, "verify")
    assert (own.status_code, own.json()["code"]) == (403, "separation_of_duties")
    colleague = await reported.as_("office", "programme-office", who="colleague")
    assert (await reported.step(colleague, row, "verify")).status_code == 200


async def test_reports_for_a_closed_period_are_refused_at_every_step(reported: Any) -> None:
    row = await reported.draft("trade", "2027-Q2", value="1")
    office = await reported.office()
    period = await reported.get("reporting-periods/2027-Q2")
    closing = "/api/v1/reporting-periods/2027-Q2/close"
    assert (await office.post(closing, headers=reported.etag(period))).status_code == 200
    reporter = await reported.as_("unit_reporter", "st-bureau")
    late = await reported.step(reporter, row, "submit")
    assert (late.status_code, late.json()["code"]) == (409, "period_closed")
    assert "2027-Q2" in late.json()["detail"]
    new = await create(reported, period="2027-Q2")
    assert (new.status_code, new.json()["code"]) == (409, "period_closed")


async def test_only_who_answers_reports_and_only_at_the_right_times(reported: Any) -> None:
    await reported.indicator("fed-trade", source_kind="parks", source_metric="a.b")
    for body, status, code in [
        ({"period": "2026-07"}, 422, "wrong_frequency"),
        ({"period": "2035-Q1"}, 422, "unknown_period"),
        ({"period": "2026-Q4", "indicator_code": "nothing"}, 422, "unknown_reference"),
        ({"period": "2026-Q4", "indicator_code": "fed-trade"}, 409, "indicator_not_reported"),
        ({"period": "2026-Q4", "unit_code": "finance-bureau"}, 403, "forbidden"),
        ({"period": "2026-Q4", "value": None}, 422, "incomplete_number"),
        ({"period": "2026-Q4", "value": 1}, 422, "validation_failed"),
        ({"period": "2026-Q4", "value": "1e5"}, 422, "validation_failed"),
        ({"period": "2026-Q4", "explanation": "a\x00"}, 422, "validation_failed"),
    ]:
        answer = await create(reported, **body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    outsider = {
        "indicator_code": "trade",
        "unit_code": "finance-bureau",
        "period": "2026-Q4",
        "value": "1",
    }
    answer = await (await reported.office()).post(PATH, json=outsider, headers=reported.key())
    assert answer.json()["code"] == "unit_not_responsible"


async def test_others_see_and_touch_nothing_of_it(reported: Any) -> None:
    row = await reported.draft("trade", "2027-Q3", value="1")
    other = await reported.as_("unit_reporter", "finance-bureau")
    assert (await other.get(f"{PATH}/{row['id']}")).status_code == 403
    assert (await reported.step(other, row, "submit")).status_code == 403
    assert (await other.get(PATH)).json()["items"] == []
    lead = await reported.as_("group_lead", "group-1")
    assert (await lead.get(f"{PATH}/{row['id']}")).status_code == 200
    stranger = await reported.as_("group_lead", "group-4")
    assert (await stranger.get(f"{PATH}/{row['id']}")).status_code == 403
    reporter = await reported.as_("unit_reporter", "st-bureau")
    row = (await reported.step(reporter, row, "submit")).json()
    assert (await reported.step(reporter, row, "verify")).status_code == 403
    assert (await reported.step(stranger, row, "verify")).status_code == 403
    auditor = await reported.as_("auditor", "programme-office")
    assert (await reported.step(auditor, row, "verify")).status_code == 403
    assert (await auditor.get(f"{PATH}/{row['id']}")).status_code == 200
    assert (await reported.step(lead, row, "verify")).status_code == 200


async def test_the_same_key_has_one_effect_and_two_at_once_make_one_report(reported: Any) -> None:
    reporter = await reported.as_("unit_reporter", "st-bureau")
    body = {"indicator_code": "trade", "unit_code": "st-bureau", "period": "2027-Q4", "value": "1"}
    same = reported.key()
    first, second = [await reporter.post(PATH, json=body, headers=same) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    other = await reporter.post(PATH, json=body | {"value": "2"}, headers=same)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    body["period"] = "2028-Q1"
    answers = await asyncio.gather(
        *[reporter.post(PATH, json=body, headers=reported.key()) for _ in range(6)]
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]


async def test_verified_twice_at_once_counts_once(reported: Any) -> None:
    row = await reported.draft("trade", "2028-Q2", value="7")
    reporter = await reported.as_("unit_reporter", "st-bureau")
    row = (await reported.step(reporter, row, "submit")).json()
    people = [await reported.as_("office", "programme-office", who=f"p{n}") for n in range(4)]
    answers = await asyncio.gather(*[reported.step(each, row, "verify") for each in people])
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    series = await reported.get("indicators/trade/observations", include_superseded=True)
    assert [r["value"] for r in series["items"] if r["period"] == "2028-Q2"] == ["7"]


async def test_a_ratio_needs_its_parts(reported: Any) -> None:
    await reported.indicator(
        "coverage",
        kind="ratio",
        unit="%",
        unit_aggregation="ratio_of_sums",
        time_aggregation="latest",
    )
    bare = await create(reported, indicator_code="coverage", period="2026-Q1", value="50")
    assert bare.json()["code"] == "incomplete_number"
    parts = {"numerator": "1", "denominator": "3", "value": None}
    made = await create(reported, indicator_code="coverage", period="2026-Q1", **parts)
    assert made.json()["value"] == "33.333333"
