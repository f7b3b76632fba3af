"""R&D projects and their yearly results over HTTP, and the numbers of the plan they move."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from parks.rd_projects.service import recount_due
from servicekit.clock import china_date
from servicekit.db import Database
from servicekit.testing.bus import RecordingBus

Caller = Any
Row = dict[str, Any]
Make = Callable[..., Awaitable[Row]]
TODAY = china_date()
FIGURES = {"investment": "8000", "new_sales": "9000.5", "profit_and_tax": "1000"}
METRICS = ("count.rd_project", *(f"rd_project.{name}" for name in FIGURES))
_numbers = itertools.count(1)


def a_project(**fields: Any) -> Row:
    return {
        "number": f"XZKJ-{next(_numbers)}",
        "title": "低温榨糖关键技术产业化",
        "participants": ["河南农业大学"],
        "programme": "innovation-programme",
        "starts_on": f"{TODAY.year - 1}-03-01",
        "ends_on": f"{TODAY.year + 1}-12-31",
        "planned_investment": "12000",
        "planned_new_sales": "18000",
        "planned_profit_and_tax": "2600",
        **fields,
    }


async def numbers(client: Caller, period: str = f"{TODAY:%Y-%m}") -> list[Decimal]:
    query = {"metric": list(METRICS), "period": period}
    found = (await client.get("/park-metrics", **query)).json()["items"]
    known = {each["metric"]: Decimal(each["value"]) for each in found}
    return [known.get(metric, Decimal(0)) for metric in METRICS]


async def step(client: Caller, path: str, row: Row, name: str, body: Any = None) -> Any:
    return await client.post(f"{path}/{row['id']}/{name}", body, row["version"])


@pytest.fixture(scope="module")
def project(office: Caller, register: Make) -> Make:
    """`await project(started_on=…)`: of a new enterprise."""

    async def make(**fields: Any) -> Row:
        body = a_project(enterprise_id=(await register())["id"], **fields)
        answer = await office.post("/rd-projects", body)
        assert answer.status_code == 201, answer.text
        assert (await office.get(answer.headers["location"][7:])).json() == answer.json()
        return answer.json()

    return make


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def verifier(caller: Callable[..., Awaitable[Caller]]) -> Caller:
    return await caller("park_admin", "gangqu-admin", sub="verifier")


async def reported(client: Caller, project: Row, year: int = TODAY.year, **fields: Any) -> Row:
    path = f"/rd-projects/{project['id']}/results"
    answer = await client.post(path, {"year": year, **FIGURES, **fields})
    assert answer.status_code == 201, answer.text
    assert (await client.get(answer.headers["location"][7:])).json() == answer.json()
    return answer.json()


async def test_a_project_counts_from_the_day_it_begins(
    office: Caller, project: Make, bus: RecordingBus
) -> None:
    before = await numbers(office)
    row = await project()
    assert (row["state"], row["gap_investment"], row["unit"]) == ("planned", "12000", "万元")
    assert await numbers(office) == before
    early = await step(office, "/rd-projects", row, "start", {"started_on": "2999-01-01"})
    assert (early.status_code, early.json()["code"]) == (422, "future_date")
    begins = await step(office, "/rd-projects", row, "start", {"started_on": f"{TODAY}"})
    assert (begins.status_code, begins.json()["state"]) == (200, "running"), begins.text
    assert await numbers(office) == [before[0] + 1, *before[1:]]
    ended = {"ended_on": f"{TODAY}", "reason": "企业停产。"}
    over = await step(office, "/rd-projects", begins.json(), "terminate", ended)
    assert (over.status_code, over.json()["state"]) == (200, "terminated"), over.text
    assert await numbers(office) == before
    states = [each.data["state"] for each in await bus.events("rd_project.changed")]
    assert states == ["planned", "running", "terminated"]
    late = await office.patch(f"/rd-projects/{row['id']}", {"title": "新"})
    assert (late.status_code, late.json()["code"]) == (409, "invalid_transition")


async def test_verified_figures_fill_the_plan_and_a_restatement_moves_them_back(
    office: Caller, enterprise: Caller, verifier: Caller, project: Make, bus: RecordingBus
) -> None:
    row = await project(started_on=f"{TODAY.year - 1}-03-10")
    path = f"/rd-projects/{row['id']}"
    before = await numbers(office)
    result = await reported(enterprise, row)
    assert await numbers(office) == before
    assert (await enterprise.post(f"{path}/results/{result['id']}/verify", None, 1)).status_code \
        == 403  # fmt: skip
    await bus.since_now()
    done = await step(verifier, f"{path}/results", result, "verify")
    assert (done.status_code, done.json()["state"]) == (200, "verified"), done.text
    assert done.json()["counts_from"] == f"{TODAY}"
    moved = [Decimal(each) for each in FIGURES.values()]
    assert await numbers(office) == [
        before[0],
        *(b + m for b, m in zip(before[1:], moved, strict=True)),
    ]
    seen = (await enterprise.get(path)).json()
    assert (seen["actual_investment"], seen["gap_investment"]) == ("8000", "4000")
    assert (seen["gap_new_sales"], seen["gap_profit_and_tax"]) == ("8999.5", "1600")
    [told] = await bus.events("rd_project.reported")
    assert (told.data["state"], told.data["actual_new_sales"]) == ("verified", "9000.500000")
    back = await step(
        verifier, f"{path}/results", done.json(), "return", {"reason": "与台账不符。"}
    )
    assert (back.status_code, back.json()["state"]) == (200, "returned"), back.text
    assert await numbers(office) == before
    assert (await enterprise.get(path)).json()["gap_investment"] == "12000"
    mended = await enterprise.patch(
        f"{path}/results/{result['id']}", {"investment": "13000"}, back.json()["version"]
    )
    again = await step(enterprise, f"{path}/results", mended.json(), "submit")
    final = await step(verifier, f"{path}/results", again.json(), "verify")
    assert (final.status_code, final.json()["return_reason"]) == (200, None), final.text
    assert (await numbers(office))[1] == before[1] + 13000
    assert (await enterprise.get(path)).json()["gap_investment"] == "0"


async def test_a_year_that_is_over_counts_from_its_last_day_on(
    office: Caller, enterprise: Caller, verifier: Caller, project: Make
) -> None:
    row = await project(started_on=f"{TODAY.year - 1}-03-10")
    december = f"{TODAY.year - 1}-12"
    before = [(await numbers(office, period))[1] for period in (f"{TODAY.year - 1}-11", december)]
    result = await reported(enterprise, row, TODAY.year - 1)
    done = await step(verifier, f"/rd-projects/{row['id']}/results", result, "verify")
    assert done.json()["counts_from"] == f"{TODAY.year - 1}-12-31", done.text
    after = [(await numbers(office, period))[1] for period in (f"{TODAY.year - 1}-11", december)]
    assert after == [before[0], before[1] + 8000]


async def test_whoever_reported_does_not_decide_and_no_year_comes_twice(
    office: Caller, project: Make
) -> None:
    row = await project(started_on=f"{TODAY}")
    path = f"/rd-projects/{row['id']}/results"
    result = await reported(office, row)
    for name, body in (("verify", None), ("return", {"reason": "r"})):
        own = await step(office, path, result, name, body)
        assert (own.status_code, own.json()["code"]) == (403, "separation_of_duties")
    twice = await office.post(path, {"year": TODAY.year, **FIGURES})
    assert (twice.status_code, twice.json()["code"]) == (409, "rd_project_result_exists")
    for year in (TODAY.year - 1, TODAY.year + 1):
        outside = await office.post(path, {"year": year, **FIGURES})
        assert (outside.status_code, outside.json()["code"]) == (422, "year_outside_project")
    ended = {"ended_on": f"{TODAY}", "reason": "完成。"}
    waits = await step(office, "/rd-projects", row, "complete", ended)
    assert (waits.status_code, waits.json()["code"]) == (409, "results_pending"), waits.text


async def test_a_completed_project_still_sells(
    office: Caller, enterprise: Caller, verifier: Caller, project: Make
) -> None:
    row = await project(started_on=f"{TODAY}")
    ended = {"ended_on": f"{TODAY}", "reason": "全部任务完成，通过验收。"}
    done = await step(office, "/rd-projects", row, "complete", ended)
    assert (done.status_code, done.json()["state"]) == (200, "completed"), done.text
    result = await reported(enterprise, row)
    verified = await step(verifier, f"/rd-projects/{row['id']}/results", result, "verify")
    assert verified.status_code == 200, verified.text


async def test_two_who_verify_at_once_count_once(
    office: Caller, verifier: Caller, enterprise: Caller, project: Make
) -> None:
    row = await project(started_on=f"{TODAY}")
    result, before = await reported(enterprise, row), await numbers(office)
    path = f"/rd-projects/{row['id']}/results"
    answers = await asyncio.gather(*(step(verifier, path, result, "verify") for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [200, 412, 412, 412]
    assert (await numbers(office))[1] == before[1] + 8000


async def test_nothing_is_reported_of_what_has_not_begun(enterprise: Caller, project: Make) -> None:
    row = await project()
    path = f"/rd-projects/{row['id']}/results"
    answer = await enterprise.post(path, {"year": TODAY.year, **FIGURES})
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"ends_on": "2020-01-01"}, 422, "period_reversed"),
        ({"started_on": "2999-01-01"}, 422, "future_date"),
        ({"planned_investment": "-0.1"}, 422, "validation_failed"),
        ({"planned_profit_and_tax": "-20"}, 201, None),
        ({"uscc": "91410184MA44XQ1R02"}, 422, "invalid_uscc"),
        ({"participants": ["甲"] * 51}, 422, "validation_failed"),
        ({"number": ""}, 422, "validation_failed"),
    ],
)
async def test_a_project_is_judged(
    office: Caller, register: Make, change: Row, status: int, code: str | None
) -> None:
    body = a_project(enterprise_id=(await register())["id"]) | change
    answer = await office.post("/rd-projects", body)
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text


async def test_a_number_is_taken_once_and_an_enterprise_must_be_named(
    office: Caller, project: Make
) -> None:
    row = await project()
    body = a_project(number=row["number"], enterprise_id=row["enterprise_id"])
    taken = await office.post("/rd-projects", body)
    assert (taken.status_code, taken.json()["code"]) == (409, "rd_project_exists")
    unnamed = await office.post("/rd-projects", a_project())
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "enterprise_unnamed")


async def test_a_patch_moves_it_in_and_out_of_the_programme(office: Caller, project: Make) -> None:
    row = await project(started_on=f"{TODAY}")
    before = await numbers(office)
    path = f"/rd-projects/{row['id']}"
    out = await office.patch(path, {"programme": None}, 1)
    assert (out.status_code, await numbers(office)) == (200, [before[0] - 1, *before[1:]])
    assert (await office.patch(path, {"programme": "innovation-programme"}, 2)).status_code == 200
    assert await numbers(office) == before
    assert (await office.patch(path, {"title": "旧"}, 1)).status_code == 412


async def test_an_enterprise_sees_its_own_and_a_park_registers_its_own(
    enterprise: Caller, park_admin: Caller, office: Caller, project: Make, register: Make
) -> None:
    mine = await project()
    other = await register(unit_code="dayou-plastics", park_code=None)
    made = await office.post("/rd-projects", a_project(enterprise_id=other["id"]))
    foreign = made.json()["id"]
    listed = (await enterprise.get("/rd-projects", limit=200, state="planned")).json()["items"]
    seen = {row["id"] for row in listed}
    assert mine["id"] in seen
    assert foreign not in seen
    assert (await enterprise.get(f"/rd-projects/{foreign}")).status_code == 403
    refused = await park_admin.post("/rd-projects", a_project(enterprise_id=other["id"]))
    assert refused.status_code == 403


async def test_many_come_in_at_once_and_the_clock_changes_nothing_then(
    office: Caller, register: Make, kept: Database, bus: RecordingBus
) -> None:
    before = await numbers(office)
    code = (await register())["uscc"]
    items = [a_project(uscc=code, started_on=f"{TODAY}") for _ in range(3)]
    done = await office.post("/rd-projects/batch", {"items": items})
    assert done.status_code == 200, done.text
    assert (await numbers(office))[0] == before[0] + 3
    await bus.since_now()
    async with kept.session() as session:
        await recount_due(session)
    assert await bus.types() == []


@pytest.fixture(autouse=True)
def _park(gangqu: str) -> None:
    """Every test needs the park."""
