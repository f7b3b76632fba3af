"""Plans that units owe, the requests for them, and their files."""

from servicekit.testing.authorisation.declared import Make, Resource, Row
from supervision.unit_plans.domain import STEPS, WITH_THE_UNIT, PlanStep

from services.supervision.tests.attachments import PDF
from services.supervision.tests.matrix.base import REASON, Base

KINDS = {
    "/implementation-plans": "implementation_plan",
    "/annual-work-plans": "annual_work_plan",
}
PATHS = {
    "submitted": ["submit"],
    "reviewed": ["submit", "review"],
    "approved": ["submit", "review", "approve"],
    "returned": ["submit", "return"],
    "revising": ["submit", "review", "approve", "revise"],
}
"""The steps from a requested plan to each of its further states."""
BODIES: dict[str, Row] = {
    "submit": {"title": "t", "summary": "s"},
    "review": {},
    "approve": {},
    "return": REASON,
    "revise": REASON,
}


class Plans(Base):
    """Implementation plans and annual work plans, which are handled alike."""

    def asked(self, kind: str, unit: str | None) -> Row:
        """Of a programme of its own, so that nobody owes the plan already."""
        year = 2026 if kind == "annual_work_plan" else None
        programme = f"p-{next(self.numbers)}"
        return {"programme": programme, "kind": kind, "year": year, "title": "t", "units": [unit]}

    async def plan_request_body(self, _: str | None) -> Row:
        return self.asked("annual_work_plan", "matrix-stranger")

    async def a_plan_request(self, state: str, unit: str | None) -> Row:
        row = await self.made("/plan-requests", await self.plan_request_body(unit))
        if state == "cancelled":
            row = await self.step("/plan-requests", row, "cancel", REASON)
        return row

    def a_plan_of(self, path: str) -> Make:
        """A maker of plans of one kind; those with the unit have a file to hand in."""

        async def a_plan(state: str, unit: str | None) -> Row:
            request = await self.made("/plan-requests", self.asked(KINDS[path], unit))
            row = await self.first_of(path, request_id=request["id"])
            one = f"{path}/{row['id']}"
            if state == "cancelled":
                await self.step("/plan-requests", request, "cancel", REASON)
            for step in PATHS.get(state, ()):
                if step == "submit":
                    await self.attach(one)
                row = await self.step(path, row, step, BODIES[step])
            if state in WITH_THE_UNIT:
                await self.attach(one)
            return (await self.first.get(one)).json()

        return a_plan

    def a_file_of(self, path: str) -> Make:
        async def a_file(_: str, unit: str | None) -> Row:
            plan = await self.a_plan_of(path)("requested", unit)
            return await self.attach(f"{path}/{plan['id']}")

        return a_file

    def plans_of(self, path: str) -> list[Resource]:
        one = f"{path}/{{plan_id}}"
        return [
            Resource(
                path,
                one=one,
                make=self.a_plan_of(path),
                steps={
                    step: begins for step, (begins, _) in STEPS.items() if step != PlanStep.EDIT
                },
                bodies={**BODIES, "files": PDF},
            ),
            Resource(f"{one}/files/{{file_id}}", make=self.a_file_of(path)),
        ]

    def plans(self) -> list[Resource]:
        return [
            Resource(
                "/plan-requests",
                one="/plan-requests/{request_id}",
                make=self.a_plan_request,
                create=self.plan_request_body,
                steps={"cancel": {"open"}},
                bodies={"cancel": REASON},
            ),
            *(each for path in KINDS for each in self.plans_of(path)),
        ]
