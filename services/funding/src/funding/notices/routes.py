"""HTTP of the public notices."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition
from servicekit.types import AnyOf, Moment

from funding.calls.schemas import FundingCallRead
from funding.notices import repository, service
from funding.notices.domain import NoticeState
from funding.notices.repository import SORTABLE, NoticeFilter
from funding.notices.schemas import PublicNoticePage, PublicNoticeRead
from funding.permissions import READ_NOTICE, SELECT_APPLICATIONS

router = app.router("public-notices")
announcing = app.router("funding-calls")


@announcing.post(
    "/funding-calls/{call_id}/announce",
    response_model=FundingCallRead,
    responses=problems(InvalidTransition),
    summary="Announce the ranking of a call",
)
async def announce_funding_call(
    call_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(SELECT_APPLICATIONS),
) -> Any:
    """Everybody sees the list for the workdays of the call, and may object until they are over."""
    call = await service.announce_call(session, principal, call_id, expected)
    tag(response, call)
    return call


@router.get("/public-notices", response_model=PublicNoticePage, summary="List public notices")
async def list_public_notices(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    call_id: UUID | None = None,
    state: Annotated[AnyOf[NoticeState] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_NOTICE),
) -> Any:
    """Notices by call and state."""
    return await repository.list_notices(session, page, NoticeFilter(call_id, state, updated_since))


@router.get(
    "/public-notices/{notice_id}", response_model=PublicNoticeRead, summary="Read a public notice"
)
async def get_public_notice(
    notice_id: UUID,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_NOTICE),
) -> Any:
    """The list as it was frozen, with its digest and its last day."""
    notice = await service.get_notice(session, notice_id)
    tag(response, notice)
    return notice
