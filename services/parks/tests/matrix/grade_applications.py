"""Applications for a grade, from the draft to the decision."""

from parks.grade_applications.domain import STEPS
from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import Resource, Row

from services.parks.tests.matrix.base import WHY, Base, Steps, beginnings

APPLIED = {"statement": "已达标", "explanation": "e"}
GRANTED = {"obtained_on": "2026-01-31", "document_no": "1号"}
PDF = b"%PDF-1.7\n%%EOF\n"
OTHER_PDF = PDF + b"\n"


class GradeApplications(Base):
    """Applications for a grade and the files that prove them."""

    async def application_body(self, unit: str | None) -> Row:
        park = await self.a_park(unit=unit)
        return {"park_code": park["code"], "grade": "municipal"}

    async def an_application(self, state: str, unit: str | None) -> Row:
        row = await self.made("/grade-applications", await self.application_body(unit))
        await self.a_file_of(row)
        submitted: Steps = [(self.office, "submit", APPLIED)]
        reviewed: Steps = [*submitted, (self.second, "review", None)]
        steps: dict[str, Steps] = {
            "draft": [],
            "submitted": submitted,
            "under_review": reviewed,
            "returned": [*reviewed, (self.second, "return", WHY)],
            "granted": [*reviewed, (self.second, "grant", GRANTED)],
            "refused": [*reviewed, (self.second, "refuse", WHY)],
            "withdrawn": [(self.office, "withdraw", WHY)],
        }
        return await self.led("/grade-applications", row, steps[state])

    async def a_file_of(self, application: Row) -> Row:
        answer = await self.office.client.post(
            f"/api/v1/grade-applications/{application['id']}/files",
            content=PDF,
            headers={"Content-Type": "application/pdf", "Idempotency-Key": str(new_id())},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def an_application_file(self, _: str, unit: str | None) -> Row:
        row = await self.made("/grade-applications", await self.application_body(unit))
        return await self.a_file_of(row)

    def applications(self) -> list[Resource]:
        steps = beginnings(STEPS)
        del steps["edit"]  # It is the files that are edited: no operation has this name.
        return [
            Resource(
                "/grade-applications",
                one="/grade-applications/{application_id}",
                make=self.an_application,
                create=self.application_body,
                steps=steps,
                bodies={
                    "files": OTHER_PDF,
                    "submit": APPLIED,
                    "return": WHY,
                    "refuse": WHY,
                    "withdraw": WHY,
                    "grant": GRANTED,
                },
            ),
            Resource(
                "/grade-applications/{application_id}/files/{file_id}",
                make=self.an_application_file,
            ),
        ]
