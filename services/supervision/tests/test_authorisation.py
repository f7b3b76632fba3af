"""Who may do what in supervision: every cell of the authorisation matrix."""

from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI
from servicekit.db import Database
from servicekit.testing import units
from servicekit.testing.authorisation.declared import TREE, UNIT, Resource
from servicekit.testing.authorisation.matrix import Matrix
from servicekit.testing.authorisation.operations import operation_ids
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import Tokens
from supervision.main import build
from supervision.settings import Settings
from supervision.worker import JOBS

from services.supervision.tests.matrix.assessments import Assessments
from services.supervision.tests.matrix.bulletins import Bulletins
from services.supervision.tests.matrix.calendar import Calendar
from services.supervision.tests.matrix.inspections import Inspections
from services.supervision.tests.matrix.items import Items
from services.supervision.tests.matrix.meetings import Meetings
from services.supervision.tests.matrix.plans import Plans


class Office(Items, Inspections, Meetings, Plans, Calendar, Bulletins, Assessments):
    """How the objects of supervision come to be."""

    def resources(self) -> list[Resource]:
        return [
            *self.items(),
            *self.about_items(),
            *self.inspections(),
            *self.findings(),
            *self.meetings(),
            *self.plans(),
            *self.calendar(),
            *self.bulletins(),
            *self.assessments(),
        ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def matrix(
    app: FastAPI, database: ServiceDatabase, pool: Database, tokens: Tokens, as_role: Any
) -> Matrix:
    await units.tell(pool, TREE)
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
