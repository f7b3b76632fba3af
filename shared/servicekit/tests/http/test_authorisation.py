"""The matrix sees what it is there for: each fault is planted once in the service of notes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI
from servicekit.auth import directory
from servicekit.auth.permissions import Permission, Relation
from servicekit.db import Database
from servicekit.ids import new_id
from servicekit.jobs.job import Kind
from servicekit.testing import units
from servicekit.testing.asgi import Clients
from servicekit.testing.authorisation.declared import TREE, Resource, Row
from servicekit.testing.authorisation.judging import as_csv
from servicekit.testing.authorisation.matrix import Matrix
from servicekit.testing.authorisation.operations import operation_ids
from servicekit.testing.tokens import Tokens

READS = ("listNotes", "listHotNotes", "getNote")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def notes(notes_app: FastAPI, api_client: Clients) -> Resource:
    client = await api_client(notes_app, "office")
    url = notes_app.state.settings.database_url
    async with Database(url) as database:
        await units.tell(database, TREE)

    async def a_body(unit: str | None) -> Row:
        return {"title": f"note {new_id()}", "unit": unit}

    async def a_note(state: str, unit: str | None) -> Row:
        path, key = "/api/v1/notes", {"Idempotency-Key": str(new_id())}
        row = (await client.post(path, json=await a_body(unit), headers=key)).json()
        if state == "sent":
            key = {"Idempotency-Key": str(new_id()), "If-Match": '"1"'}
            row = (await client.post(f"{path}/{row['id']}/send", headers=key)).json()
        return row

    return Resource(
        "/notes",
        one="/notes/{note_id}",
        make=a_note,
        create=a_body,
        states=("draft", "sent"),
        steps={"send": {"draft"}},
    )


@pytest.fixture
def matrix(notes_app: FastAPI, notes: Resource, tokens: Tokens, kinds: list[Kind]) -> Matrix:
    hot = replace(notes, path="/hot-notes", one=None)
    return Matrix(notes_app, tokens, [notes, hot], kinds)


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`plant(name, function)`: another rule in the place of one of the directory's."""
    return lambda name, function: monkeypatch.setattr(directory, name, function)


async def wrong(matrix: Matrix, *names: str) -> str:
    return "\n".join([line for name in names for line in await matrix.wrong_cells(name)])


async def test_a_service_that_keeps_to_its_table_has_no_wrong_cell(
    matrix: Matrix, notes_app: FastAPI
) -> None:
    assert await wrong(matrix, *operation_ids(notes_app)) == ""
    assert await matrix.wrong_steps() == []
    assert await matrix.untested() == set()


async def test_an_operation_that_looks_at_the_role_alone_is_seen(
    matrix: Matrix, plant: Callable[..., None]
) -> None:
    async def anybody(*_: Any) -> None:
        return None

    plant("require", anybody)
    found = await wrong(matrix, "getNote", "sendNote", "createNote", "listNotes")
    for line in (
        "GET /notes/{note_id} as unit_reporter (other): draft: 200 instead of 403 forbidden",
        "POST /notes/{note_id}/send as unit_reporter (child): sent: 412 stale_version instead",
        "POST /notes as unit_reporter (no unit): 201 instead of 403 forbidden",
    ):
        assert line in found
    assert "office" not in found
    assert "GET /notes as" not in found


@pytest.mark.parametrize("fault", ["everything", "only its own", "nothing"])
async def test_a_list_that_shows_more_or_less_than_a_read_is_seen(
    matrix: Matrix, plant: Callable[..., None], fault: str
) -> None:
    async def visible_units(_: Any, principal: Any, permission: Permission) -> list[str] | None:
        if permission.relations(principal) & Relation.OTHER or fault == "everything":
            return None
        return [principal.unit] if fault == "only its own" and principal.unit else []

    plant("visible_units", visible_units)
    found = await wrong(matrix, *READS)
    line = {
        "everything": "GET /notes as unit_reporter (other): draft is listed",
        "only its own": "GET /notes as unit_reporter (child): sent is not listed",
        "nothing": "GET /hot-notes as unit_reporter (own): draft is not in the file",
    }[fault]
    assert line in found
    assert "GET /notes/{note_id}" not in found


async def test_a_step_that_is_possible_from_another_state_than_its_table_says_is_seen(
    notes_app: FastAPI, notes: Resource, matrix: Matrix
) -> None:
    other = Matrix(
        notes_app,
        matrix.tokens,
        [replace(notes, steps={"send": {"sent"}}), *matrix.resources[1:]],
    )
    assert await other.wrong_steps() == [
        "POST /notes/{note_id}/send from draft: 200 instead of 409 invalid_transition",
        "POST /notes/{note_id}/send from sent: 409 invalid_transition instead of a success",
    ]


async def test_what_nobody_declares_is_told_with_the_line_that_is_missing(
    notes_app: FastAPI, notes: Resource, matrix: Matrix
) -> None:
    with pytest.raises(LookupError, match=r'GET /hot-notes is not in .* add Resource\("/hot-not'):
        _ = Matrix(notes_app, matrix.tokens, [notes]).operations
    hot = matrix.resources[1]
    unmade = Matrix(notes_app, matrix.tokens, [replace(notes, make=None), hot])
    with pytest.raises(LookupError, match=r'Resource\("/notes", make=…\)'):
        await unmade.wrong_cells("getNote")
    assert notes.make is not None
    a_note = notes.make
    unsent = replace(notes, make=lambda _, unit: a_note("draft", unit))
    with pytest.raises(LookupError, match=r"make\('sent'\) gave \{'draft'\}"):
        await Matrix(notes_app, matrix.tokens, [unsent, hot]).wrong_cells("getNote")
    stepless = Matrix(notes_app, matrix.tokens, [replace(notes, steps={}), hot])
    with pytest.raises(LookupError, match=r'steps=\{"send": …\}'):
        await stepless.wrong_steps()


def test_an_import_is_a_file_of_the_bodys_fields() -> None:
    file = as_csv({"title": "a,b", "active": True, "parts": ["x"], "rank": 3})
    assert file.decode().splitlines() == ["title,active,parts,rank", '"a,b",true,"[""x""]",3']
