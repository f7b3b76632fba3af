"""Platforms, technology contracts, research projects and achievements."""

from parks.achievements.domain import STEPS as ACHIEVEMENT_STEPS
from parks.platforms.domain import STEPS as PLATFORM_STEPS
from parks.rd_project_results.domain import STEPS as RESULT_STEPS
from parks.rd_projects.domain import STEPS as PROJECT_STEPS
from parks.technology_contracts.domain import STEPS as CONTRACT_STEPS
from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import Resource, Row

from services.parks.tests.matrix.base import WHY, Base, Steps, beginnings

CLOSE = {"closed_on": "2026-06-30", "reason": "注销"}
LEVEL = {"level": "municipal", "recognised_on": "2026-02-28", "document_no": "科〔2026〕1号"}
CONTRACT = {
    "kind": "service",
    "title": "技术服务",
    "buyer_name": "乙方",
    "amount": "10",
    "signed_on": "2026-02-02",
    "registered_on": "2026-02-27",
    "authority": "技术合同登记处",
}
CORRECTED = {"amount": "9", "document_no": "1号", "reason": "r"}
CANCELLED = {"cancelled_on": "2026-03-31", "document_no": "1号", "reason": "解除"}
PROJECT = {
    "title": "研发项目",
    "starts_on": "2026-01-01",
    "ends_on": "2027-12-31",
    "planned_investment": "100",
    "planned_new_sales": "200",
    "planned_profit_and_tax": "20",
}
STARTED = {"started_on": "2026-01-15"}
ENDED = {"ended_on": "2026-06-30", "reason": "完成"}
FIGURES = {"year": 2026, "investment": "50", "new_sales": "60", "profit_and_tax": "7"}
ACHIEVED = {
    "kind": "licensing",
    "source_name": "某大学",
    "amount": "15",
    "transferred_on": "2026-04-20",
}


class Projects(Base):
    """Platforms, contracts, projects with their results, and achievements."""

    async def platform_body(self, unit: str | None) -> Row:
        park = await self.a_park(unit=unit)
        body = {"kind": "incubator", "name": f"孵化器 {new_id()}", "established_on": "2026-01-05"}
        return body | {"park_code": park["code"]}

    async def a_platform(self, state: str, unit: str | None) -> Row:
        return await self.platform_in(state, await self.platform_body(unit))

    async def of_a_host(self, state: str, unit: str | None) -> Row:
        host = await self.an_enterprise(unit=unit)
        body = await self.platform_body(None)
        return await self.platform_in(state, body | {"enterprise_id": host["id"]})

    async def platform_in(self, state: str, body: Row) -> Row:
        row = await self.made("/platforms", body)
        steps: Steps = [(self.office, "close", CLOSE)] if state == "closed" else []
        return await self.led("/platforms", row, steps)

    async def a_level(self, _: str, unit: str | None) -> Row:
        platform = await self.a_platform("active", unit)
        row = await self.made(f"/platforms/{platform['id']}/levels", LEVEL)
        return row | {"platform_id": platform["id"]}

    def platforms(self) -> list[Resource]:
        return [
            Resource(
                "/platforms",
                one="/platforms/{platform_id}",
                make=self.a_platform,
                ways={"its host's": self.of_a_host},
                create=self.platform_body,
                steps=beginnings(PLATFORM_STEPS),
                bodies={"PATCH": {"host_name": "试验大学"}, "close": CLOSE, "levels": LEVEL},
            ),
            Resource(
                "/platforms/{platform_id}/levels",
                one="/platforms/{platform_id}/levels/{level_id}",
                make=self.a_level,
            ),
        ]

    async def project_body(self, unit: str | None, enterprise: Row | None = None) -> Row:
        lead = enterprise or await self.an_enterprise(unit=unit)
        return PROJECT | {"number": f"XM{new_id()}", "enterprise_id": lead["id"]}

    async def park_project_body(self, unit: str | None) -> Row:
        return await self.project_body(unit, await self.of_an_administration("", unit))

    async def a_project(self, state: str, unit: str | None) -> Row:
        return await self.project_in(state, await self.project_body(unit))

    async def a_project_of_a_park(self, state: str, unit: str | None) -> Row:
        return await self.project_in(state, await self.park_project_body(unit))

    async def project_in(self, state: str, body: Row) -> Row:
        row = await self.made("/rd-projects", body)
        start = (self.office, "start", STARTED)
        steps: dict[str, Steps] = {
            "planned": [],
            "running": [start],
            "completed": [start, (self.office, "complete", ENDED)],
            "terminated": [(self.office, "terminate", ENDED)],
        }
        return await self.led("/rd-projects", row, steps[state])

    async def a_result(self, state: str, unit: str | None) -> Row:
        project = await self.a_project("running", unit)
        path = f"/rd-projects/{project['id']}/results"
        steps: dict[str, Steps] = {
            "submitted": [],
            "verified": [(self.second, "verify", None)],
            "returned": [(self.second, "return", WHY)],
        }
        row = await self.led(path, await self.made(path, FIGURES), steps[state])
        return row | {"project_id": project["id"]}

    def projects(self) -> list[Resource]:
        has_results = frozenset({"running", "completed"})
        return [
            Resource(
                "/rd-projects",
                one="/rd-projects/{project_id}",
                make=self.a_project,
                ways={"its park's": self.a_project_of_a_park},
                unitless=True,
                create=self.park_project_body,
                steps=beginnings(PROJECT_STEPS) | {"results": has_results},
                bodies={
                    "PATCH": {"title": "新名"},
                    "start": STARTED,
                    "complete": ENDED,
                    "terminate": ENDED,
                    "results": FIGURES,
                },
            ),
            Resource(
                "/rd-projects/{project_id}/results/{result_id}",
                one="/rd-projects/{project_id}/results/{result_id}",
                make=self.a_result,
                steps=beginnings(RESULT_STEPS),
                bodies={"PATCH": {"investment": "51"}, "return": WHY},
            ),
        ]

    async def contract_body(self, unit: str | None) -> Row:
        seller = await self.an_enterprise(unit=unit)
        return CONTRACT | {"number": f"JS{new_id()}", "enterprise_id": seller["id"]}

    async def a_contract(self, state: str, unit: str | None) -> Row:
        row = await self.made("/technology-contracts", await self.contract_body(unit))
        steps: Steps = [(self.office, "cancel", CANCELLED)] if state == "cancelled" else []
        return await self.led("/technology-contracts", row, steps)

    async def achievement_body(self, unit: str | None, enterprise: Row | None = None) -> Row:
        receiver = enterprise or await self.of_an_administration("", unit)
        return ACHIEVED | {"title": f"成果{new_id()}", "enterprise_id": receiver["id"]}

    async def an_achievement(self, state: str, unit: str | None) -> Row:
        receiver = await self.an_enterprise(unit=unit)
        row = await self.made("/achievements", await self.achievement_body(unit, receiver))
        steps: Steps = [(self.office, "withdraw", WHY)] if state == "withdrawn" else []
        return await self.led("/achievements", row, steps)

    def transfers(self) -> list[Resource]:
        """What technology was sold, and what was brought in."""
        return [
            Resource(
                "/technology-contracts",
                one="/technology-contracts/{contract_id}",
                make=self.a_contract,
                unitless=True,
                create=self.contract_body,
                steps=beginnings(CONTRACT_STEPS),
                bodies={"correct": CORRECTED, "cancel": CANCELLED},
            ),
            Resource(
                "/achievements",
                one="/achievements/{achievement_id}",
                make=self.an_achievement,
                unitless=True,
                create=self.achievement_body,
                steps=beginnings(ACHIEVEMENT_STEPS),
                bodies={"PATCH": {"amount": "16"}, "withdraw": WHY},
            ),
        ]
