"""Schemes, assessments by them, scores and appeals against these."""

from typing import Any

from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import UNIT, Resource, Row
from supervision.assessments.domain import STEPS

from services.supervision.tests.matrix.base import NAMED, NAMES, REASON, Base

CRITERION = {"code": "timeliness", "measure": "deduction", "full_marks": "100", "weight": "100"}
SCHEME = {**NAMED, "criteria": [{**NAMES, **CRITERION}]}
PATHS = {"draft": [], "previewed": ["compute"], "published": ["compute", "publish"]}
"""The steps from a new assessment to each of its states."""
RULINGS: dict[str, Row] = {
    "upheld": {"upheld": True, "ruling": "r", "points": "1"},
    "rejected": {"upheld": False, "ruling": "r"},
}


class Assessments(Base):
    """Every assessment is of one unit, by a scheme of its own."""

    async def a_scheme(self, *_: Any) -> Row:
        return await self.put(f"/assessment-schemes/scheme-{new_id()}", SCHEME)

    async def assessment_body(self, unit: str | None) -> Row:
        scheme = await self.a_scheme()
        days = {"period_start": "2026-01-01", "period_end": "2026-12-31"}
        return {"title": "t", "scheme_code": scheme["code"], "units": [unit or UNIT], **days}

    async def an_assessment(self, state: str, unit: str | None) -> Row:
        row = await self.made("/assessments", await self.assessment_body(unit))
        for step in PATHS[state]:
            row = await self.step("/assessments", row, step)
        return row

    async def a_score(self, _: str, unit: str | None) -> Row:
        row = await self.an_assessment("published", unit)
        return await self.first_of("/assessment-scores", assessment_id=row["id"])

    async def appeal_body(self, unit: str | None) -> Row:
        row = await self.an_assessment("published", unit)
        about = {"unit_code": unit, "criterion_code": CRITERION["code"], **REASON}
        return {"assessment_id": row["id"], **about}

    async def an_appeal(self, state: str, unit: str | None) -> Row:
        row = await self.made("/assessment-appeals", await self.appeal_body(unit))
        if state in RULINGS:
            row = await self.step("/assessment-appeals", row, "rule", RULINGS[state])
        return row

    def assessments(self) -> list[Resource]:
        return [
            Resource("/assessment-schemes", one="/assessment-schemes/{code}", make=self.a_scheme),
            Resource(
                "/assessments",
                one="/assessments/{assessment_id}",
                make=self.an_assessment,
                create=self.assessment_body,
                steps={step: begins for step, (begins, _) in STEPS.items()},
            ),
            Resource("/assessment-scores", one="/assessment-scores/{score_id}", make=self.a_score),
            Resource(
                "/assessment-appeals",
                one="/assessment-appeals/{appeal_id}",
                make=self.an_appeal,
                create=self.appeal_body,
                steps={"rule": {"open"}},
                bodies={"rule": RULINGS["rejected"]},
            ),
        ]
