"""HTTP of the programmes."""

from typing import Annotated, Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import Code, Moment
from targets.permissions import READ_PROGRAMMES, WRITE_PROGRAMMES
from targets.programmes import repository, service
from targets.programmes.repository import SORTABLE
from targets.programmes.schemas import ProgrammePage, ProgrammePut, ProgrammeRead

programmes = app.router("programmes")


@programmes.get("/programmes", response_model=ProgrammePage, summary="List programmes")
async def list_programmes(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_PROGRAMMES),
) -> Any:
    """All programmes, by code."""
    return await repository.list_programmes(session, page, updated_since)


@programmes.get("/programmes/{code}", response_model=ProgrammeRead, summary="One programme")
async def get_programme(
    code: Code,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_PROGRAMMES),
) -> Any:
    """A programme with its cadences and standing rules."""
    programme = await service.get_programme(session, code)
    tag(response, programme)
    return programme


@programmes.put(
    "/programmes/{code}",
    response_model=ProgrammeRead,
    responses={
        201: {"model": ProgrammeRead, "description": "Created"},
        **problems(UnknownReference),
    },
    summary="Make or change a programme",
)
async def put_programme(
    code: Code,
    body: ProgrammePut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(WRITE_PROGRAMMES),
) -> Any:
    """For the office. An equal body changes nothing. Its reporting periods are made with it."""
    programme, created = await service.put_programme(session, code, body, expected)
    tag(response, programme)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/programmes/{code}"
    return programme
