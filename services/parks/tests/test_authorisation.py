"""Who may do what in parks: every cell of the authorisation matrix."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI
from parks.main import build
from parks.settings import Settings
from parks.worker import JOBS
from servicekit.db import Database
from servicekit.testing import units
from servicekit.testing.authorisation.declared import TREE, Resource, Row
from servicekit.testing.authorisation.matrix import Matrix
from servicekit.testing.authorisation.operations import operation_ids
from servicekit.testing.tokens import Tokens

from services.parks.tests.matrix.grade_applications import GradeApplications
from services.parks.tests.matrix.projects import Projects
from services.parks.tests.matrix.register import Register
from services.parks.tests.matrix.returns import Returns


class Parks(Register, Returns, Projects, GradeApplications):
    """How the objects of parks come to be."""

    def resources(self, stays: Row) -> list[Resource]:
        return [
            *self.parks(),
            *self.enterprises(stays),
            *self.returns(),
            *self.forms(),
            *self.figures(),
            *self.platforms(),
            *self.projects(),
            *self.transfers(),
            *self.applications(),
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
    await units.tell(kept, TREE)
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
