"""The kinds of support, what comes after an award, and what is put beside it."""

from typing import Any

from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import UNIT, Resource, Row

from services.funding.tests.kinds import PATHS as PATHS_OF_KINDS
from services.funding.tests.matrix.base import Base
from services.funding.tests.programme import PDF

INDICATOR = {
    "code": "output",
    "name_zh": "产值",
    "name_en": "Output",
    "unit": "万元",
    "weight": "100",
    "direction": "at_least",
    "target": "10",
    "actual": "9",
}
OTHER_PDF = PDF + b"\n"


class Supports(Base):
    """Supports, acceptances, evaluations and counterpart reports."""

    async def acceptance_body(self, unit: str) -> Row:
        return {"award_id": (await self.an_award("granted", unit))["id"]}

    async def an_acceptance(self, state: str, unit: str | None) -> Row:
        """The matrix's own expert was asked, and has given an opinion."""
        award = await self.an_award("granted", unit or UNIT)
        row = await self.programme.acceptance(award, state)
        await self.house.rows(
            "UPDATE acceptance SET experts = '[\"matrix-expert\"]', opinions ="
            ' \'[{"expert": "matrix-expert", "verdict": "passed", "comment": "c"}]\''
            " WHERE id = $1",
            row["id"],
        )
        return (await self.house.get("office", f"/acceptances/{row['id']}")).json()

    async def an_acceptance_file(self, _: str, unit: str | None) -> Row:
        row = await self.an_acceptance("draft", unit)
        (file,) = (await self.house.get("office", f"/acceptances/{row['id']}/files")).json()[
            "items"
        ]
        return file

    async def evaluation_body(self, unit: str) -> Row:
        award = await self.an_award("granted", unit)
        return {"award_id": award["id"], "indicators": [INDICATOR], "summary": "s"}

    async def an_evaluation(self, state: str, unit: str | None) -> Row:
        body = await self.evaluation_body(unit or UNIT)
        row = await self.house.made("office", "/performance-evaluations", body)
        if state == "published":
            hand = ("finance_checker", "performance-evaluations")
            row = await self.programme.step(*hand, row, "publish")
        return row

    def after_the_award(self) -> list[Resource]:
        one = "/acceptances/{acceptance_id}"
        return [
            Resource(
                "/acceptances",
                one=one,
                make=self.an_acceptance,
                create=self.acceptance_body,
                steps={
                    "submit": {"draft", "rectification"},
                    "assign": {"submitted"},
                    "opine": {"submitted"},
                    "conclude": {"submitted"},
                },
                bodies={"files": OTHER_PDF},
                steps_by="",
                asked_only=True,
            ),
            Resource(f"{one}/files/{{file_id}}", make=self.an_acceptance_file),
            Resource(
                "/performance-evaluations",
                one="/performance-evaluations/{evaluation_id}",
                make=self.an_evaluation,
                create=self.evaluation_body,
                steps={"PATCH": {"draft"}, "publish": {"draft"}},
                bodies={"PATCH": {"summary": "t"}},
            ),
        ]

    async def a_support_rate(self, *_: Any) -> Row:
        grade = f"grade-{new_id()}"
        return await self.kinds.rate("innovation_award", grade=grade, amount="9.00")

    def supports(self) -> list[Resource]:
        decided = {step: {"draft"} for step in ("approve", "reject", "withdraw")}

        def resource(kind: str, path: str) -> Resource:
            async def body(unit: str | None) -> Row:
                return self.kinds.body(kind, unit or UNIT)

            async def make(state: str, unit: str | None) -> Row:
                row = await self.kinds.filed(kind, unit or UNIT)
                steps = {"approved": "approve", "rejected": "reject", "withdrawn": "withdraw"}
                if state in steps:
                    row = (await self.kinds.decide(kind, row, steps[state])).json()
                return row

            one = f"{path}/{{document_id}}"
            return Resource(path, one=one, make=make, create=body, steps=decided)

        rates = Resource("/support-rates", one="/support-rates/{code}", make=self.a_support_rate)
        return [rates, *(resource(kind, path) for kind, path in PATHS_OF_KINDS.items())]

    async def counterpart_body(self, unit: str | None) -> Row:
        year, month = divmod(next(self.periods), 12)
        period = f"{2010 + year}-{month + 1:02}"
        return {
            "unit_code": unit,
            "fiscal_year": 2010 + year,
            "period": period,
            "amount": "5.00",
        }

    async def a_counterpart_report(self, state: str, unit: str | None) -> Row:
        body = await self.counterpart_body(unit)
        row = await self.house.made("office", "/counterpart-reports", body)
        if state != "reported":
            step, body = ("verify", None) if state == "verified" else ("return", {"reason": "r"})
            path = f"/counterpart-reports/{row['id']}/{step}"
            row = (await self.house.post("office", path, body, etag='"1"', sub="second")).json()
        return row

    async def a_counterpart_file(self, _: str, unit: str | None) -> Row:
        row = await self.a_counterpart_report("reported", unit)
        office = await self.house.as_("office")
        path = f"/api/v1/counterpart-reports/{row['id']}/evidence?filename=a.pdf"
        headers = {"Content-Type": "application/pdf", "Idempotency-Key": str(new_id())}
        answer = await office.post(path, content=PDF, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json() | {"evidence_id": answer.json()["id"]}

    async def a_leverage(self, *_: Any) -> Row:
        return {"id": "year/2026"}
