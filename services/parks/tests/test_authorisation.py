"""Who may do what in parks: every cell of the authorisation matrix."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI
from parks.main import build
from parks.returns.domain import STEPS, ReturnAction
from parks.settings import Settings
from servicekit.auth import directory
from servicekit.db import Database
from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import TREE, Resource, Row
from servicekit.testing.authorisation.matrix import Matrix
from servicekit.testing.authorisation.operations import operation_ids
from servicekit.testing.tokens import Tokens

PATH = {ReturnAction.UPDATE: "PATCH"}
GRADE = {"grade": "municipal", "obtained_on": "2026-01-31", "document_no": "新科〔2026〕1号"}


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

    async def made(self, path: str, body: Row) -> Row:
        answer = await self.office.post(path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def an_enterprise(self, _: str = "", unit: str | None = None, park: str = "") -> Row:
        body = {"uscc": self.fresh_uscc(), "name": "某公司", "unit_code": unit}
        return await self.made("/enterprises", body | {"park_code": park or None})

    async def of_an_administration(self, _: str, unit: str | None) -> Row:
        return await self.an_enterprise(park=(await self.a_park(unit=unit))["code"])

    async def of_a_town(self, _: str, unit: str | None) -> Row:
        return await self.an_enterprise(park=(await self.a_park(jurisdictions=[unit]))["code"])

    async def enterprise_body(self, unit: str) -> Row:
        park = await self.a_park(unit=unit)
        return {"uscc": self.fresh_uscc(), "name": "某公司", "park_code": park["code"]}

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

    async def a_metric(self, _: str, unit: str | None) -> Row:
        row = await self.a_return_of_a_park("accepted", unit)
        return {"series": f"sales_revenue.park.{row['park_code']}:2026-07"}

    def resources(self) -> list[Resource]:
        steps = {PATH.get(action, action): begins for action, (begins, _) in STEPS.items()}
        park = {"its park's": self.of_an_administration, "its town's": self.of_a_town}
        return [
            Resource("/parks", one="/parks/{code}", make=self.a_park, bodies={"grades": GRADE}),
            Resource("/parks/{code}/grades", make=self.a_grade, bodies={"grades": GRADE}),
            Resource(
                "/enterprises",
                one="/enterprises/{enterprise_id}",
                make=self.an_enterprise,
                ways=park,
                unitless=True,
                create=self.enterprise_body,
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
                steps=steps,
            ),
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
    return Matrix(app, tokens, Parks(office, second, rows, samples).resources())


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
