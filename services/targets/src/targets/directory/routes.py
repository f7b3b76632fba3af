"""HTTP of the directory: units and working groups."""

from typing import Annotated, Any

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import AnyOf, Code, Moment
from targets.directory import repository, service
from targets.directory.domain import CircularTree, NotAWorkingGroup
from targets.directory.repository import GROUP_SORT, UNIT_SORT
from targets.directory.schemas import (
    UnitKind,
    UnitPage,
    UnitPut,
    UnitRead,
    WorkingGroupPage,
    WorkingGroupPut,
    WorkingGroupRead,
)
from targets.permissions import (
    READ_UNITS,
    READ_WORKING_GROUPS,
    WRITE_UNITS,
    WRITE_WORKING_GROUPS,
)

units = app.router("units")
working_groups = app.router("working-groups")


@units.get("/units", response_model=UnitPage, summary="List units")
async def list_units(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(UNIT_SORT)],
    kind: Annotated[AnyOf[UnitKind] | None, Query()] = None,
    parent: Code | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_UNITS),
) -> Any:
    """The directory, by code; filter by kind and by superior."""
    return await repository.list_units(
        session, page, kind=list(kind or []), parent=parent, updated_since=updated_since
    )


@units.get("/units/{code}", response_model=UnitRead, summary="One unit")
async def get_unit(
    code: Code, session: SessionDep, response: Response, _: Principal = permitted(READ_UNITS)
) -> Any:
    """A unit with its superior and its other names."""
    unit = await service.get_unit(session, code)
    tag(response, unit)
    return unit


@units.put(
    "/units/{code}",
    response_model=UnitRead,
    responses={
        201: {"model": UnitRead, "description": "Created"},
        **problems(CircularTree, UnknownReference),
    },
    summary="Make or change a unit",
)
async def put_unit(
    code: Code,
    body: UnitPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(WRITE_UNITS),
) -> Any:
    """For the office. An equal body changes nothing; a circular tree is refused."""
    unit, created = await service.put_unit(session, code, body, expected)
    tag(response, unit)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/units/{code}"
    return unit


@working_groups.get(
    "/working-groups", response_model=WorkingGroupPage, summary="List working groups"
)
async def list_working_groups(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(GROUP_SORT)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_WORKING_GROUPS),
) -> Any:
    """The working groups with their members, by code."""
    return await repository.list_working_groups(session, page, updated_since)


@working_groups.get(
    "/working-groups/{code}", response_model=WorkingGroupRead, summary="One working group"
)
async def get_working_group(
    code: Code,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_WORKING_GROUPS),
) -> Any:
    """A working group with members, goals and duties."""
    group = await service.get_working_group(session, code)
    tag(response, group)
    return group


@working_groups.put(
    "/working-groups/{code}",
    response_model=WorkingGroupRead,
    responses={
        201: {"model": WorkingGroupRead, "description": "Created"},
        **problems(NotAWorkingGroup, UnknownReference),
    },
    summary="Make or change a working group",
)
async def put_working_group(
    code: Code,
    body: WorkingGroupPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(WRITE_WORKING_GROUPS),
) -> Any:
    """For the office. The unit of the same code must be there and of kind `working_group`."""
    group, created = await service.put_working_group(session, code, body, expected)
    tag(response, group)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/working-groups/{code}"
    return group
