"""Achievements over HTTP."""

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

from parks.achievements import service
from parks.achievements.domain import AchievementExists
from parks.achievements.repository import SORTABLE
from parks.achievements.schemas import (
    AchievementCreate,
    AchievementKind,
    AchievementPage,
    AchievementRead,
    AchievementState,
    AchievementUpdate,
    AchievementWithdraw,
)
from parks.enterprises.domain import EnterprisesDiffer, EnterpriseUnnamed, InvalidUscc
from parks.labels import LABELS
from parks.parks.domain import FutureDate
from parks.permissions import (
    CREATE_ACHIEVEMENT,
    READ_ACHIEVEMENT,
    UPDATE_ACHIEVEMENT,
    WITHDRAW_ACHIEVEMENT,
)

router = app.router("achievements")
ONE = "/achievements/{achievement_id}"


@router.get("/achievements", response_model=AchievementPage, summary="List achievements")
async def list_achievements(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    enterprise_id: UUID | None = None,
    park_code: Code | None = None,
    kind: Annotated[AnyOf[AchievementKind] | None, Query()] = None,
    major: bool | None = None,
    programme: Code | None = None,
    state: Annotated[AnyOf[AchievementState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_ACHIEVEMENT),
) -> Any:
    """Those the caller may see, the latest first."""
    return await service.list_achievements(
        session,
        principal,
        page,
        enterprise_id=enterprise_id,
        park_code=park_code,
        kind=kind or [],
        major=major,
        programme=programme,
        state=state,
        updated_since=updated_since,
    )


@router.get(ONE, response_model=AchievementRead, summary="One achievement")
async def get_achievement(
    achievement_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_ACHIEVEMENT),
) -> Any:
    """From whom it came, where it went and by which contract."""
    row = await service.get_achievement(session, principal, achievement_id)
    tag(response, row)
    return row


@router.post(
    "/achievements",
    status_code=201,
    response_model=AchievementRead,
    responses=problems(
        FutureDate,
        InvalidUscc,
        EnterpriseUnnamed,
        EnterprisesDiffer,
        UnknownReference,
        AchievementExists,
    ),
    summary="Register a transferred achievement",
)
async def create_achievement(
    body: AchievementCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_ACHIEVEMENT),
) -> Any:
    """For the office, and for a park's administration of its own enterprises. A major one of a
    programme counts for its target from that day on."""
    row = await service.create_achievement(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/achievements/{row.id}"
    tag(response, row)
    return row


add_batch(router, create_achievement)
achievement_import = add_import(router, create_achievement, labels=LABELS)


@router.patch(
    ONE,
    response_model=AchievementRead,
    responses=problems(InvalidTransition, FutureDate, UnknownReference, AchievementExists),
    summary="Change an achievement",
)
async def update_achievement(
    achievement_id: UUID,
    body: AchievementUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(UPDATE_ACHIEVEMENT),
) -> Any:
    """A merge patch. The months it counts in are counted again."""
    row = await service.update_achievement(session, principal, achievement_id, body, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/withdraw",
    response_model=AchievementRead,
    responses=problems(InvalidTransition),
    summary="Withdraw an achievement",
)
async def withdraw_achievement(
    achievement_id: UUID,
    body: AchievementWithdraw,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(WITHDRAW_ACHIEVEMENT),
) -> Any:
    """It counts no longer, in no month, and stays in the register."""
    row = await service.withdraw_achievement(
        session, principal, achievement_id, body.reason, expected
    )
    tag(response, row)
    return row
