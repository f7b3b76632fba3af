"""Platforms and their levels over HTTP."""

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
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Code, Moment

from parks.enterprises.domain import EnterprisesDiffer, InvalidUscc
from parks.labels import LABELS
from parks.parks.domain import FutureDate
from parks.parks.schemas import ParkGradeName
from parks.permissions import (
    CLOSE_PLATFORM,
    CREATE_PLATFORM,
    READ_PLATFORM,
    RECOGNISE_PLATFORM,
    UPDATE_PLATFORM,
)
from parks.platforms import repository, service
from parks.platforms.domain import DaysReversed, LevelIncomplete, LevelTaken, PlatformExists
from parks.platforms.repository import LEVEL_SORT, SORTABLE
from parks.platforms.schemas import (
    PlatformClose,
    PlatformCreate,
    PlatformKind,
    PlatformLevelCreate,
    PlatformLevelPage,
    PlatformLevelRead,
    PlatformPage,
    PlatformRead,
    PlatformStateName,
    PlatformUpdate,
)

router = app.router("platforms")
ONE = "/platforms/{platform_id}"


@router.get("/platforms", response_model=PlatformPage, summary="List platforms")
async def list_platforms(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    kind: Annotated[AnyOf[PlatformKind] | None, Query()] = None,
    level: Annotated[AnyOf[ParkGradeName] | None, Query()] = None,
    park_code: Code | None = None,
    enterprise_id: UUID | None = None,
    state: Annotated[AnyOf[PlatformStateName] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_PLATFORM),
) -> Any:
    """The platforms by name. How many there are of each kind and level is in `/park-metrics`."""
    return await repository.list_platforms(
        session,
        page,
        kind=kind or [],
        level=level or [],
        park_code=park_code,
        enterprise_id=enterprise_id,
        state=state,
        updated_since=updated_since,
    )


@router.get(ONE, response_model=PlatformRead, summary="One platform")
async def get_platform(
    platform_id: UUID,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_PLATFORM),
) -> Any:
    """A platform with its host, its park and its level."""
    platform = await service.get_platform(session, platform_id)
    tag(response, platform)
    return platform


@router.post(
    "/platforms",
    status_code=201,
    response_model=PlatformRead,
    responses=problems(
        LevelIncomplete,
        FutureDate,
        DaysReversed,
        InvalidUscc,
        EnterprisesDiffer,
        UnknownReference,
        PlatformExists,
    ),
    summary="Register a platform",
)
async def create_platform(
    body: PlatformCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_PLATFORM),
) -> Any:
    """For the office, and for a park's administration in its own park. A level it has already
    comes with its day and its document."""
    platform = await service.create_platform(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/platforms/{platform.id}"
    tag(response, platform)
    return platform


add_batch(router, create_platform)
platform_import = add_import(
    router, create_platform, labels=LABELS, create_many=service.create_platforms
)


@router.patch(
    ONE,
    response_model=PlatformRead,
    responses=problems(InvalidTransition, UnknownReference, PlatformExists),
    summary="Change a platform",
)
async def update_platform(
    platform_id: UUID,
    body: PlatformUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(UPDATE_PLATFORM),
) -> Any:
    """A merge patch. Moving it to another park takes the right in both parks."""
    platform = await service.update_platform(session, principal, platform_id, body, expected)
    tag(response, platform)
    return platform


@router.post(
    f"{ONE}/close",
    response_model=PlatformRead,
    responses=problems(InvalidTransition, FutureDate, DaysReversed),
    summary="Close a platform",
)
async def close_platform(
    platform_id: UUID,
    body: PlatformClose,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CLOSE_PLATFORM),
) -> Any:
    """It is counted no longer from that day on. What is closed stays in the register."""
    platform = await service.close_platform(session, principal, platform_id, body, expected)
    tag(response, platform)
    return platform


@router.get(
    f"{ONE}/levels", response_model=PlatformLevelPage, summary="Levels a platform has obtained"
)
async def list_platform_levels(
    platform_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(LEVEL_SORT)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_PLATFORM),
) -> Any:
    """Every level with its day and document, the latest first."""
    return await service.list_levels(session, page, platform_id, updated_since)


@router.get(
    f"{ONE}/levels/{{level_id}}",
    response_model=PlatformLevelRead,
    summary="One level a platform has obtained",
)
async def get_platform_level(
    platform_id: UUID,
    level_id: UUID,
    session: SessionDep,
    _: Principal = permitted(READ_PLATFORM),
) -> Any:
    """When it was obtained, and by which document."""
    return await service.get_level(session, platform_id, level_id)


@router.post(
    f"{ONE}/levels",
    status_code=201,
    response_model=PlatformLevelRead,
    responses=problems(InvalidTransition, FutureDate, DaysReversed, LevelTaken),
    summary="Record an obtained level",
)
async def record_platform_level(
    platform_id: UUID,
    body: PlatformLevelCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(RECOGNISE_PLATFORM),
) -> Any:
    """For the office. It counts on its level from that day on."""
    level = await service.record_level(session, principal, platform_id, body)
    response.headers["Location"] = f"{app.PREFIX}/platforms/{platform_id}/levels/{level.id}"
    return level
