"""Who may do what in targets: every cell of the authorisation matrix."""

import itertools
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import TREE, UNIT, Resource, Row
from servicekit.testing.authorisation.matrix import Matrix
from servicekit.testing.authorisation.operations import operation_ids
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import Tokens
from targets.main import build
from targets.settings import Settings

QUARTER = "2026-Q1"
RULING = {"position": None, "ruling": "以工作组任务书为准", "document_no": "科指办〔2026〕5号"}
CONFLICT = {
    "programme": "innovation-programme",
    "kind": "unstated",
    "subject_kind": "programme",
    "positions": [{"code": "provincial", "text_zh": "省级", "text_en": "Provincial"}],
    "working_reading_zh": "暂按省级",
    "working_reading_en": "Provincial for now",
}
TASK = {
    "programme": "innovation-programme",
    "description_zh": "建设创新基地",
    "description_en": "Build innovation bases",
    "starts_on": "2026-01-01",
    "due_on": "2028-12-31",
}
PATHS: dict[str, list[str]] = {
    "draft": [],
    "submitted": ["submit"],
    "verified": ["submit", "verify"],
    "returned": ["submit", "return"],
    "resubmitted": ["submit", "return", "submit"],
}
"""The steps from a new report to each of its states."""


class Plan:
    """How the objects of targets come to be."""

    def __init__(self, world: Any, database: ServiceDatabase) -> None:
        self.world, self.database = world, database
        self.numbers, self.years = itertools.count(50), itertools.count(2040)

    async def execute(self, sql: str, *args: Any) -> None:
        connection = await asyncpg.connect(self.database.superuser_url)
        try:
            await connection.execute(sql, *args)
        finally:
            await connection.close()

    async def put(self, path: str, body: Row) -> Row:
        return await self.world.put(path, {**self.world.names("x"), **body}, 201)

    async def a_programme(self, *_: Any) -> Row:
        return await self.put(f"programmes/programme-{new_id()}", self.world.programme_body())

    async def a_unit(self, _: str = "", parent: str | None = None, kind: str = "bureau") -> Row:
        return await self.put(f"units/unit-{new_id()}", {"kind": kind, "parent": parent})

    async def a_group(self, *_: Any) -> Row:
        unit = await self.a_unit(kind="working_group")
        body = self.world.group_body(next(self.numbers))
        return await self.put(f"working-groups/{unit['code']}", body)

    async def an_indicator(self, _: str = "", unit: str | None = None, **fields: Any) -> Row:
        return await self.world.indicator(f"i-{new_id()}", **{"lead_unit": unit, **fields})

    async def supported(self, state: str, unit: str | None) -> Row:
        return await self.judged(state, "st-bureau", supporting_units=[unit])

    async def of_a_group(self, state: str, unit: str | None) -> Row:
        return await self.judged(state, "st-bureau", working_group=unit)

    async def judged(self, status: str, unit: str | None, **fields: Any) -> Row:
        """An indicator as a row of the board."""
        row = await self.an_indicator("", unit, **fields)
        await self.execute(
            "UPDATE indicator_status SET status = $2 WHERE indicator_code = $1",
            row["code"],
            status or "unknown",
        )
        return row | {"indicator_code": row["code"], "status": status}

    async def a_task(self, _: str, unit: str | None) -> Row:
        body = {**TASK, "number": next(self.numbers), "lead_unit": unit}
        return await self.put(f"key-tasks/task-{new_id()}", body)

    async def a_conflict(self, state: str, _: str | None) -> Row:
        row = await self.put(f"conflicts/conflict-{new_id()}", CONFLICT)
        return await self.step("conflicts", row, "rule", RULING) if state == "ruled" else row

    async def a_period(self, state: str, _: str | None) -> Row:
        row = await self.world.put(f"reporting-periods/{next(self.years)}-01", {}, 201)
        closes = state == "closed"
        return await self.step("reporting-periods", row, "close", None) if closes else row

    async def step(self, path: str, row: Row, verb: str, body: Any, who: str = "maker") -> Row:
        client = await self.world.as_("office", None, who)
        named = row.get("id") or row.get("code") or row["period"]
        url = f"/api/v1/{path}/{named}/{verb}"
        answer = await client.post(url, json=body, headers=self.world.etag(row))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def report_body(self, unit: str | None) -> Row:
        indicator = await self.an_indicator("", unit)
        code = indicator["code"]
        return {"indicator_code": code, "unit_code": unit, "period": QUARTER, "value": "1"}

    async def a_report(self, state: str, unit: str | None) -> Row:
        maker = await self.world.as_("office", None, "maker")
        body, key = await self.report_body(unit), self.world.key()
        row = (await maker.post("/api/v1/progress-reports", json=body, headers=key)).json()
        for verb in PATHS[state]:
            who = "maker" if verb == "submit" else "second"
            body = {"reason": "r"} if verb == "return" else None
            row = await self.step("progress-reports", row, verb, body, who)
        return row

    def resources(self) -> list[Resource]:
        helped = {"a supported unit's": self.supported, "a group's": self.of_a_group}
        waiting, editable = {"submitted", "resubmitted"}, {"draft", "returned"}
        return [
            Resource("/programmes", one="/programmes/{code}", make=self.a_programme),
            Resource("/units", one="/units/{code}", make=self.a_unit),
            Resource("/working-groups", one="/working-groups/{code}", make=self.a_group),
            Resource("/indicators", one="/indicators/{code}", make=self.an_indicator, ways=helped),
            Resource("/key-tasks", one="/key-tasks/{code}", make=self.a_task),
            Resource(
                "/conflicts",
                one="/conflicts/{code}",
                make=self.a_conflict,
                steps={"rule": {"open"}},
                bodies={"rule": RULING},
            ),
            Resource(
                "/reporting-periods",
                one="/reporting-periods/{period}",
                make=self.a_period,
                steps={"close": {"open"}, "reopen": {"closed"}},
            ),
            Resource(
                "/progress-reports",
                one="/progress-reports/{report_id}",
                make=self.a_report,
                create=self.report_body,
                steps={
                    "PATCH": editable,
                    "submit": editable,
                    "verify": waiting,
                    "return": waiting,
                },
                bodies={"PATCH": {"value": "2"}},
            ),
            Resource("/status-board", make=self.judged, ways=helped, key="indicator_code"),
        ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def matrix(world: Any, service_database: Any, tokens: Tokens) -> Matrix:
    plan = Plan(world, service_database("targets"))
    for code, parents in TREE.items():
        # The unit of the objects is a working group, so that it can answer in every way.
        kind = "working_group" if code == UNIT else "bureau"
        await plan.put(f"units/{code}", {"kind": kind, "parent": next(iter(parents), None)})
    await plan.put(f"working-groups/{UNIT}", world.group_body(49))
    return Matrix(world.app, tokens, plan.resources())


@pytest.mark.parametrize("operation", operation_ids(build(Settings())))
async def test_an_operation_lets_in_whom_its_permission_names(
    matrix: Matrix, operation: str
) -> None:
    wrong = await matrix.wrong_cells(operation)
    assert not wrong, "\n".join(wrong)


async def test_a_step_is_possible_from_the_states_of_its_table(matrix: Matrix) -> None:
    wrong = await matrix.wrong_steps()
    assert not wrong, "\n".join(wrong)


async def test_every_cell_of_the_document_was_called(matrix: Matrix) -> None:
    assert await matrix.untested() == set()
    print(f"{len(matrix.tested)} cells")
