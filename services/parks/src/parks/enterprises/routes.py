"""Enterprises over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import read_if_match, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageDep
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import Code, Moment

from parks.enterprises import service
from parks.enterprises.domain import InvalidUscc, UsccTaken
from parks.enterprises.schemas import (
    EnterpriseClass,
    EnterpriseCreate,
    EnterprisePage,
    EnterpriseRead,
    EnterpriseUpdate,
    Uscc,
)
from parks.permissions import CREATE_ENTERPRISE, READ_ENTERPRISE, UPDATE_ENTERPRISE

router = app.router("enterprises")


@router.get("/enterprises", response_model=EnterprisePage, summary="List enterprises")
async def list_enterprises(
    session: SessionDep,
    page: PageDep,
    uscc: Uscc | None = None,
    park_code: Code | None = None,
    unit_code: Code | None = None,
    enterprise_class: Annotated[list[EnterpriseClass] | None, Query()] = None,
    active: bool | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_ENTERPRISE),
) -> Any:
    """The enterprises the caller may see: all, those of its parks, or its own."""
    return await service.list_enterprises(
        session,
        principal,
        page,
        uscc=uscc,
        park_code=park_code,
        unit_code=unit_code,
        enterprise_class=enterprise_class or [],
        active=active,
        updated_since=updated_since,
    )


@router.get("/enterprises/{enterprise_id}", response_model=EnterpriseRead, summary="One enterprise")
async def get_enterprise(
    enterprise_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_ENTERPRISE),
) -> Any:
    """An enterprise with its park, its unit and the class it counts in."""
    enterprise = await service.get_enterprise(session, principal, enterprise_id)
    tag(response, enterprise)
    return enterprise


@router.post(
    "/enterprises",
    status_code=201,
    response_model=EnterpriseRead,
    responses=problems(InvalidUscc, UnknownReference, UsccTaken),
    summary="Register an enterprise",
)
async def create_enterprise(
    body: EnterpriseCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_ENTERPRISE),
) -> Any:
    """For the office, and for a park's administration in its own park. One per USCC."""
    enterprise = await service.create_enterprise(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/enterprises/{enterprise.id}"
    tag(response, enterprise)
    return enterprise


add_batch(router, create_enterprise)


@router.patch(
    "/enterprises/{enterprise_id}",
    response_model=EnterpriseRead,
    responses=problems(UnknownReference),
    summary="Change an enterprise",
)
async def update_enterprise(
    enterprise_id: UUID,
    body: EnterpriseUpdate,
    session: SessionDep,
    response: Response,
    expected: Annotated[int | None, Depends(read_if_match)],
    principal: Principal = permitted(UPDATE_ENTERPRISE),
) -> Any:
    """A merge patch. Moving it to another park takes the right in both parks."""
    enterprise = await service.update_enterprise(session, principal, enterprise_id, body, expected)
    tag(response, enterprise)
    return enterprise
