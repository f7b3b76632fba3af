"""What enterprises and parks report, by which forms and rules, and what is counted of it."""

from parks.restatements.domain import OPEN
from parks.returns.domain import STEPS
from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import Resource, Row

from services.parks.tests.matrix.base import WHY, Base, Steps, beginnings

RESTATE = {"measures": {"rd_spend": "41"}, "reason": "审计调整"}
FORM = {"code": "matrix", "frequency": "year", "applies_from": "2090", "name_zh": "年报"}
FORM |= {"name_en": "Yearly return"}
RULE = {"kind": "at_most", "severity": "warning", "measure": "rd_spend", "other": "sales_revenue"}
RULE |= {"name_zh": "规则", "name_en": "Rule", "active": False}


def reported(row: Row) -> Row:
    """Who it is: what its return counted as is another filter."""
    return {"enterprise_id": row["enterprise_id"]}


def named(row: Row) -> Row:
    """A return as many at once are named."""
    return {"return_id": row["id"], "version": row["version"]}


class Returns(Base):
    """Returns, restatements, forms, rules, park returns and metrics."""

    async def return_body(self, unit: str | None, enterprise: Row | None = None) -> Row:
        enterprise = enterprise or await self.an_enterprise(unit=unit)
        measures = self.measures
        return {"enterprise_id": enterprise["id"], "period": "2026-07", "measures": measures}

    async def a_return(self, state: str, unit: str | None) -> Row:
        return await self.return_in(state, await self.return_body(unit))

    async def a_return_of_a_park(self, state: str, unit: str | None) -> Row:
        enterprise = await self.of_an_administration("", unit)
        return await self.return_in(state, await self.return_body(unit, enterprise))

    async def return_in(self, state: str, body: Row) -> Row:
        row = await self.made("/operating-returns", body)
        submit = (self.office, "submit", None)
        steps: dict[str, Steps] = {
            "draft": [],
            "submitted": [submit],
            "accepted": [submit, (self.second, "accept", None)],
            "returned": [submit, (self.second, "return", WHY)],
        }
        return await self.led("/operating-returns", row, steps[state])

    async def a_restatement(self, state: str, unit: str | None) -> Row:
        row = await self.a_return("accepted", unit)
        path = f"/operating-returns/{row['id']}/restatements"
        made = await self.made(path, RESTATE, row["version"])
        steps: dict[str, Steps] = {
            "submitted": [],
            "accepted": [(self.second, "accept", None)],
            "rejected": [(self.second, "reject", WHY)],
        }
        return await self.led(path, made, steps[state]) | {"return_id": row["id"]}

    async def a_submission(self, unit: str | None) -> Row:
        return named(await self.a_return("draft", unit))

    async def an_acceptance(self, unit: str | None) -> Row:
        return named(await self.a_return("submitted", unit))

    def returns(self) -> list[Resource]:
        return [
            Resource(
                "/operating-returns",
                one="/operating-returns/{return_id}",
                make=self.a_return,
                ways={"its park's": self.a_return_of_a_park},
                unitless=True,
                create=self.return_body,
                steps={**beginnings(STEPS), "restatements": {"accepted"}},
                bodies={"restatements": RESTATE, "submit": {}},
            ),
            Resource(
                "/operating-returns/{return_id}/restatements/{restatement_id}",
                one="/operating-returns/{return_id}/restatements/{restatement_id}",
                make=self.a_restatement,
                steps={"accept": OPEN, "reject": OPEN},
            ),
            Resource("/operating-returns/submissions", create=self.a_submission),
            Resource("/operating-returns/acceptances", create=self.an_acceptance),
        ]

    async def form_body(self, _: str | None) -> Row:
        return {**FORM, "code": f"f-{new_id()}"}

    async def a_form(self, _: str = "", unit: str | None = None) -> Row:
        return await self.made("/return-forms", await self.form_body(unit))

    async def a_rule(self, _: str = "", unit: str | None = None) -> Row:
        return await self.put(f"/return-rules/r-{new_id()}", RULE)

    def forms(self) -> list[Resource]:
        rule = "/return-rules/{code}"
        return [
            Resource(
                "/return-forms",
                one="/return-forms/{form_id}",
                make=self.a_form,
                create=self.form_body,
            ),
            Resource("/return-rules", one=rule, make=self.a_rule, bodies={"PUT": RULE}),
        ]

    async def a_park_return(self, _: str, unit: str | None) -> Row:
        park = await self.a_park(unit=unit)
        body = {"measures": self.measures}
        row = await self.put(f"/parks/{park['code']}/returns/2026-07", body)
        return row | {"code": park["code"]}

    async def who_owes(self, _: str, unit: str | None) -> Row:
        enterprise = await self.an_enterprise(unit=unit)
        return enterprise | {"enterprise_id": enterprise["id"]}

    async def who_reported(self, _: str, unit: str | None) -> Row:
        return reported(await self.a_return("accepted", unit))

    async def who_reported_in_a_park(self, _: str, unit: str | None) -> Row:
        return reported(await self.a_return_of_a_park("accepted", unit))

    async def a_metric(self, _: str, unit: str | None) -> Row:
        row = await self.a_return_of_a_park("accepted", unit)
        return {"series": f"sales_revenue.park.{row['park_code']}:2026-07"}

    def figures(self) -> list[Resource]:
        """What a park returns, what is missing, and what is counted."""
        park_return = "/parks/{code}/returns/{period}"
        return [
            Resource(
                park_return,
                one=park_return,
                make=self.a_park_return,
                bodies={"PUT": {"measures": self.measures}},
            ),
            Resource("/missing-returns", make=self.who_owes, unitless=True, key="enterprise_id"),
            Resource("/park-metrics", make=self.a_metric, key="series"),
            Resource("/park-metrics/breakdown", asked_only=True),
            Resource(
                "/park-metrics/enterprises",
                make=self.who_reported,
                ways={"its park's": self.who_reported_in_a_park},
                unitless=True,
                key="enterprise_id",
                queries={"/park-metrics/enterprises": {"period": "2026-07"}},
            ),
        ]
