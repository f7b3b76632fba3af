"""Counterpart spending over HTTP."""

import asyncio
from typing import Any

BODY = {"unit_code": "maizier-sugar", "fiscal_year": 2026, "amount": "12000000.00"}


async def test_a_report_is_filed_verified_and_filed_once(house: Any) -> None:
    row = await house.made("enterprise", "/counterpart-reports", {**BODY, "period": "2026-01"})
    assert (row["state"], row["period"], row["reported_by"]) == (
        "reported",
        "2026-01",
        "test-enterprise",
    )
    path = f"/counterpart-reports/{row['id']}"
    done = await house.post("office", f"{path}/verify", etag='"1"')
    assert (done.json()["state"], done.json()["reviewed_by"]) == ("verified", "test-office")
    again = await house.post("enterprise", "/counterpart-reports", {**BODY, "period": "2026-01"})
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")


async def test_a_returned_report_makes_room_for_a_better_one(house: Any) -> None:
    body = {**BODY, "period": "2026-02"}
    row = await house.made("enterprise", "/counterpart-reports", body)
    path = f"/counterpart-reports/{row['id']}/return"
    returned = await house.post("office", path, {"reason": "缺少凭证"}, etag='"1"')
    assert (returned.json()["state"], returned.json()["reason"]) == ("returned", "缺少凭证")
    await house.made("enterprise", "/counterpart-reports", body)


async def test_the_reporter_does_not_verify(house: Any) -> None:
    row = await house.made("office", "/counterpart-reports", {**BODY, "period": "2026-03"})
    path = f"/counterpart-reports/{row['id']}/verify"
    refused = await house.post("office", path, etag='"1"')
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")
    assert (await house.post("office", path, etag='"1"', sub="colleague")).status_code == 200


async def test_units_file_and_see_only_their_own(house: Any) -> None:
    other = {**BODY, "unit_code": "qingan-chemical", "period": "2026-04"}
    assert (await house.post("enterprise", "/counterpart-reports", other)).status_code == 403
    row = await house.made("office", "/counterpart-reports", other)
    path = f"/counterpart-reports/{row['id']}"
    assert (await house.get("enterprise", path)).status_code == 403
    assert (await house.get("enterprise", path, unit="qingan-chemical")).status_code == 200
    listed = (await house.get("enterprise", "/counterpart-reports?limit=200")).json()["items"]
    assert {item["unit_code"] for item in listed} <= {"maizier-sugar"}
    below = await house.made("park_admin", "/counterpart-reports", {**BODY, "period": "2026-05"})
    for role in ("enterprise", "park_admin", "finance_checker", "auditor"):
        refused = await house.post(role, f"/counterpart-reports/{below['id']}/verify", etag='"1"')
        assert refused.status_code == 403, role


async def test_the_period_lies_in_the_year(house: Any) -> None:
    refused = await house.post("enterprise", "/counterpart-reports", {**BODY, "period": "2027-01"})
    assert (refused.status_code, refused.json()["code"]) == (422, "period_outside_year")


async def test_what_proves_wrong_is_returned_counts_no_more_and_is_corrected(house: Any) -> None:
    body = {**BODY, "fiscal_year": 2044, "period": "2044-01"}
    await house.year(2044)
    row = await house.made("enterprise", "/counterpart-reports", body)
    path = f"/counterpart-reports/{row['id']}"
    await house.post("office", f"{path}/verify", etag='"1"')
    await house.bus.since_now()
    back = await house.post("office", f"{path}/return", {"reason": "重复"}, etag='"2"')
    assert (back.status_code, back.json()["state"]) == (200, "returned"), back.text
    (told,) = await house.bus.events("counterpart_report.returned")
    assert (told.data["report_id"], told.data["reason"]) == (row["id"], "重复")
    found = (await house.get("auditor", "/leverage?level=year&fiscal_year=2044")).json()["items"]
    assert [each["enterprise"] for each in found] == ["0.00"]
    other = await house.post(
        "enterprise", "/counterpart-reports", {**body, "period": "2044-02", "corrects": row["id"]}
    )
    assert (other.status_code, other.json()["code"]) == (422, "unknown_reference")
    better = await house.made(
        "enterprise", "/counterpart-reports", {**body, "amount": "7.00", "corrects": row["id"]}
    )
    assert better["corrects"] == row["id"]
    again = await house.post("enterprise", f"{path}/verify", etag='"3"')
    assert again.status_code in (403, 409)
    unknown = {**body, "period": "2044-03", "corrects": better["id"]}
    refused = await house.post("enterprise", "/counterpart-reports", unknown)
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_reference")


async def test_a_report_of_a_project_names_an_award_of_its_unit(house: Any) -> None:
    award = await house.award("100.00", payee="maizier-sugar")
    foreign = await house.award("100.00", payee="qingan-chemical")
    body = {**BODY, "period": "2026-11"}
    row = await house.made("enterprise", "/counterpart-reports", {**body, "award_id": award["id"]})
    assert (row["award_id"], row["fund_code"]) == (award["id"], "transfer-fund")
    beside = await house.made("enterprise", "/counterpart-reports", body)
    assert beside["award_id"] is None
    twice = await house.post(
        "enterprise", "/counterpart-reports", {**body, "award_id": award["id"]}
    )
    assert (twice.status_code, twice.json()["code"]) == (409, "already_exists")
    for wrong in (foreign["id"], row["id"]):
        refused = await house.post(
            "enterprise", "/counterpart-reports", {**body, "award_id": wrong}
        )
        assert (refused.status_code, refused.json()["code"]) == (422, "unknown_reference")
    query = f"/counterpart-reports?award_id={award['id']}"
    assert (await house.get("office", query)).json()["items"] == [row]
    query = "/counterpart-reports?has_award=false&limit=200"
    listed = (await house.get("office", query)).json()["items"]
    assert beside["id"] in [each["id"] for each in listed]
    assert row["id"] not in [each["id"] for each in listed]


async def test_no_day_is_reported_twice_whole_or_in_parts(house: Any) -> None:
    await house.year(2048)
    body = {**BODY, "fiscal_year": 2048, "amount": "5.00"}
    path = "/counterpart-reports"
    march = await house.made("enterprise", path, {**body, "period": "2048-03"})
    for period in ("2048", "2048-Q1", "2048-03-H2"):
        refused = await house.post("enterprise", path, {**body, "period": period})
        assert (refused.status_code, refused.json()["code"]) == (409, "period_reported"), period
        assert period in refused.json()["detail"]
    whole = await house.post("enterprise", path, body)
    assert whole.json()["code"] == "period_reported", "a year without a period is the year"
    await house.made("enterprise", path, {**body, "period": "2048-Q2"})
    other = {**body, "unit_code": "qingan-chemical"}
    answer = await house.post("enterprise", path, other, unit="qingan-chemical")
    assert answer.status_code == 201, answer.text
    back = await house.post("office", f"{path}/{march['id']}/return", {"reason": "r"}, etag='"1"')
    assert back.status_code == 200
    await house.made("enterprise", path, {**body, "period": "2048-Q1"})


async def test_of_a_year_and_its_months_filed_at_once_one_counts(house: Any) -> None:
    await house.year(2049)
    body = {**BODY, "fiscal_year": 2049, "amount": "5.00"}
    periods = ["2049", *(f"2049-{month:02}" for month in range(1, 13))]
    path = "/counterpart-reports"
    answers = await asyncio.gather(
        *(house.post("enterprise", path, {**body, "period": each}) for each in periods)
    )
    filed = [period for period, each in zip(periods, answers, strict=True) if each.is_success]
    assert filed == ["2049"] or "2049" not in filed
    refused = {each.json()["code"] for each in answers if not each.is_success}
    assert refused <= {"period_reported", "busy"}
    (year,) = (await house.get("auditor", "/leverage?level=year&fiscal_year=2049")).json()["items"]
    assert year["enterprise_unverified"] == f"{5 * len(filed)}.00"
