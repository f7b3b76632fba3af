"""Two records of one enterprise become one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from servicekit.clock import china_date
from servicekit.db import Database
from servicekit.testing.bus import RecordingBus
from sqlalchemy import text

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
YEAR = china_date().year


def recognised(row: dict[str, Any], number: str, **fields: Any) -> dict[str, Any]:
    return {
        "enterprise_id": row["id"], "kind": "high_tech", "number": number,
        "authority": "省科技厅", "valid_from": f"{YEAR}-01-01", "valid_to": f"{YEAR}-12-31",
        **fields,
    }  # fmt: skip


async def merge(
    client: Caller, gone: dict[str, Any], into: dict[str, Any], version: int | None = None
) -> Any:
    row = (await client.get(f"/enterprises/{gone['id']}")).json()
    body = {"into_id": into["id"], "reason": "三证合一换发代码。"}
    path = f"/enterprises/{gone['id']}/merge"
    return await client.post(path, body, version or row.get("version", 1))


async def test_what_was_its_is_the_other_s_and_its_id_is_answered_by_the_other(
    office: Caller, register: Make, draw_up: Make, bus: RecordingBus
) -> None:
    gone = await register(name="并入前公司", aliases=["旧名"])
    into = await register(name="并入后公司")
    granted = (await office.post("/recognitions", recognised(gone, "GR-m1"))).json()
    drawn = await draw_up(gone["id"], "2025-01")
    await bus.since_now()
    merged = await merge(office, gone, into)
    assert merged.status_code == 200, merged.text
    after = merged.json()
    assert (after["active"], after["merged_into"]) == (False, into["id"])
    answered = await office.get(f"/enterprises/{gone['id']}")
    kept = answered.json()
    assert answered.headers["content-location"] == f"/api/v1/enterprises/{into['id']}"
    assert (kept["id"], kept["enterprise_class"]) == (into["id"], "high_tech")
    assert kept["aliases"] == ["并入前公司", "旧名"]
    for path in (f"/recognitions/{granted['id']}", f"/operating-returns/{drawn['id']}"):
        assert (await office.get(path)).json()["enterprise_id"] == into["id"]
    types = [kind.split(".", 2)[2] for kind in await bus.types()]
    assert types[:3] == ["enterprise.changed.v1", "enterprise.changed.v1", "enterprise.merged.v1"]
    [told] = await bus.events("enterprise.merged")
    assert (told.data["enterprise_id"], told.data["into_id"]) == (gone["id"], into["id"])


async def test_its_code_still_names_the_other_and_its_row_is_left_alone(
    office: Caller, enterprise: Caller, register: Make, measures: Any
) -> None:
    gone, into = await register(), await register()
    assert (await merge(office, gone, into)).status_code == 200
    body = {"uscc": gone["uscc"], "period": "2025-02", "measures": measures}
    drawn = await enterprise.post("/operating-returns", body)
    assert (drawn.status_code, drawn.json()["enterprise_id"]) == (201, into["id"]), drawn.text
    for one in (gone, into):
        assert [row["id"] for row in await of(office, one)] == [drawn.json()["id"]]
    for answer in (
        await office.patch(f"/enterprises/{gone['id']}", {"above_scale": True}),
        await merge(office, gone, into, 2),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "enterprise_merged")
        assert into["id"] in answer.json()["detail"]


async def test_a_duplicate_of_a_duplicate_stands_for_the_last(
    office: Caller, register: Make
) -> None:
    first, second, third = [await register() for _ in range(3)]
    assert (await merge(office, first, second)).status_code == 200
    assert (await merge(office, second, third)).status_code == 200
    assert (await office.get(f"/enterprises/{first['id']}")).json()["id"] == third["id"]
    back = await merge(office, third, first)
    assert (back.status_code, back.json()["code"]) == (422, "unknown_reference")


async def test_a_month_that_was_counted_twice_is_not_merged_away(
    office: Caller, register: Make, file_return: Make
) -> None:
    gone, into = await register(), await register()
    for row in (gone, into):
        filed = await file_return(row["id"], "2025-03")
        assert (await office.step(filed, "accept")).status_code == 200
    refused = await merge(office, gone, into)
    assert (refused.status_code, refused.json()["code"]) == (409, "both_counted")
    assert "2025-03" in refused.json()["detail"]
    assert (await office.get(f"/enterprises/{gone['id']}")).json()["id"] == gone["id"]


async def sales(office: Caller, period: str) -> str | None:
    query = {"metric": "sales_revenue.park.gangqu", "period": period}
    items = (await office.get("/park-metrics", **query)).json()["items"]
    return items[0]["value"] if items else None


async def test_a_month_that_both_had_is_counted_once_however_it_went_on(
    office: Caller, enterprise: Caller, park_admin: Caller, register: Make, draw_up: Make,
    file_return: Make,
) -> None:  # fmt: skip
    gone, into = await register(), await register()
    left = await file_return(gone["id"], "2022-03", sales_revenue="7000")
    drawn = await draw_up(gone["id"], "2022-02")
    for period in ("2022-02", "2022-03"):
        await draw_up(into["id"], period)
    assert (await merge(office, gone, into)).status_code == 200
    for answer in (
        await office.step(left, "accept"),
        await park_admin.step(left, "return", {"reason": "重复"}),
        await enterprise.step(drawn, "submit"),
        await enterprise.patch(f"/operating-returns/{drawn['id']}", {}, drawn["version"]),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "enterprise_merged")
        assert into["id"] in answer.json()["detail"]
    assert await sales(office, "2022-03") is None
    [kept] = [row for row in await of(office, into) if row["period"] == "2022-03"]
    handed_in = (await enterprise.step(kept, "submit")).json()
    assert (await office.step(handed_in, "accept")).status_code == 200
    assert await sales(office, "2022-03") == "1000"


async def of(office: Caller, row: dict[str, Any]) -> list[dict[str, Any]]:
    return (await office.get("/operating-returns", enterprise_id=row["id"])).json()["items"]


async def test_a_return_that_is_accepted_meanwhile_is_waited_for(
    office: Caller, register: Make, draw_up: Make, file_return: Make, kept: Database
) -> None:
    gone, into = await register(), await register()
    filed = await file_return(gone["id"], "2020-03")
    await draw_up(into["id"], "2020-03")
    async with kept.session() as session:
        accepts = """UPDATE operating_return SET state = 'accepted', decided_by = 'office',
 decided_at = now(), park_code = 'gangqu', enterprise_class = 'ordinary' WHERE id = :id"""
        await session.execute(text(accepts), {"id": filed["id"]})
        merging = asyncio.create_task(merge(office, gone, into))
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not await session.scalar(waiting):
            assert not merging.done(), merging.result().text
            await asyncio.sleep(0.02)
    refused = await merging
    assert (refused.status_code, refused.json()["code"]) == (409, "both_counted"), refused.text


async def test_what_is_recorded_of_it_meanwhile_is_the_other_s(
    office: Caller, register: Make, kept: Database
) -> None:
    gone, into = await register(), await register()
    async with kept.session() as session:
        merges = "UPDATE enterprise SET active = false, merged_into = :into WHERE id = :gone"
        await session.execute(text(merges), {"into": into["id"], "gone": gone["id"]})
        granting = asyncio.create_task(
            office.post("/recognitions", recognised(gone, f"GR-{gone['uscc']}"))
        )
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not await session.scalar(waiting):
            assert not granting.done(), granting.result().text
            await asyncio.sleep(0.02)
    granted = await granting
    assert (granted.status_code, granted.json()["enterprise_id"]) == (201, into["id"]), granted.text
    row = (await office.get(f"/enterprises/{into['id']}")).json()
    assert row["enterprise_class"] == "high_tech"


async def test_a_quarter_of_the_one_holds_the_months_of_the_other(
    office: Caller, register: Make, file_return: Make
) -> None:
    form = {"code": "q-merge", "frequency": "quarter", "applies_from": "2023-Q1"}
    form |= {"name_zh": "季报", "name_en": "Quarterly"}
    assert (await office.post("/return-forms", form)).status_code == 201
    gone, into = await register(), await register()
    for row, period, sales in ((gone, "2023-02", "10"), (into, "2023-Q1", "100")):
        filed = await file_return(row["id"], period, sales_revenue=sales)
        assert (await office.step(filed, "accept")).status_code == 200

    async def total() -> str:
        query = {"metric": "sales_revenue.six_parks", "period": "2023-03"}
        return (await office.get("/park-metrics", **query)).json()["items"][0]["value"]

    assert await total() == "110"
    assert (await merge(office, gone, into)).status_code == 200
    assert await total() == "100"


async def test_a_recognition_both_hold_is_counted_once_and_kept_with_the_duplicate(
    office: Caller, register: Make
) -> None:
    async def count() -> int:
        query = {"metric": "count.high_tech", "period": f"{china_date():%Y-%m}"}
        return int((await office.get("/park-metrics", **query)).json()["items"][0]["value"])

    gone, into = await register(), await register()
    numbers = [(await office.post("/recognitions", recognised(row, f"GR-{row['uscc']}"))).json()
               for row in (gone, into)]  # fmt: skip
    before = await count()
    assert (await merge(office, gone, into)).status_code == 200
    assert await count() == before - 1
    kept = (await office.get(f"/recognitions/{numbers[0]['id']}")).json()
    assert kept["enterprise_id"] == gone["id"]


async def test_a_merge_is_of_two_by_the_office_on_the_version_it_has_seen(
    office: Caller, park_admin: Caller, register: Make
) -> None:
    gone, into = await register(), await register()
    assert (await merge(park_admin, gone, into)).status_code == 403
    itself = await merge(office, gone, gone)
    assert (itself.status_code, itself.json()["code"]) == (422, "merged_into_itself")
    assert (await merge(office, gone, into, 7)).status_code == 412
    nobody = {"id": "0197a3d4-7c1e-7000-8000-00000000ffff"}
    assert (await merge(office, gone, nobody)).json()["code"] == "unknown_reference"
    both_ways = await asyncio.gather(merge(office, gone, into), merge(office, into, gone))
    assert sorted(answer.status_code for answer in both_ways)[0] == 200
    assert sorted(answer.status_code for answer in both_ways)[1] in (409, 412, 422)


async def test_what_it_made_goes_over_and_no_achievement_stands_there_twice(
    office: Caller, register: Make
) -> None:
    gone, into = await register(), await register()
    day, of_it = f"{YEAR}-01-01", {"enterprise_id": gone["id"]}
    contract = {
        "number": "M-1", "kind": "service", "title": "服务", "buyer_name": "乙", "amount": "5",
        "signed_on": day, "registered_on": day, "authority": "登记处", **of_it,
    }  # fmt: skip
    project = {
        "number": "M-2", "title": "项目", "starts_on": day, "ends_on": day,
        "planned_investment": "1", "planned_new_sales": "1", "planned_profit_and_tax": "1",
        **of_it,
    }  # fmt: skip
    achievement = {"kind": "other", "source_name": "大学", "amount": "2", "transferred_on": day}
    paths: list[str] = []
    for path, body in (
        ("/technology-contracts", contract),
        ("/rd-projects", project),
        ("/achievements", {"title": "成果", **achievement, **of_it}),
        ("/achievements", {"title": "两家都有的成果", **achievement, **of_it}),
    ):
        made = await office.post(path, body)
        assert made.status_code == 201, made.text
        paths.append(made.headers["location"][7:])
    twin = {"title": "两家都有的成果", **achievement, "enterprise_id": into["id"]}
    assert (await office.post("/achievements", twin)).status_code == 201
    assert (await merge(office, gone, into)).status_code == 200
    whose = [(await office.get(path)).json()["enterprise_id"] for path in paths]
    assert whose == [into["id"], into["id"], into["id"], gone["id"]]
    for one in (gone, into):
        listed = await office.get("/rd-projects", enterprise_id=one["id"])
        assert [row["number"] for row in listed.json()["items"]] == ["M-2"]


async def test_a_platform_that_is_given_to_it_is_the_other_s(
    office: Caller, register: Make
) -> None:
    gone, into = await register(), await register()
    body = {"kind": "incubator", "name": "并入孵化器", "established_on": f"{YEAR}-01-01"}
    made = (await office.post("/platforms", body)).json()
    assert (await merge(office, gone, into)).status_code == 200
    given = await office.patch(f"/platforms/{made['id']}", {"enterprise_id": gone["id"]}, 1)
    assert (given.status_code, given.json()["enterprise_id"]) == (200, into["id"]), given.text
    for one in (gone, into):
        listed = await office.get("/platforms", enterprise_id=one["id"])
        assert [row["id"] for row in listed.json()["items"]] == [made["id"]]
