"""Who may do what in supervision: every cell of the authorisation matrix."""

import itertools
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from fastapi import FastAPI
from servicekit.auth import directory
from servicekit.clock import china_date
from servicekit.db import Database
from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import TREE, UNIT, Make, Resource, Row
from servicekit.testing.authorisation.matrix import Matrix
from servicekit.testing.authorisation.operations import operation_ids
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import Tokens
from supervision.assessments.domain import STEPS as ASSESSMENT_STEPS
from supervision.bulletins.domain import EDITED
from supervision.bulletins.domain import STEPS as BULLETIN_STEPS
from supervision.items.domain import STEPS, WITH_THE_UNIT, Action
from supervision.main import build
from supervision.settings import Settings
from supervision.unit_plans.domain import STEPS as PLAN_WAYS
from supervision.unit_plans.domain import PlanStep
from supervision.worker import JOBS

TODAY = china_date()
NAMES = {"programme": "innovation-programme", "name_zh": "名称", "name_en": "Name"}
RECURRING = {
    **NAMES,
    "months": list(range(1, 13)),
    "days_of_month": [15],
    "starts_on": TODAY.isoformat(),
    "ends_on": (TODAY + timedelta(days=400)).isoformat(),
}
PLAN = {
    **RECURRING,
    "cadence": "monthly",
    "organiser_unit": "headquarters",
    "scope_units": [UNIT],
    "checklist": [{"code": "records", "text_zh": "台账", "text_en": "Records"}],
}
SERIES = {
    **RECURRING,
    "cadence": "monthly",
    "convener_unit": "programme-office",
    "participant_units": [UNIT],
    "headings": [],
}
GROUP = {
    **NAMES,
    "kind": "units",
    "delivery": "main",
    "members": [{"name_zh": "市科技局", "name_en": "Bureau"}],
}
RULE = {"name_zh": "名称", "name_en": "Name", "offset_workdays": 30, "audience": "unit"}
TEAM = [{"name": role, "subject": f"matrix-{role}"} for role in ("office", "group_lead", "expert")]
MOVE = {"scheduled_on": "2098-09-30", "reason": "r"}
"""A Tuesday."""
CHECKLIST = {"name_zh": "清单", "name_en": "List", "checks": PLAN["checklist"]}
COMPLETED = {"completed_on": TODAY.isoformat(), "summary": "s", "findings": []}
HELD = {"held_on": TODAY.isoformat(), "minutes": "m", "decisions": []}
HEADINGS = ("progress", "results", "good_practice", "problems", "proposals")
PATHS: dict[str, list[Action]] = {
    "issued": [],
    "acknowledged": [Action.ACKNOWLEDGE],
    "in_progress": [Action.ACKNOWLEDGE, Action.START],
    "submitted": [Action.ACKNOWLEDGE, Action.START, Action.SUBMIT],
    "verified": [Action.ACKNOWLEDGE, Action.START, Action.SUBMIT, Action.VERIFY],
    "closed": [Action.ACKNOWLEDGE, Action.START, Action.SUBMIT, Action.VERIFY, Action.CLOSE],
    "cancelled": [Action.CANCEL],
}
"""The steps from a new item to each of its states."""
DECISIONS = {"approved": "approve", "rejected": "reject", "withdrawn": "withdraw"}
DECIDED: dict[str, Row] = {"approved": {}, "rejected": {"reason": "r"}}
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PLAN_TABLE = {step: way for step, way in PLAN_WAYS.items() if step != PlanStep.EDIT}
PLAN_STEPS: dict[str, list[str]] = {
    "submitted": ["submit"],
    "reviewed": ["submit", "review"],
    "approved": ["submit", "review", "approve"],
    "returned": ["submit", "return"],
    "revising": ["submit", "review", "approve", "revise"],
}
PLAN_BODIES: dict[str, Row] = {
    "submit": {"title": "t", "summary": "s"},
    "review": {},
    "approve": {},
    "return": {"reason": "r"},
    "revise": {"reason": "r"},
}
GIVEN: dict[Action, Row] = {
    Action.SUBMIT: {"rectification": "done"},
    Action.CANCEL: {"reason": "r"},
    Action.VERIFY: {},
    Action.CLOSE: {},
}


SCHEME = {
    "programme": "innovation-programme",
    "name_zh": "名称",
    "name_en": "Name",
    "criteria": [
        {
            "code": "timeliness",
            "name_zh": "名称",
            "name_en": "Name",
            "measure": "deduction",
            "full_marks": "100",
            "weight": "100",
        }
    ],
}
BULLETINS = {
    "draft": [],
    "frozen": ["freeze"],
    "in_review": ["freeze", "submit"],
    "reviewed": ["freeze", "submit", "review"],
    "issued": ["freeze", "submit", "review", "issue"],
    "withdrawn": ["freeze", "submit", "review", "issue", "withdraw"],
    "cancelled": ["cancel"],
}
"""The steps from a new bulletin to each of its states."""


class Office:
    """How the objects of supervision come to be."""

    def __init__(self, first: Any, second: Any, database: ServiceDatabase) -> None:
        self.first, self.second, self.database = first, second, database
        self.target = ""
        """The item that others are merged into."""
        self.days = itertools.count()
        self.numbers = itertools.count()

    async def rows(self, sql: str, *args: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.database.superuser_url)
        try:
            return await connection.fetch(sql, *args)
        finally:
            await connection.close()

    async def put(self, path: str, body: Row) -> Row:
        answer = await self.first.put(path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def item_body(self, unit: str | None) -> Row:
        return {"title": "t", "description": "d", "responsible_unit": unit}

    async def an_item(self, state: str, unit: str | None) -> Row:
        """About an indicator that is off red again, so that nothing but its state counts."""
        body = await self.item_body(unit) | {"indicator_code": "some-indicator"}
        row = (await self.first.post("/supervision-items", body)).json()
        await self.rows(
            "UPDATE supervision_item SET remeasured_status = 'green' WHERE id = $1", row["id"]
        )
        for action in PATHS[state]:
            who = self.second if action in (Action.VERIFY, Action.CLOSE) else self.first
            answer = await who.step(row, action, GIVEN.get(action))
            assert answer.status_code == 200, answer.text
            row = answer.json()
        return row

    async def an_item_on_the_board(self, _: str, unit: str | None) -> Row:
        item = (await self.first.post("/supervision-items", await self.item_body(unit))).json()
        return {"unit_code": item["responsible_unit"]}

    async def a_plan(self, *_: Any) -> Row:
        return await self.put(f"/inspection-plans/plan-{new_id()}", PLAN)

    async def an_inspection(self, state: str, unit: str | None, *findings: Row) -> Row:
        plan = await self.a_plan()
        row = await self.first_of("/inspections", plan["code"])
        path = f"/inspections/{row['id']}"
        row = (await self.first.patch(path, {"team": TEAM}, f'"{row["version"]}"')).json()
        if state == "withdrawn":
            return await self.withdrawn("inspection", row)
        if state == "completed":
            body = COMPLETED | {"findings": list(findings)}
            path = f"/inspections/{row['id']}/complete"
            row = (await self.first.post(path, body, f'"{row["version"]}"')).json()
        return row

    async def first_of(self, path: str, plan: str) -> Row:
        return (await self.first.get(path, plan_code=plan)).json()["items"][0]

    async def withdrawn(self, table: str, row: Row) -> Row:
        path = f"/{table}s/{row['id']}/withdraw"
        return (await self.first.post(path, {"reason": "r"}, f'"{row["version"]}"')).json()

    async def a_finding(self, _: str, unit: str | None) -> Row:
        finding = {"unit_code": unit, "text": "t", "rectify": False}
        inspection = await self.an_inspection("completed", unit, finding)
        answer = await self.first.get(f"/inspections/{inspection['id']}/findings")
        return answer.json()["items"][0]

    async def a_planned_finding(self, _: str, unit: str | None) -> Row:
        """Of an inspection that is still to be completed."""
        inspection = await self.an_inspection("planned", unit)
        path = f"/inspections/{inspection['id']}/findings"
        row = (await self.first.post(path, {"unit_code": unit, "text": "t"})).json()
        return row | {"finding_id": row["id"]}

    async def a_finding_file(self, state: str, unit: str | None) -> Row:
        finding = await self.a_planned_finding(state, unit)
        path = f"/inspections/{finding['inspection_id']}/findings/{finding['id']}"
        file = await self.attach(path)
        return file | {"inspection_id": finding["inspection_id"], "file_id": file["id"]}

    async def a_checklist(self, *_: Any) -> Row:
        return await self.put(f"/checklist-templates/list-{new_id()}", CHECKLIST)

    async def a_series(self, *_: Any) -> Row:
        return await self.put(f"/meeting-series/series-{new_id()}", SERIES)

    async def a_meeting(self, state: str, unit: str | None, *decisions: Row) -> Row:
        row = await self.first_of("/meetings", (await self.a_series())["code"])
        if state == "withdrawn":
            return await self.withdrawn("meeting", row)
        return await self.held(row, *decisions) if state == "held" else row

    async def held(self, row: Row, *decisions: Row) -> Row:
        body = HELD | {"decisions": list(decisions)}
        path = f"/meetings/{row['id']}/hold"
        return (await self.first.post(path, body, f'"{row["version"]}"')).json()

    async def a_decision(self, _: str, unit: str | None) -> Row:
        meeting = await self.a_meeting("held", unit, {"text": "t", "responsible_unit": unit})
        answer = await self.first.get("/meeting-decisions", meeting_id=meeting["id"])
        return answer.json()["items"][0]

    async def report_body(self, unit: str | None) -> Row:
        meeting = await self.a_meeting("planned", unit)
        return {"meeting_id": meeting["id"], "unit_code": unit, **dict.fromkeys(HEADINGS, "t")}

    async def a_report(self, state: str, unit: str | None) -> Row:
        """`state` is its meeting's."""
        row = (await self.first.post("/work-reports", await self.report_body(unit))).json()
        meeting = (await self.first.get(f"/meetings/{row['meeting_id']}")).json()
        if state == "withdrawn":
            await self.withdrawn("meeting", meeting)
        if state == "held":
            await self.held(meeting)
        return row

    async def a_recipient_group(self, *_: Any) -> Row:
        return await self.put(f"/recipient-groups/group-{new_id()}", GROUP)

    async def request_body(self, unit: str | None) -> Row:
        item = (await self.first.post("/supervision-items", await self.item_body(unit))).json()
        return {"item_id": item["id"], "workdays": 5, "reason": "r"}

    async def a_request(self, state: str, unit: str | None) -> Row:
        body = await self.request_body(unit)
        row = (await self.first.post("/extension-requests", body)).json()
        who = self.first if state == "withdrawn" else self.second
        if state in DECISIONS:
            path = f"/extension-requests/{row['id']}/{DECISIONS[state]}"
            answer = await who.post(path, DECIDED.get(state), f'"{row["version"]}"')
            assert answer.status_code == 200, answer.text
            row = answer.json()
        return row

    async def a_reminder_rule(self, *_: Any) -> Row:
        return await self.put(f"/reminder-rules/rule-{new_id()}", RULE)

    async def a_reminder(self, _: str, unit: str | None) -> Row:
        item = (await self.first.post("/supervision-items", await self.item_body(unit))).json()
        path = f"/supervision-items/{item['id']}/remind"
        return (await self.first.post(path, {"note": "n"})).json()

    async def a_plan_request(self, state: str, _: str | None) -> Row:
        body = await self.request_for_plans(None)
        row = (await self.first.post("/plan-requests", body)).json()
        if state == "cancelled":
            path = f"/plan-requests/{row['id']}/cancel"
            row = (await self.first.post(path, {"reason": "r"}, '"1"')).json()
        return row

    async def request_for_plans(self, _: str | None) -> Row:
        """Of a programme of its own, so that nobody owes the plan already."""
        programme = f"p-{next(self.numbers)}"
        return {**asked("annual_work_plan"), "programme": programme, "units": ["matrix-stranger"]}

    def plans_of(self, path: str) -> Make:
        """A maker of plans of one kind; implementation plans are of one programme each."""

        async def a_plan(state: str, unit: str | None) -> Row:
            number = next(self.numbers)
            kind = "annual_work_plan" if "annual" in path else "implementation_plan"
            body = {**asked(kind), "programme": f"p-{number}", "units": [unit]}
            request = (await self.first.post("/plan-requests", body)).json()
            found = await self.first.get(path, request_id=request["id"])
            row = found.json()["items"][0]
            if state == "cancelled":
                cancel = f"/plan-requests/{request['id']}/cancel"
                await self.first.post(cancel, {"reason": "r"}, '"1"')
            for step in PLAN_STEPS.get(state, ()):
                await self.attach(f"{path}/{row['id']}")
                who = self.first if step in ("submit", "revise") else self.second
                etag = f'"{row["version"]}"'
                answer = await who.post(f"{path}/{row['id']}/{step}", PLAN_BODIES[step], etag)
                assert answer.status_code == 200, answer.text
                row = answer.json()
            if state in ("requested", "returned", "revising"):
                await self.attach(f"{path}/{row['id']}")
            return (await self.first.get(f"{path}/{row['id']}")).json()

        return a_plan

    async def attach(self, path: str) -> Row:
        content = PDF + str(next(self.numbers)).encode()
        headers = {"Content-Type": "application/pdf", "Idempotency-Key": str(new_id())}
        url = f"/api/v1{path}/files"
        return (await self.first.client.post(url, content=content, headers=headers)).json()

    def plan_file_of(self, path: str) -> Make:
        async def a_file(_: str, unit: str | None) -> Row:
            plan = await self.plans_of(path)("requested", unit)
            file = await self.attach(f"{path}/{plan['id']}")
            return file | {"file_id": file["id"]}

        return a_file

    def plan_resources(self) -> list[Resource]:
        found: list[Resource] = []
        for path in ("/implementation-plans", "/annual-work-plans"):
            one = f"{path}/{{plan_id}}"
            found += [
                Resource(
                    path,
                    one=one,
                    make=self.plans_of(path),
                    steps={str(step): set(begins) for step, (begins, _) in PLAN_TABLE.items()},
                    bodies={**PLAN_BODIES, "files": PDF},
                ),
                Resource(f"{one}/files/{{file_id}}", make=self.plan_file_of(path)),
            ]
        return found

    async def a_year(self, *_: Any) -> Row:
        body = {"document_no": "n", "days": []}
        return (await self.first.put("/calendar-years/2060", body)).json()

    async def day_body(self, _: str | None) -> Row:
        return {"day": f"{TODAY + timedelta(days=next(self.days))}", "workday": True}

    async def a_day(self, *_: Any) -> Row:
        day = TODAY + timedelta(days=next(self.days))
        answer = await self.first.put(f"/calendar/{day}", {"workday": True})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def bulletin_body(self, unit: str | None) -> Row:
        group = f"group-{new_id()}"
        member = GROUP["members"][0] | {"unit": unit}
        await self.put(f"/recipient-groups/{group}", GROUP | {"members": [member]})
        days = {"period_start": "2026-07-01", "period_end": "2026-09-30"}
        return {"programme": "p", "title": "t", "recipient_groups": [group], **days}

    async def a_bulletin(self, state: str, unit: str | None) -> Row:
        row = (await self.first.post("/bulletins", await self.bulletin_body(unit))).json()
        for action in BULLETINS[state]:
            who = self.second if action == "review" else self.first
            body = {"reason": "r"} if action in ("withdraw", "cancel") else None
            path = f"/bulletins/{row['id']}/{action}"
            answer = await who.post(path, body, f'"{row["version"]}"')
            assert answer.status_code == 200, answer.text
            row = answer.json()
        return row

    async def a_delivery(self, state: str, unit: str | None) -> Row:
        bulletin = await self.a_bulletin("withdrawn" if state == "recalled" else "issued", unit)
        answer = await self.first.get("/bulletin-deliveries", bulletin_id=bulletin["id"])
        row = answer.json()["items"][0]
        if state == "received":
            path = f"/bulletin-deliveries/{row['id']}/receive"
            row = (await self.first.post(path, None, f'"{row["version"]}"')).json()
        return row

    async def a_scheme(self, *_: Any) -> Row:
        return await self.put(f"/assessment-schemes/scheme-{new_id()}", SCHEME)

    async def assessment_body(self, unit: str | None) -> Row:
        scheme = await self.a_scheme()
        days = {"period_start": "2026-01-01", "period_end": "2026-12-31"}
        return {"title": "t", "scheme_code": scheme["code"], "units": [unit or UNIT], **days}

    async def an_assessment(self, state: str, unit: str | None) -> Row:
        row = (await self.first.post("/assessments", await self.assessment_body(unit))).json()
        for action, who in (("compute", self.first), ("publish", self.second)):
            if row["state"] != state:
                path = f"/assessments/{row['id']}/{action}"
                row = (await who.post(path, None, f'"{row["version"]}"')).json()
        return row

    async def a_score(self, _: str, unit: str | None) -> Row:
        row = await self.an_assessment("published", unit)
        answer = await self.first.get("/assessment-scores", assessment_id=row["id"])
        return answer.json()["items"][0]

    async def appeal_body(self, unit: str | None) -> Row:
        row = await self.an_assessment("published", unit)
        about = {"unit_code": unit, "criterion_code": "timeliness", "reason": "r"}
        return {"assessment_id": row["id"], **about}

    async def an_appeal(self, state: str, unit: str | None) -> Row:
        body = await self.appeal_body(unit)
        row = (await self.first.post("/assessment-appeals", body)).json()
        if state != "open":
            body = {"upheld": state == "upheld", "ruling": "r"}
            body |= {"points": "1"} if state == "upheld" else {}
            path = f"/assessment-appeals/{row['id']}/rule"
            row = (await self.second.post(path, body, f'"{row["version"]}"')).json()
        return row

    def resources(self) -> list[Resource]:
        steps = {action: begins for action, (begins, _) in STEPS.items()}
        return [
            Resource(
                "/supervision-items",
                one="/supervision-items/{item_id}",
                make=self.an_item,
                create=self.item_body,
                steps={
                    **steps,
                    "exception": STEPS[Action.RETURN][0],
                    "reinspect": STEPS[Action.RETURN][0],
                    "remind": WITH_THE_UNIT,
                },
                bodies={
                    "merge": {"into": self.target, "reason": "r"},
                    "transfer": {"responsible_unit": "matrix-stranger", "reason": "r"},
                    "reinspect": {
                        "inspected_on": TODAY.isoformat(),
                        "passed": True,
                        "note": "n",
                    },
                },
                refusals={"not_with_the_unit"},
                sees={"/supervision-items/summary": is_counted},
            ),
            Resource(
                "/supervision-board",
                make=self.an_item_on_the_board,
                key="unit_code",
            ),
            Resource("/inspection-plans", one="/inspection-plans/{code}", make=self.a_plan),
            Resource(
                "/inspections",
                one="/inspections/{inspection_id}",
                make=self.an_inspection,
                steps={
                    "complete": {"planned"},
                    "sign": {"completed"},
                    "PATCH": {"planned"},
                    "reschedule": {"planned"},
                    "withdraw": {"planned"},
                },
                bodies={
                    "complete": COMPLETED,
                    "sign": {},
                    "PATCH": {"place": "p"},
                    "reschedule": MOVE,
                    "withdraw": {"reason": "r"},
                    "findings": {"unit_code": UNIT, "text": "t"},
                },
                refusals={"inspection_signed", "already_signed"},
                steps_by="",
            ),
            Resource("/inspections/{inspection_id}/findings", make=self.a_finding),
            Resource(
                "/inspections/{inspection_id}/findings/{finding_id}",
                one="/inspections/{inspection_id}/findings/{finding_id}",
                make=self.a_planned_finding,
                bodies={"files": PDF},
            ),
            Resource(
                "/inspections/{inspection_id}/findings/{finding_id}/files/{file_id}",
                make=self.a_finding_file,
            ),
            Resource(
                "/checklist-templates", one="/checklist-templates/{code}", make=self.a_checklist
            ),
            Resource("/meeting-series", one="/meeting-series/{code}", make=self.a_series),
            Resource(
                "/meetings",
                one="/meetings/{meeting_id}",
                make=self.a_meeting,
                steps={
                    **{step: {"planned"} for step in ("hold", "reschedule", "withdraw", "PATCH")},
                    "confirm": {"held"},
                },
                bodies={
                    "hold": HELD,
                    "reschedule": MOVE,
                    "withdraw": {"reason": "r"},
                    "PATCH": {"place": "p"},
                },
                queries={"/meetings/{meeting_id}/report-draft": {"unit_code": UNIT}},
                refusals={"minutes_confirmed"},
            ),
            Resource("/meeting-decisions", make=self.a_decision),
            Resource(
                "/work-reports",
                one="/work-reports/{report_id}",
                make=self.a_report,
                create=self.report_body,
                states=("planned", "held", "withdrawn"),
                steps={"PATCH": {"planned"}},
                refusals={"meeting_over"},
            ),
            Resource(
                "/recipient-groups", one="/recipient-groups/{code}", make=self.a_recipient_group
            ),
            Resource(
                "/extension-requests",
                one="/extension-requests/{request_id}",
                make=self.a_request,
                create=self.request_body,
                steps={step: {"requested"} for step in ("approve", "reject", "withdraw")},
            ),
            Resource(
                "/bulletins",
                one="/bulletins/{bulletin_id}",
                make=self.a_bulletin,
                create=self.bulletin_body,
                steps={step: begins for step, (begins, _) in BULLETIN_STEPS.items()}
                | {"PATCH": EDITED},
                bodies={"PATCH": {"title": "u"}},
                refusals={"not_frozen", "reviewer_is_editor"},
            ),
            Resource(
                "/bulletin-deliveries",
                one="/bulletin-deliveries/{delivery_id}",
                make=self.a_delivery,
                unitless=True,
                steps={"receive": {"sent"}},
            ),
            Resource("/assessment-schemes", one="/assessment-schemes/{code}", make=self.a_scheme),
            Resource(
                "/assessments",
                one="/assessments/{assessment_id}",
                make=self.an_assessment,
                create=self.assessment_body,
                steps={step: begins for step, (begins, _) in ASSESSMENT_STEPS.items()},
            ),
            Resource("/assessment-scores", one="/assessment-scores/{score_id}", make=self.a_score),
            Resource(
                "/assessment-appeals",
                one="/assessment-appeals/{appeal_id}",
                make=self.an_appeal,
                create=self.appeal_body,
                steps={"rule": {"open"}},
                bodies={"rule": {"upheld": False, "ruling": "r"}},
            ),
            Resource("/reminder-rules", one="/reminder-rules/{code}", make=self.a_reminder_rule),
            Resource("/reminders", make=self.a_reminder),
            Resource(
                "/calendar",
                one="/calendar/{day}",
                make=self.a_day,
                create=self.day_body,
                queries={"/calendar/deadline": {"start": "2026-02-12", "workdays": "10"}},
            ),
            Resource("/calendar-years", one="/calendar-years/{year}", make=self.a_year),
            Resource(
                "/plan-requests",
                one="/plan-requests/{request_id}",
                make=self.a_plan_request,
                create=self.request_for_plans,
                steps={"cancel": {"open"}},
                bodies={"cancel": {"reason": "r"}},
            ),
            *self.plan_resources(),
        ]


def asked(kind: str) -> Row:
    year = 2026 if kind == "annual_work_plan" else None
    return {"programme": "p", "kind": kind, "year": year, "title": "t"}


def is_counted(summary: Any, item: Row) -> bool:
    """All items here are of one unit, and some of them are open."""
    return any(each["unit_code"] == item["responsible_unit"] for each in summary["by_unit"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def matrix(
    app: FastAPI, database: ServiceDatabase, pool: Database, tokens: Tokens, as_role: Any
) -> Matrix:
    async with pool.session() as session:
        for code, parents in TREE.items():
            await directory.upsert_unit(
                session, code=code, name=code, kind="bureau", parents=parents, active=True
            )
    first, second = await as_role("office", sub="first"), await as_role("office", sub="second")
    office = Office(first, second, database)
    office.target = (await office.an_item("issued", UNIT))["id"]
    return Matrix(app, tokens, office.resources(), JOBS)


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
