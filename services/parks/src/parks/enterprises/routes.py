"""Enterprises over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.add import add_import
from servicekit.problems import UnknownReference
from servicekit.types import AnyOf, Code, Moment, Text

from parks.enterprises import service
from parks.enterprises.domain import (
    EnterpriseMerged,
    EnterpriseNameTaken,
    InvalidUscc,
    UsccTaken,
)
from parks.enterprises.repository import SORTABLE
from parks.enterprises.schemas import (
    EnterpriseClass,
    EnterpriseCreate,
    EnterprisePage,
    EnterpriseRead,
    EnterpriseUpdate,
    Industry,
    Uscc,
)
from parks.industries.domain import UnknownIndustry
from parks.labels import LABELS
from parks.permissions import CREATE_ENTERPRISE, READ_ENTERPRISE, UPDATE_ENTERPRISE
from parks.standings.domain import InTwoPlacesAtOnce

router = app.router("enterprises")


@router.get("/enterprises", response_model=EnterprisePage, summary="List enterprises")
async def list_enterprises(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    uscc: Uscc | None = None,
    park_code: Code | None = None,
    unit_code: Code | None = None,
    enterprise_class: Annotated[AnyOf[EnterpriseClass] | None, Query()] = None,
    active: bool | None = None,
    name: Annotated[
        Text | None, Query(description="One of its names, however it is written.")
    ] = None,
    industry: Annotated[
        Industry | None, Query(description="With everything below it in GB/T 4754.")
    ] = None,
    duplicates: Annotated[
        bool, Query(description="Those that share a name or a unit with another one.")
    ] = False,
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
        name=name,
        industry=industry,
        duplicates=duplicates,
        updated_since=updated_since,
    )


@router.get("/enterprises/{enterprise_id}", response_model=EnterpriseRead, summary="One enterprise")
async def get_enterprise(
    enterprise_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_ENTERPRISE),
) -> Any:
    """An enterprise with its park, its unit and the class it counts in. A duplicate that was
    merged is answered by the enterprise it was merged into, which `Content-Location` names."""
    enterprise = await service.get_merged(session, principal, enterprise_id)
    if enterprise.id != enterprise_id:
        response.headers["Content-Location"] = f"{app.PREFIX}/enterprises/{enterprise.id}"
    tag(response, enterprise)
    return enterprise


@router.post(
    "/enterprises",
    status_code=201,
    response_model=EnterpriseRead,
    responses=problems(
        InvalidUscc, UnknownIndustry, UnknownReference, UsccTaken, EnterpriseNameTaken
    ),
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
enterprise_import = add_import(
    router, create_enterprise, labels=LABELS, create_many=service.create_enterprises
)


@router.patch(
    "/enterprises/{enterprise_id}",
    response_model=EnterpriseRead,
    responses=problems(
        UnknownReference, UnknownIndustry, EnterpriseMerged, EnterpriseNameTaken, InTwoPlacesAtOnce
    ),
    summary="Change an enterprise",
)
async def update_enterprise(
    enterprise_id: UUID,
    body: EnterpriseUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(UPDATE_ENTERPRISE),
) -> Any:
    """A merge patch. Moving it to another park takes the right in both parks."""
    enterprise = await service.update_enterprise(session, principal, enterprise_id, body, expected)
    tag(response, enterprise)
    return enterprise
