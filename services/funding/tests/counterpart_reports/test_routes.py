"""Counterpart spending over HTTP."""

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
