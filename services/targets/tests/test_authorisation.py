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
from targets.worker import JOBS

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
DOCUMENT = {"document_no": "科指办〔2026〕9号", "reason": "调整"}
TASK = {
    "programme": "innovation-programme",
    "description_zh": "建设创新基地",
    "description_en": "Build innovation bases",
    "starts_on": "2026-01-01",
    "due_on": "2028-12-31",
}
MILESTONE = {"name_zh": "揭牌", "name_en": "Opened", "due_on": "2027-06-30"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EXCEPTION = {"unit_code": UNIT, "expires_on": "2100-01-31", "reason": "系统故障"}
ARGUMENT = {"unit_code": UNIT, "position": "provincial", "reason": "批复文件按省级"}
REASONED = {"return", "withdraw"}
REVISION = {
    "year": 2027,
    "value": "45",
    "effective_on": "2027-03-01",
    "document_no": "科发〔2027〕3号",
    "reason": "省下达指标调整",
}
PATHS: dict[str, list[str]] = {
    "draft": [],
    "submitted": ["submit"],
    "verified": ["submit", "verify"],
    "returned": ["submit", "return"],
    "resubmitted": ["submit", "return", "submit"],
    "withdrawn": ["submit", "withdraw"],
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

    async def a_revision(self, _: str, unit: str | None) -> Row:
        code = (await self.an_indicator("", unit))["code"]
        office, path = await self.world.office(), f"/api/v1/indicators/{code}/revisions"
        answer = await office.post(path, json=REVISION, headers=self.world.key())
        assert answer.status_code == 201, answer.text
        return answer.json() | {"code": code}

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

    async def assignment_body(self, unit: str | None) -> Row:
        indicator = await self.an_indicator("", "st-bureau")
        named = {"indicator_code": indicator["code"], "unit_code": unit, "year": 2026}
        return {**named, "value": "10", "document_no": "科指办〔2026〕8号"}

    async def assign(self, body: Row) -> Row:
        maker = await self.world.as_("office", None, "maker")
        answer = await maker.post("/api/v1/assignments", json=body, headers=self.world.key())
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def an_assignment(self, state: str, unit: str | None) -> Row:
        return await self.withdrawn(state, await self.assign(await self.assignment_body(unit)))

    async def of_a_lead(self, state: str, unit: str | None) -> Row:
        """Another unit's part of an indicator that the unit leads."""
        body = await self.assignment_body("st-bureau")
        indicator = await self.an_indicator("", unit)
        row = await self.assign(body | {"indicator_code": indicator["code"]})
        return await self.withdrawn(state, row)

    async def withdrawn(self, state: str, row: Row) -> Row:
        withdrawn = state == "withdrawn"
        return await self.step("assignments", row, "withdraw", DOCUMENT) if withdrawn else row

    async def a_divided(self, _: str, unit: str | None) -> Row:
        """An assignment of the unit of which a part was passed on, as the coverage shows it."""
        row = await self.an_assignment("in_force", unit)
        part = {n: row[n] for n in ("indicator_code", "year", "document_no")}
        below = {"unit_code": "matrix-below", "value": "1", "parent_id": row["id"]}
        await self.assign(part | below)
        named = f"{row['indicator_code']}/2026/{unit}"
        return {"id": named, "indicator_code": row["indicator_code"], "unit_code": unit}

    async def a_task(self, _: str, unit: str | None) -> Row:
        body = {**TASK, "number": next(self.numbers), "lead_unit": unit}
        return await self.put(f"key-tasks/task-{new_id()}", body)

    async def a_milestone(self, state: str, unit: str | None) -> Row:
        milestone = {**MILESTONE, "code": "opened", "responsible_unit": unit}
        body = {**TASK, "number": next(self.numbers), "lead_unit": "st-bureau"}
        task = await self.put(f"key-tasks/task-{new_id()}", {**body, "milestones": [milestone]})
        path = f"key-tasks/{task['code']}/milestones"
        (row,) = (await self.world.get(path))["items"]
        if state in ("claimed", "confirmed"):
            row = await self.step(path, row, "claim", {"note": "已揭牌"}, known_by="id")
        if state == "confirmed":
            row = await self.step(path, row, "confirm", None, "second", known_by="id")
        return row | {"code": task["code"]}

    async def milestone_evidence(self, _: str, unit: str | None) -> Row:
        row = await self.a_milestone("open", unit)
        path = f"key-tasks/{row['code']}/milestones/{row['id']}/evidence-files"
        return await self.post(path, PDF) | {"code": row["code"]}

    async def report_evidence(self, _: str, unit: str | None) -> Row:
        row = await self.a_report("draft", unit)
        return await self.post(f"progress-reports/{row['id']}/evidence-files", PDF)

    async def an_argument(self, _: str, unit: str | None) -> Row:
        conflict = await self.put(f"conflicts/conflict-{new_id()}", CONFLICT)
        path = f"conflicts/{conflict['code']}/arguments"
        return await self.post(path, {**ARGUMENT, "unit_code": unit}) | {"code": conflict["code"]}

    async def an_exception(self, _: str, unit: str | None) -> Row:
        period = await self.a_period("closed", None)
        path = f"reporting-periods/{period['period']}/exceptions"
        return await self.post(path, {**EXCEPTION, "unit_code": unit})

    async def a_restatement(self, _: str, unit: str | None) -> Row:
        """A number that was corrected in a period that had been closed."""
        code = f"{next(self.years)}-Q1"
        period = await self.world.put(f"reporting-periods/{code}", {}, 201)
        body = await self.report_body(unit) | {"period": code}
        await self.reported(body, "verified")
        period = await self.step("reporting-periods", period, "close", None)
        await self.step("reporting-periods", period, "reopen", {"reason": "更正"})
        await self.reported(body | {"value": "2"}, "verified")
        page = await self.world.get(f"reporting-periods/{code}/restatements")
        return page["items"][0]

    async def an_overdue_report(self, _: str, unit: str | None) -> Row:
        body = await self.report_body(unit)
        names = ("indicator_code", "unit_code", "period")
        await self.execute(
            "INSERT INTO overdue_report (id, indicator_code, unit_code, period, due_on, found_at,"
            " updated_at) VALUES (gen_random_uuid(), $1, $2, $3, '2026-04-15', now(), now())",
            *(body[name] for name in names),
        )
        page = await self.world.get("progress-reports/overdue", indicator_code=body[names[0]])
        return page["items"][0]

    async def a_template(self, _: str, unit: str | None) -> Row:
        return {"unit_code": unit, "period": QUARTER}

    async def a_verification(self, unit: str | None) -> Row:
        row = await self.a_report("submitted", unit)
        return {"report_id": row["id"], "version": row["version"]}

    async def post(self, path: str, body: Any) -> Row:
        client = await self.world.as_("office", None, "maker")
        sent = {"content": body} if isinstance(body, bytes) else {"json": body}
        answer = await client.post(f"/api/v1/{path}", headers=self.world.key(), **sent)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def a_conflict(self, state: str, _: str | None) -> Row:
        row = await self.put(f"conflicts/conflict-{new_id()}", CONFLICT)
        if state == "argued":
            await self.post(f"conflicts/{row['code']}/arguments", ARGUMENT)
            return await self.world.get(f"conflicts/{row['code']}")
        return await self.step("conflicts", row, "rule", RULING) if state == "ruled" else row

    async def a_period(self, state: str, _: str | None) -> Row:
        row = await self.world.put(f"reporting-periods/{next(self.years)}-01", {}, 201)
        closes = state == "closed"
        return await self.step("reporting-periods", row, "close", None) if closes else row

    async def step(
        self,
        path: str,
        row: Row,
        verb: str,
        body: Any,
        who: str = "maker",
        known_by: str = "",
    ) -> Row:
        client = await self.world.as_("office", None, who)
        named = row.get(known_by) or row.get("code") or row.get("period") or row["id"]
        url = f"/api/v1/{path}/{named}/{verb}"
        answer = await client.post(url, json=body, headers=self.world.etag(row))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def report_body(self, unit: str | None) -> Row:
        indicator = await self.an_indicator("", unit)
        code = indicator["code"]
        return {"indicator_code": code, "unit_code": unit, "period": QUARTER, "value": "1"}

    async def a_report(self, state: str, unit: str | None) -> Row:
        return await self.reported(await self.report_body(unit), state)

    async def reported(self, body: Row, state: str) -> Row:
        row = await self.post("progress-reports", body)
        for verb in PATHS[state]:
            who = "second" if verb in ("verify", "return") else "maker"
            reason = {"reason": "r"} if verb in REASONED else None
            row = await self.step("progress-reports", row, verb, reason, who, known_by="id")
        return row

    def resources(self) -> list[Resource]:
        helped = {"a supported unit's": self.supported, "a group's": self.of_a_group}
        waiting, editable = {"submitted", "resubmitted"}, {"draft", "returned"}
        return [
            Resource("/programmes", one="/programmes/{code}", make=self.a_programme),
            Resource("/units", one="/units/{code}", make=self.a_unit),
            Resource("/working-groups", one="/working-groups/{code}", make=self.a_group),
            Resource("/indicators", one="/indicators/{code}", make=self.an_indicator, ways=helped),
            Resource(
                "/indicators/{code}/revisions/{revision_id}",
                one="/indicators/{code}/revisions/{revision_id}",
                make=self.a_revision,
            ),
            Resource("/key-tasks", one="/key-tasks/{code}", make=self.a_task),
            Resource(
                "/conflicts",
                one="/conflicts/{code}",
                make=self.a_conflict,
                steps={"rule": {"open", "argued"}},
                bodies={"rule": RULING},
            ),
            Resource(
                "/conflicts/{code}/arguments",
                one="/conflicts/{code}/arguments/{argument_id}",
                make=self.an_argument,
                bodies={"arguments": ARGUMENT},
            ),
            Resource(
                "/key-tasks/{code}/milestones",
                one="/key-tasks/{code}/milestones/{milestone_id}",
                make=self.a_milestone,
                steps={
                    "progress": {"open"},
                    "claim": {"open"},
                    "confirm": {"claimed"},
                    "return": {"claimed"},
                },
            ),
            Resource(
                "/key-tasks/{code}/milestones/{milestone_id}/evidence-files",
                one="/key-tasks/{code}/milestones/{milestone_id}/evidence-files/{evidence_id}",
                make=self.milestone_evidence,
                bodies={"evidence-files": PDF},
            ),
            Resource(
                "/reporting-periods/{period}/exceptions",
                one="/reporting-periods/{period}/exceptions/{exception_id}",
                make=self.an_exception,
                bodies={"exceptions": EXCEPTION},
            ),
            Resource("/reporting-periods/{period}/restatements", make=self.a_restatement),
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
                    "withdraw": editable | waiting,
                    "verify": waiting,
                    "return": waiting,
                },
                bodies={
                    "PATCH": {"value": "2"},
                    "submit": {},
                    "verify": {},
                    "evidence-files": PDF,
                },
            ),
            Resource(
                "/assignments",
                one="/assignments/{assignment_id}",
                make=self.an_assignment,
                ways={"a lead unit's": self.of_a_lead},
                create=self.assignment_body,
                steps={"PATCH": {"in_force"}, "withdraw": {"in_force"}},
                bodies={"PATCH": {"value": "2", **DOCUMENT}, "withdraw": DOCUMENT},
            ),
            Resource("/assignment-coverage", make=self.a_divided, states=()),
            Resource("/indicator-board", make=self.judged, ways=helped, key="indicator_code"),
            Resource(
                "/progress-reports/{report_id}/evidence-files/{evidence_id}",
                make=self.report_evidence,
            ),
            Resource(
                "/templates/progress-reports/{unit_code}/{period}",
                one="/templates/progress-reports/{unit_code}/{period}",
                make=self.a_template,
                key="unit_code",
            ),
            Resource("/progress-reports/verifications", create=self.a_verification),
            Resource("/progress-reports/overdue", make=self.an_overdue_report),
            Resource("/status-board", make=self.judged, ways=helped, key="indicator_code"),
        ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def matrix(world: Any, service_database: Any, tokens: Tokens) -> Matrix:
    plan = Plan(world, service_database("targets"))
    for code, (_, parents) in TREE.items():
        # The unit of the objects is a working group, so that it can answer in every way.
        kind = "working_group" if code == UNIT else "bureau"
        await plan.put(f"units/{code}", {"kind": kind, "parent": next(iter(parents), None)})
    await plan.put(f"working-groups/{UNIT}", world.group_body(49))
    return Matrix(world.app, tokens, plan.resources(), JOBS)


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
