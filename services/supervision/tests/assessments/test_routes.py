"""An assessment through the API: scheme, preview, publication, appeal, ranking."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest_asyncio
from servicekit.clock import china_date
from servicekit.testing import units
from servicekit.testing.databases import ServiceDatabase

TODAY = china_date()
SCHEME: dict[str, Any] = {
    "programme": "innovation-programme",
    "name_zh": "年度考核办法",
    "name_en": "Yearly",
    "criteria": [
        {
            "code": "achievement",
            "name_zh": "目标完成",
            "name_en": "Achievement",
            "measure": "share",
            "full_marks": "100",
            "weight": "60",
        },
        {
            "code": "timeliness",
            "name_zh": "报送及时",
            "name_en": "Timeliness",
            "measure": "deduction",
            "full_marks": "100",
            "weight": "20",
            "deductions": [{"record": "report_overdue", "points": "10"}],
        },
        {
            "code": "rectification",
            "name_zh": "整改",
            "name_en": "Rectification",
            "measure": "deduction",
            "full_marks": "100",
            "weight": "20",
            "deductions": [
                {"record": "item_overdue", "points": "5"},
                {"record": "item_returned", "points": "2.5"},
            ],
        },
    ],
}
UNITS = ["gangqu-admin", "st-bureau", "xuedian-town"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def behind(database: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.superuser_url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def leader(as_role: Any) -> Any:
    return await as_role("leader", "headquarters", sub="the-leader")


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def a_year(office: Any, pool: Any, behind: asyncpg.Connection) -> None:
    """A red and a green indicator of one unit, an overdue report of another, a late item."""
    led = {unit: ("bureau", [] if unit == "st-bureau" else ["group-4"]) for unit in UNITS}
    await units.tell(pool, {"group-4": ("working_group", []), **led})
    for code, status in (("sales", "green"), ("value", "red")):
        await behind.execute(
            "INSERT INTO indicator_standing (indicator_code, name, unit, lead_unit, status)"
            " VALUES ($1, $1, '亿元', 'gangqu-admin', $2)",
            code,
            status,
        )
    await behind.execute(
        "INSERT INTO report_lapse (id, kind, unit_code, indicator_code, period, happened_on)"
        " VALUES (gen_random_uuid(), 'overdue', 'st-bureau', 'sales', '2026-09', $1)",
        TODAY,
    )
    item = {"title": "补报", "description": "d", "responsible_unit": "gangqu-admin"}
    late = (await office.post("/supervision-items", item)).json()
    await behind.execute(
        "UPDATE supervision_item SET overdue_at = now() WHERE id = $1", uuid.UUID(late["id"])
    )
    assert (await office.put("/assessment-schemes/yearly", SCHEME)).status_code == 201


def body(**fields: Any) -> dict[str, Any]:
    return {
        "title": "年度考核",
        "scheme_code": "yearly",
        "period_start": (TODAY - timedelta(days=300)).isoformat(),
        "period_end": TODAY.isoformat(),
        "units": UNITS,
        **fields,
    }


async def drawn_up(office: Any, **fields: Any) -> dict[str, Any]:
    answer = await office.post("/assessments", body(**fields))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def step(caller: Any, row: dict[str, Any], action: str, given: Any = None) -> Any:
    return await caller.act(f"/assessments/{row['id']}", action, given)


async def published(office: Any, leader: Any) -> dict[str, Any]:
    row = await drawn_up(office)
    assert (await step(office, row, "compute")).status_code == 200
    answer = await step(leader, row, "publish")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def scores(caller: Any, row: dict[str, Any], **filters: Any) -> dict[str, dict[str, Any]]:
    listed = await caller.get("/assessment-scores", assessment_id=row["id"], **filters)
    return {each["unit_code"]: each for each in listed.json()["items"]}


async def test_every_point_names_the_record_that_gave_or_took_it(office: Any) -> None:
    row = await drawn_up(office)
    assert (await step(office, row, "compute")).json()["state"] == "previewed"
    found = await scores(office, row)
    gangqu = found["gangqu-admin"]
    # 60 % × 50 + 20 % × 100 + 20 % × 95
    assert (gangqu["total"], gangqu["place"]) == ("69", 3)
    lines = {
        (line["kind"], line["ref"]): line["points"]
        for marks in gangqu["criteria"]
        for line in marks["lines"]
    }
    assert lines["indicator", "sales"] == "50"
    assert lines["indicator", "value"] == "0"
    assert [points for (kind, _), points in lines.items() if kind == "item_overdue"] == ["-5"]
    # Neither leads an indicator: the other two criteria are the whole.
    assert [(found[unit]["total"], found[unit]["place"]) for unit in UNITS[1:]] == [
        ("95", 2),
        ("100", 1),
    ]
    group = found["group-4"]
    assert (group["kind"], group["total"], group["place"]) == ("group", "84.5", 1)
    assert [line["ref"] for line in group["criteria"][0]["lines"]] == [
        "gangqu-admin",
        "xuedian-town",
    ]


async def test_computing_again_from_the_kept_records_gives_the_same(
    office: Any, behind: asyncpg.Connection
) -> None:
    row = await drawn_up(office)
    await step(office, row, "compute")
    before = await scores(office, row)
    await behind.execute(
        "UPDATE indicator_standing SET status = 'green' WHERE indicator_code = 'value'"
    )
    await step(office, row, "compute", {"refresh": False})
    assert await scores(office, row) == before
    checked = (await office.get(f"/assessments/{row['id']}/verification")).json()
    assert checked == {"same": True, "scores": 4, "different": []}
    await step(office, row, "compute")
    assert (await scores(office, row))["gangqu-admin"]["total"] == "99"
    await behind.execute(
        "UPDATE indicator_standing SET status = 'red' WHERE indicator_code = 'value'"
    )


async def test_a_score_that_was_tampered_with_is_found(
    office: Any, behind: asyncpg.Connection
) -> None:
    row = await drawn_up(office)
    await step(office, row, "compute")
    await behind.execute(
        "UPDATE assessment_score SET total = 100 WHERE assessment_id = $1 AND unit_code = $2",
        uuid.UUID(row["id"]),
        "gangqu-admin",
    )
    checked = (await office.get(f"/assessments/{row['id']}/verification")).json()
    assert (checked["same"], checked["different"]) == (False, ["gangqu-admin"])


async def test_a_unit_sees_its_score_once_it_is_published(
    office: Any, leader: Any, unit: Any
) -> None:
    row = await drawn_up(office)
    await step(office, row, "compute")
    preview = (await scores(office, row))["gangqu-admin"]
    assert await scores(unit, row) == {}
    assert (await unit.get(f"/assessment-scores/{preview['id']}")).status_code == 404
    own = await step(office, row, "publish")
    assert (own.status_code, own.json()["code"]) == (409, "publisher_is_maker")
    assert (await step(leader, row, "publish")).status_code == 200
    assert list(await scores(unit, row)) == ["gangqu-admin"]
    again = await step(office, row, "compute")
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")


def appeal_of(row: dict[str, Any], **fields: Any) -> dict[str, Any]:
    given = {"assessment_id": row["id"], "unit_code": "gangqu-admin"}
    return given | {"criterion_code": "rectification", "reason": "已获批延期"} | fields


async def ruled(caller: Any, appeal: dict[str, Any], **given: Any) -> Any:
    path = f"/assessment-appeals/{appeal['id']}"
    return await caller.act(path, "rule", {"ruling": "裁定", **given})


async def test_an_upheld_appeal_is_a_line_of_the_score_and_moves_the_places(
    office: Any, leader: Any, unit: Any
) -> None:
    row = await published(office, leader)
    made = await unit.post("/assessment-appeals", appeal_of(row))
    assert made.status_code == 201, made.text
    twice = await unit.post("/assessment-appeals", appeal_of(row))
    assert (twice.status_code, twice.json()["code"]) == (409, "appeal_pending")
    done = await ruled(office, made.json(), upheld=True, points="100")
    assert (done.status_code, done.json()["state"]) == (200, "upheld")
    score = (await scores(unit, row))["gangqu-admin"]
    (marks,) = [each for each in score["criteria"] if each["code"] == "rectification"]
    assert marks["score"] == "100"
    kinds = [(line["kind"], line["points"]) for line in marks["lines"]]
    assert kinds[-2:] == [("ruling", "100"), ("limit", "-95")]
    assert score["total"] == "70"
    checked = (await office.get(f"/assessments/{row['id']}/verification")).json()
    assert checked["same"] is True
    again = await ruled(office, made.json(), upheld=False)
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")


async def test_a_rejected_appeal_changes_no_score(office: Any, leader: Any, unit: Any) -> None:
    row = await published(office, leader)
    before = await scores(unit, row)
    made = (await unit.post("/assessment-appeals", appeal_of(row))).json()
    assert (await ruled(office, made, upheld=True)).status_code == 422
    assert (await ruled(office, made, upheld=False)).json()["state"] == "rejected"
    assert await scores(unit, row) == before


async def test_wrong_appeals_are_refused(
    office: Any, leader: Any, unit: Any, behind: asyncpg.Connection
) -> None:
    preview = await drawn_up(office)
    await step(office, preview, "compute")
    early = await unit.post("/assessment-appeals", appeal_of(preview))
    assert (early.status_code, early.json()["code"]) == (409, "appeal_too_late")
    row = await published(office, leader)
    for fields in ({"criterion_code": "beauty"}, {"assessment_id": str(uuid.uuid4())}):
        answer = await unit.post("/assessment-appeals", appeal_of(row, **fields))
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")
    other = await unit.post("/assessment-appeals", appeal_of(row, unit_code="st-bureau"))
    assert other.status_code == 403
    own = (await office.post("/assessment-appeals", appeal_of(row))).json()
    refused = await ruled(office, own, upheld=False)
    assert (refused.status_code, refused.json()["code"]) == (403, "appellant_rules")
    await behind.execute(
        "UPDATE assessment SET appeal_until = $1 WHERE id = $2",
        TODAY - timedelta(days=1),
        uuid.UUID(row["id"]),
    )
    late = await unit.post("/assessment-appeals", appeal_of(row, criterion_code="timeliness"))
    assert (late.status_code, late.json()["code"]) == (409, "appeal_too_late")


async def test_a_scheme_is_revised_and_assessments_keep_theirs(office: Any) -> None:
    first = await drawn_up(office)
    changed = {**SCHEME, "appeal_workdays": 5}
    path = "/assessment-schemes/yearly"
    version = (await office.get(path)).json()["version"]
    assert (await office.put(path, changed, f'"{version}"')).json()["version"] == version + 1
    assert (await office.put(path, changed)).json()["version"] == version + 1
    assert (await office.put(path, SCHEME, f'"{version}"')).status_code == 412
    assert (await drawn_up(office))["scheme_version"] == first["scheme_version"] + 1
    old = await office.get(path, revision=version)
    assert old.json()["appeal_workdays"] == 10
    every = await office.get("/assessment-schemes", revisions=True)
    newest = await office.get("/assessment-schemes")
    assert (len(every.json()["items"]), len(newest.json()["items"])) == (2, 1)


async def test_wrong_schemes_and_assessments_are_refused(office: Any, unit: Any) -> None:
    one, two, three = SCHEME["criteria"]
    for criteria in (
        [{**one, "weight": "59"}, two, three],
        [{**one, "code": "timeliness"}, two, three],
        [{**one, "full_marks": "0"}, two, three],
        [],
    ):
        answer = await office.put("/assessment-schemes/w", {**SCHEME, "criteria": criteria})
        assert answer.status_code == 422
    assert (await unit.put("/assessment-schemes/yearly", SCHEME)).status_code == 403
    for fields, code in (
        ({"scheme_code": "none"}, "unknown_reference"),
        ({"units": ["nobody"]}, "unknown_reference"),
        ({"period_start": TODAY.isoformat(), "period_end": "2020-01-01"}, "period_reversed"),
    ):
        answer = await office.post("/assessments", body(**fields))
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    whole = await drawn_up(office, units=[])
    assert whole["units"] == ["gangqu-admin"]


async def test_an_assessment_is_published_once_though_two_ask_for_it(
    office: Any, leader: Any
) -> None:
    row = await drawn_up(office)
    row = (await step(office, row, "compute")).json()
    path, etag = f"/assessments/{row['id']}/publish", f'"{row["version"]}"'
    answers = await asyncio.gather(*(leader.post(path, None, etag) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
