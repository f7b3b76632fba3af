"""Inspection plans, inspections, checklists, and findings with their files."""

from typing import Any

from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import UNIT, Resource, Row

from services.supervision.tests.attachments import PDF
from services.supervision.tests.matrix.base import MOVE, NAMES, REASON, RECURRING, TODAY, Base

CHECKS = [{"code": "records", "text_zh": "台账", "text_en": "Records"}]
PLAN = {
    **RECURRING,
    "organiser_unit": "headquarters",
    "scope_units": [UNIT],
    "checklist": CHECKS,
}
CHECKLIST = {**NAMES, "checks": CHECKS}
TEAM = [{"name": role, "subject": f"matrix-{role}"} for role in ("office", "group_lead", "expert")]
COMPLETED = {"completed_on": TODAY.isoformat(), "summary": "s", "findings": []}


class Inspections(Base):
    """Every inspection is the first of a plan of its own, by a team of the matrix's own."""

    async def an_inspection_plan(self, *_: Any) -> Row:
        return await self.put(f"/inspection-plans/plan-{new_id()}", PLAN)

    async def an_inspection(self, state: str, _: str | None, *findings: Row) -> Row:
        plan = await self.an_inspection_plan()
        row = await self.first_of("/inspections", plan_code=plan["code"])
        path = f"/inspections/{row['id']}"
        row = (await self.first.patch(path, {"team": TEAM}, f'"{row["version"]}"')).json()
        if state == "withdrawn":
            row = await self.step("/inspections", row, "withdraw", REASON)
        if state == "completed":
            body = COMPLETED | {"findings": list(findings)}
            row = await self.step("/inspections", row, "complete", body)
        return row

    async def a_checklist(self, *_: Any) -> Row:
        return await self.put(f"/checklist-templates/list-{new_id()}", CHECKLIST)

    def inspections(self) -> list[Resource]:
        planned = ("complete", "PATCH", "reschedule", "withdraw")
        return [
            Resource(
                "/inspection-plans",
                one="/inspection-plans/{code}",
                make=self.an_inspection_plan,
            ),
            Resource(
                "/inspections",
                one="/inspections/{inspection_id}",
                make=self.an_inspection,
                steps={**{step: {"planned"} for step in planned}, "sign": {"completed"}},
                bodies={
                    "complete": COMPLETED,
                    "sign": {},
                    "PATCH": {"place": "p"},
                    "reschedule": MOVE,
                    "withdraw": REASON,
                    "findings": {"unit_code": UNIT, "text": "t"},
                },
                refusals={"inspection_signed", "already_signed"},
                steps_by="",
            ),
            Resource(
                "/checklist-templates", one="/checklist-templates/{code}", make=self.a_checklist
            ),
        ]

    async def a_finding(self, _: str, unit: str | None) -> Row:
        finding = {"unit_code": unit, "text": "t", "rectify": False}
        inspection = await self.an_inspection("completed", unit, finding)
        return await self.first_of(f"/inspections/{inspection['id']}/findings")

    async def a_planned_finding(self, _: str, unit: str | None) -> Row:
        """Of an inspection that is still to be completed."""
        inspection = await self.an_inspection("planned", unit)
        path = f"/inspections/{inspection['id']}/findings"
        row = await self.made(path, {"unit_code": unit, "text": "t"})
        return row | {"finding_id": row["id"]}

    async def a_finding_file(self, state: str, unit: str | None) -> Row:
        finding = await self.a_planned_finding(state, unit)
        inspection = finding["inspection_id"]
        file = await self.attach(f"/inspections/{inspection}/findings/{finding['id']}")
        return file | {"inspection_id": inspection}

    def findings(self) -> list[Resource]:
        path = "/inspections/{inspection_id}/findings"
        one = f"{path}/{{finding_id}}"
        return [
            Resource(path, make=self.a_finding),
            Resource(one, one=one, make=self.a_planned_finding, bodies={"files": PDF}),
            Resource(f"{one}/files/{{file_id}}", make=self.a_finding_file),
        ]
