"""Who may do what in parks: every cell of the authorisation matrix."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI
from parks.achievements.domain import STEPS as ACHIEVEMENT_STEPS
from parks.grade_applications.domain import STEPS as APPLICATION_STEPS
from parks.main import build
from parks.platforms.domain import OPEN
from parks.rd_project_results.domain import STEPS as RESULT_STEPS
from parks.rd_projects.domain import STEPS as PROJECT_STEPS
from parks.restatements.domain import OPEN as RESTATABLE
from parks.returns.domain import STEPS, ReturnAction
from parks.settings import Settings
from parks.technology_contracts.domain import STEPS as CONTRACT_STEPS
from parks.worker import JOBS
from servicekit.auth import directory
from servicekit.db import Database
from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import TREE, Resource, Row
from servicekit.testing.authorisation.matrix import Matrix
from servicekit.testing.authorisation.operations import operation_ids
from servicekit.testing.tokens import Tokens

PATH = {ReturnAction.UPDATE: "PATCH"}
GRADE = {"grade": "municipal", "obtained_on": "2026-01-31", "document_no": "新科〔2026〕1号"}
REVIEW = {"outcome": "renewed", "reviewed_on": "2026-02-28", "document_no": "1号"}
REVIEW |= {"valid_to": "2099-12-31"}
CRITERION = {"park_kind": "private_st_park", "grade": "provincial", "measure": "enterprises"}
CRITERION |= {"threshold": "1", "unit": "家", "name_zh": "企业", "name_en": "enterprise"}
PLACE = {"point": {"type": "Point", "coordinates": [113.86, 34.53]}}
MOVE = {"valid_from": "2026-02-01", "above_scale": True}
CLOSE = {"closed_on": "2026-06-30", "reason": "注销"}
RESTATE = {"measures": {"rd_spend": "41"}, "reason": "审计调整"}
FORM = {"code": "matrix", "frequency": "year", "applies_from": "2090", "name_zh": "年报"}
FORM |= {"name_en": "Yearly return"}
RULE = {"kind": "at_most", "severity": "warning", "measure": "rd_spend", "other": "sales_revenue"}
RULE |= {"name_zh": "规则", "name_en": "Rule", "active": False}
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

APPLIED = {"statement": "已达标"}
GRANTED = {"obtained_on": "2026-01-31", "document_no": "1号"}
PDF = b"%PDF-1.7\n%%EOF\n"
OTHER_PDF = PDF + b"\n"


def reported(row: Row) -> Row:
    """Who it is: what its return counted as is another filter."""
    return {"enterprise_id": row["enterprise_id"]}


class Parks:
    """How the objects of the register come to be."""

    def __init__(self, office: Any, second: Any, rows: Any, samples: Any) -> None:
        self.office, self.second, self.rows = office, second, rows
        self.park_body, self.fresh_uscc, self.measures = samples

    async def a_park(self, _: str = "", unit: str | None = None, **fields: Any) -> Row:
        body = self.park_body(**{"administration_unit": unit, "jurisdictions": [], **fields})
        answer = await self.office.put(f"/parks/p-{new_id()}", body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def a_grade(self, _: str, unit: str | None) -> Row:
        park = await self.a_park(unit=unit)
        return await self.made(f"/parks/{park['code']}/grades", GRADE) | {"code": park["code"]}

    async def a_location(self, _: str = "", unit: str | None = None) -> Row:
        park = await self.a_park(unit=unit)
        answer = await self.office.put(f"/parks/{park['code']}/location", PLACE)
        assert answer.status_code == 201, answer.text
        return answer.json() | {"code": park["code"]}

    async def a_review(self, _: str, unit: str | None) -> Row:
        grade = await self.a_grade("", unit)
        row = await self.made(f"/parks/{grade['code']}/grades/{grade['id']}/reviews", REVIEW)
        return row | {"code": grade["code"], "grade_id": grade["id"]}

    async def a_criterion(self, _: str = "", unit: str | None = None) -> Row:
        answer = await self.office.put(f"/grade-criteria/c-{new_id()}", CRITERION)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def made(self, path: str, body: Row) -> Row:
        answer = await self.office.post(path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def an_enterprise(self, _: str = "", unit: str | None = None, park: str = "") -> Row:
        body = {"uscc": self.fresh_uscc(), "name": f"某公司{new_id()}", "unit_code": unit}
        return await self.made("/enterprises", body | {"park_code": park or None})

    async def of_an_administration(self, _: str, unit: str | None) -> Row:
        return await self.an_enterprise(park=(await self.a_park(unit=unit))["code"])

    async def of_a_town(self, _: str, unit: str | None) -> Row:
        return await self.an_enterprise(park=(await self.a_park(jurisdictions=[unit]))["code"])

    async def enterprise_body(self, unit: str) -> Row:
        park = await self.a_park(unit=unit)
        name = f"某公司{new_id()}"
        return {"uscc": self.fresh_uscc(), "name": name, "park_code": park["code"]}

    async def a_standing(self, _: str, unit: str | None) -> Row:
        enterprise = await self.an_enterprise(unit=unit)
        row = await self.made(f"/enterprises/{enterprise['id']}/standings", MOVE)
        return row | {"enterprise_id": enterprise["id"]}

    async def recognition_body(self, unit: str | None) -> Row:
        enterprise = await self.an_enterprise(unit=unit)
        return {
            "enterprise_id": enterprise["id"],
            "kind": "high_tech",
            "number": f"GR{new_id()}",
            "authority": "河南省科学技术厅",
            "valid_from": "2026-01-01",
            "valid_to": "2028-12-31",
        }

    async def a_recognition(self, state: str, unit: str | None) -> Row:
        row = await self.made("/recognitions", await self.recognition_body(unit))
        await self.rows("UPDATE recognition SET status = $2 WHERE id = $1", row["id"], state)
        return row | {"status": state}

    async def a_park_return(self, _: str, unit: str | None) -> Row:
        park = await self.a_park(unit=unit)
        body = {"measures": self.measures}
        answer = await self.office.put(f"/parks/{park['code']}/returns/2026-07", body)
        assert answer.status_code == 201, answer.text
        return answer.json() | {"code": park["code"]}

    async def who_reported(self, _: str, unit: str | None) -> Row:
        return reported(await self.a_return("accepted", unit))

    async def who_reported_in_a_park(self, _: str, unit: str | None) -> Row:
        return reported(await self.a_return_of_a_park("accepted", unit))

    async def who_owes(self, _: str, unit: str | None) -> Row:
        enterprise = await self.an_enterprise(unit=unit)
        return enterprise | {"enterprise_id": enterprise["id"]}

    async def a_restatement(self, state: str, unit: str | None) -> Row:
        row = await self.a_return("accepted", unit)
        path = f"/operating-returns/{row['id']}/restatements"
        made = await self.office.post(path, RESTATE, row["version"])
        assert made.status_code == 201, made.text
        found = made.json()
        if state != "submitted":
            step = "accept" if state == "accepted" else "reject"
            body = None if step == "accept" else {"reason": "依据不足"}
            answer = await self.second.post(f"{path}/{found['id']}/{step}", body, 1)
            assert answer.status_code == 200, answer.text
            found = answer.json()
        return found | {"return_id": row["id"]}

    async def a_form(self, _: str = "", unit: str | None = None) -> Row:
        return await self.made("/return-forms", await self.form_body(unit))

    async def form_body(self, _: str | None) -> Row:
        return {**FORM, "code": f"f-{new_id()}"}

    async def a_rule(self, _: str = "", unit: str | None = None) -> Row:
        answer = await self.office.put(f"/return-rules/r-{new_id()}", RULE)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def return_body(self, unit: str | None, enterprise: Row | None = None) -> Row:
        enterprise = enterprise or await self.an_enterprise(unit=unit)
        measures = self.measures
        return {"enterprise_id": enterprise["id"], "period": "2026-07", "measures": measures}

    async def a_return(self, state: str, unit: str | None) -> Row:
        return await self.brought_to(state, await self.return_body(unit))

    async def a_return_of_a_park(self, state: str, unit: str | None) -> Row:
        enterprise = await self.of_an_administration("", unit)
        return await self.brought_to(state, await self.return_body(unit, enterprise))

    async def brought_to(self, state: str, body: Row) -> Row:
        row = await self.made("/operating-returns", body)
        path = {
            "draft": [],
            "submitted": [(self.office, "submit", None)],
            "accepted": [(self.office, "submit", None), (self.second, "accept", None)],
            "returned": [(self.office, "submit", None), (self.second, "return", {"reason": "r"})],
        }[state]
        for who, step, given in path:
            answer = await who.step(row, step, given)
            assert answer.status_code == 200, answer.text
            row = answer.json()
        return row

    async def a_submission(self, unit: str | None) -> Row:
        row = await self.a_return("draft", unit)
        return {"return_id": row["id"], "version": row["version"]}

    async def an_acceptance(self, unit: str | None) -> Row:
        row = await self.a_return("submitted", unit)
        return {"return_id": row["id"], "version": row["version"]}

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
        if state == "closed":
            answer = await self.office.post(f"/platforms/{row['id']}/close", CLOSE, row["version"])
            assert answer.status_code == 200, answer.text
            row = answer.json()
        return row

    async def a_level(self, _: str, unit: str | None) -> Row:
        platform = await self.a_platform("active", unit)
        row = await self.made(f"/platforms/{platform['id']}/levels", LEVEL)
        return row | {"platform_id": platform["id"]}

    async def contract_body(self, unit: str | None) -> Row:
        seller = await self.an_enterprise(unit=unit)
        return CONTRACT | {"number": f"JS{new_id()}", "enterprise_id": seller["id"]}

    async def a_contract(self, state: str, unit: str | None) -> Row:
        row = await self.made("/technology-contracts", await self.contract_body(unit))
        if state == "cancelled":
            path = f"/technology-contracts/{row['id']}/cancel"
            answer = await self.office.post(path, CANCELLED, row["version"])
            assert answer.status_code == 200, answer.text
            row = answer.json()
        return row

    async def project_body(self, unit: str | None, enterprise: Row | None = None) -> Row:
        lead = enterprise or await self.an_enterprise(unit=unit)
        return PROJECT | {"number": f"XM{new_id()}", "enterprise_id": lead["id"]}

    async def park_project_body(self, unit: str) -> Row:
        return await self.project_body(unit, await self.of_an_administration("", unit))

    async def a_project(self, state: str, unit: str | None) -> Row:
        return await self.project_in(state, await self.project_body(unit))

    async def a_project_of_a_park(self, state: str, unit: str | None) -> Row:
        enterprise = await self.of_an_administration("", unit)
        return await self.project_in(state, await self.project_body(unit, enterprise))

    async def project_in(self, state: str, body: Row) -> Row:
        row = await self.made("/rd-projects", body)
        path = {
            "planned": [],
            "running": [("start", STARTED)],
            "completed": [("start", STARTED), ("complete", ENDED)],
            "terminated": [("terminate", ENDED)],
        }[state]
        return await self.led(f"/rd-projects/{row['id']}", row, [(self.office, *p) for p in path])

    async def led(self, path: str, row: Row, steps: list[tuple[Any, str, Any]]) -> Row:
        for who, step, given in steps:
            answer = await who.post(f"{path}/{step}", given, row["version"])
            assert answer.status_code == 200, answer.text
            row = answer.json()
        return row

    async def a_result(self, state: str, unit: str | None) -> Row:
        project = await self.a_project("running", unit)
        path = f"/rd-projects/{project['id']}/results"
        row = await self.made(path, FIGURES)
        steps = {
            "submitted": [],
            "verified": [(self.second, "verify", None)],
            "returned": [(self.second, "return", {"reason": "r"})],
        }[state]
        row = await self.led(f"{path}/{row['id']}", row, steps)
        return row | {"project_id": project["id"]}

    async def achievement_body(self, unit: str | None, enterprise: Row | None = None) -> Row:
        receiver = enterprise or await self.of_an_administration("", unit)
        return ACHIEVED | {"title": f"成果{new_id()}", "enterprise_id": receiver["id"]}

    async def an_achievement(self, state: str, unit: str | None) -> Row:
        receiver = await self.an_enterprise(unit=unit)
        row = await self.made("/achievements", await self.achievement_body(unit, receiver))
        if state == "withdrawn":
            path = f"/achievements/{row['id']}"
            row = await self.led(path, row, [(self.office, "withdraw", {"reason": "r"})])
        return row

    async def application_body(self, unit: str) -> Row:
        park = await self.a_park(unit=unit)
        return {"park_code": park["code"], "grade": "municipal"}

    async def an_application(self, state: str, unit: str | None) -> Row:
        row = await self.made("/grade-applications", await self.application_body(unit or ""))
        path = f"/grade-applications/{row['id']}"
        await self.a_file_of(row)
        why = {"reason": "r"}
        handed_in = [(self.office, "submit", APPLIED | {"explanation": "e"})]
        reviewed = [*handed_in, (self.second, "review", None)]
        steps: dict[str, list[tuple[Any, str, Any]]] = {
            "draft": [],
            "submitted": handed_in,
            "under_review": reviewed,
            "returned": [*reviewed, (self.second, "return", why)],
            "granted": [*reviewed, (self.second, "grant", GRANTED)],
            "refused": [*reviewed, (self.second, "refuse", why)],
            "withdrawn": [(self.office, "withdraw", why)],
        }
        return await self.led(path, row, steps[state])

    async def a_file_of(self, application: Row) -> Row:
        answer = await self.office.client.post(
            f"/api/v1/grade-applications/{application['id']}/files",
            content=PDF,
            headers={"Content-Type": "application/pdf", "Idempotency-Key": str(new_id())},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def an_application_file(self, _: str, unit: str | None) -> Row:
        row = await self.made("/grade-applications", await self.application_body(unit or ""))
        return await self.a_file_of(row)

    async def an_industry(self, *_: Any) -> Row:
        return {"code": "A"}

    async def a_metric(self, _: str, unit: str | None) -> Row:
        row = await self.a_return_of_a_park("accepted", unit)
        return {"series": f"sales_revenue.park.{row['park_code']}:2026-07"}

    def resources(self, stays: Row) -> list[Resource]:
        steps = {PATH.get(action, action): begins for action, (begins, _) in STEPS.items()}
        park = {"its park's": self.of_an_administration, "its town's": self.of_a_town}
        return [
            Resource("/parks", one="/parks/{code}", make=self.a_park, bodies={"grades": GRADE}),
            Resource("/parks/{code}/location", one="/parks/{code}/location", make=self.a_location),
            Resource(
                "/parks/{code}/grades",
                one="/parks/{code}/grades/{grade_id}",
                make=self.a_grade,
                bodies={"grades": GRADE, "reviews": REVIEW},
            ),
            Resource(
                "/parks/{code}/grades/{grade_id}/reviews",
                one="/parks/{code}/grades/{grade_id}/reviews/{review_id}",
                make=self.a_review,
                bodies={"reviews": REVIEW},
            ),
            Resource("/grade-criteria", one="/grade-criteria/{code}", make=self.a_criterion),
            Resource(
                "/enterprises",
                one="/enterprises/{enterprise_id}",
                make=self.an_enterprise,
                ways=park,
                unitless=True,
                create=self.enterprise_body,
                bodies={"standings": MOVE, "merge": {"into_id": stays["id"], "reason": "重复"}},
            ),
            Resource(
                "/enterprises/{enterprise_id}/standings/{standing_id}",
                one="/enterprises/{enterprise_id}/standings/{standing_id}",
                make=self.a_standing,
            ),
            Resource(
                "/recognitions",
                one="/recognitions/{recognition_id}",
                make=self.a_recognition,
                unitless=True,
                create=self.recognition_body,
            ),
            Resource(
                "/operating-returns",
                one="/operating-returns/{return_id}",
                make=self.a_return,
                ways={"its park's": self.a_return_of_a_park},
                unitless=True,
                create=self.return_body,
                steps={**steps, "restatements": {"accepted"}},
                bodies={"restatements": RESTATE, "submit": {}},
            ),
            Resource(
                "/operating-returns/{return_id}/restatements/{restatement_id}",
                one="/operating-returns/{return_id}/restatements/{restatement_id}",
                make=self.a_restatement,
                steps={"accept": RESTATABLE, "reject": RESTATABLE},
            ),
            Resource(
                "/missing-returns",
                make=self.who_owes,
                unitless=True,
                key="enterprise_id",
            ),
            Resource(
                "/platforms",
                one="/platforms/{platform_id}",
                make=self.a_platform,
                ways={"its host's": self.of_a_host},
                create=self.platform_body,
                steps={"PATCH": OPEN, "close": OPEN, "levels": OPEN},
                bodies={"PATCH": {"host_name": "试验大学"}, "close": CLOSE, "levels": LEVEL},
            ),
            Resource(
                "/platforms/{platform_id}/levels",
                one="/platforms/{platform_id}/levels/{level_id}",
                make=self.a_level,
            ),
            Resource(
                "/return-forms",
                one="/return-forms/{form_id}",
                make=self.a_form,
                create=self.form_body,
            ),
            Resource(
                "/return-rules", one="/return-rules/{code}", make=self.a_rule, bodies={"PUT": RULE}
            ),
            Resource(
                "/parks/{code}/returns/{period}",
                one="/parks/{code}/returns/{period}",
                make=self.a_park_return,
                bodies={"PUT": {"measures": self.measures}},
            ),
            Resource("/park-metrics/breakdown", asked_only=True),
            Resource(
                "/park-metrics/enterprises",
                make=self.who_reported,
                ways={"its park's": self.who_reported_in_a_park},
                unitless=True,
                key="enterprise_id",
                queries={"/park-metrics/enterprises": {"period": "2026-07"}},
            ),
            Resource(
                "/technology-contracts",
                one="/technology-contracts/{contract_id}",
                make=self.a_contract,
                unitless=True,
                create=self.contract_body,
                steps={**CONTRACT_STEPS},
                bodies={
                    "correct": {"amount": "9", "document_no": "1号", "reason": "r"},
                    "cancel": CANCELLED,
                },
            ),
            Resource(
                "/rd-projects",
                one="/rd-projects/{project_id}",
                make=self.a_project,
                ways={"its park's": self.a_project_of_a_park},
                unitless=True,
                create=self.park_project_body,
                steps={
                    ("PATCH" if action == "update" else action): begins
                    for action, (begins, _) in PROJECT_STEPS.items()
                }
                | {"results": frozenset({"running", "completed"})},
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
                steps={
                    ("PATCH" if action == "update" else action): begins
                    for action, (begins, _) in RESULT_STEPS.items()
                },
                bodies={"PATCH": {"investment": "51"}, "return": {"reason": "r"}},
            ),
            Resource(
                "/achievements",
                one="/achievements/{achievement_id}",
                make=self.an_achievement,
                unitless=True,
                create=self.achievement_body,
                steps={
                    ("PATCH" if action == "update" else action): states
                    for action, states in ACHIEVEMENT_STEPS.items()
                },
                bodies={"PATCH": {"amount": "16"}, "withdraw": {"reason": "r"}},
            ),
            Resource(
                "/grade-applications",
                one="/grade-applications/{application_id}",
                make=self.an_application,
                create=self.application_body,
                steps={
                    action: begins
                    for action, (begins, _) in APPLICATION_STEPS.items()
                    if action != "edit"
                },
                bodies={
                    "files": OTHER_PDF,
                    "submit": APPLIED | {"explanation": "e"},
                    "return": {"reason": "r"},
                    "refuse": {"reason": "r"},
                    "withdraw": {"reason": "r"},
                    "grant": GRANTED,
                },
            ),
            Resource(
                "/grade-applications/{application_id}/files/{file_id}",
                make=self.an_application_file,
            ),
            Resource("/operating-returns/submissions", create=self.a_submission),
            Resource("/operating-returns/acceptances", create=self.an_acceptance),
            Resource("/industries", one="/industries/{code}", make=self.an_industry),
            Resource("/park-metrics", make=self.a_metric, key="series"),
        ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def matrix(
    app: FastAPI,
    kept: Database,
    tokens: Tokens,
    caller: Callable[..., Awaitable[Any]],
    rows: Callable[..., Awaitable[Any]],
    samples: Any,
) -> Matrix:
    async with kept.session() as session:
        for code, parents in TREE.items():
            await directory.upsert_unit(
                session, code=code, name=code, kind="bureau", parents=parents, active=True
            )
    office = await caller("office", sub="maker")
    second = await caller("office", sub="second")
    parks = Parks(office, second, rows, samples)
    stays = await parks.an_enterprise()
    return Matrix(app, tokens, parks.resources(stays), JOBS)


@pytest.fixture(scope="module")
def samples(park_body: Any, fresh_uscc: Any, measures: Any) -> Any:
    return park_body, fresh_uscc, measures


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
