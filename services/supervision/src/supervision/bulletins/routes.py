"""HTTP of bulletins."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files.download import attachment, gives
from servicekit.files.kinds import DOCX, PDF
from servicekit.files.names import disposition
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, PreconditionRequired, UnknownReference
from servicekit.types import AnyOf, Code, Day, Moment, Year

from supervision.bulletins import repository, service
from supervision.bulletins.domain import (
    BulletinState,
    NotFrozen,
    PeriodReversed,
    ReviewerIsEditor,
)
from supervision.bulletins.repository import SORTABLE, BulletinFilter
from supervision.bulletins.schemas import (
    BulletinCreate,
    BulletinFigures,
    BulletinPage,
    BulletinRead,
    BulletinReason,
    BulletinReview,
    BulletinUpdate,
)
from supervision.permissions import (
    CANCEL_BULLETIN,
    CREATE_BULLETIN,
    EDIT_BULLETIN,
    FREEZE_BULLETIN,
    ISSUE_BULLETIN,
    READ_BULLETIN,
    REVIEW_BULLETIN,
    SUBMIT_BULLETIN,
    WITHDRAW_BULLETIN,
)

router = app.router("bulletins")
ONE = "/bulletins/{bulletin_id}"
NO_NOTE = BulletinReview()


@router.get("/bulletins", response_model=BulletinPage, summary="List bulletins")
async def list_bulletins(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    state: Annotated[AnyOf[BulletinState] | None, Query()] = None,
    programme: Code | None = None,
    year: Year | None = None,
    period_end_gte: Day | None = None,
    period_start_lte: Day | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_BULLETIN),
) -> Any:
    """Bulletins by state, year of issue and period; those that were sent to a unit are its
    `GET /bulletin-deliveries`."""
    wanted = BulletinFilter(
        state or (), programme, year, period_end_gte, period_start_lte, updated_since
    )
    return await repository.list_bulletins(session, page, wanted)


@router.post(
    "/bulletins",
    response_model=BulletinRead,
    status_code=201,
    responses=problems(PeriodReversed, UnknownReference),
    summary="Begin a bulletin",
)
async def create_bulletin(
    body: BulletinCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_BULLETIN),
) -> Any:
    """A draft about a period; its data is cut at `cut_off_at`, or when it is frozen by hand."""
    row = await service.create_bulletin(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/bulletins/{row.id}"
    tag(response, row)
    return row


@router.get(ONE, response_model=BulletinRead, summary="Read a bulletin")
async def get_bulletin(
    bulletin_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_BULLETIN),
) -> Any:
    """One bulletin with its sections; its ETag is what every step needs as If-Match."""
    row = await service.get_bulletin(session, principal, bulletin_id)
    tag(response, row)
    return row


@router.patch(
    ONE,
    response_model=BulletinRead,
    responses=problems(InvalidTransition, NotFrozen, UnknownReference, PreconditionRequired),
    summary="Edit a bulletin",
)
async def update_bulletin(
    bulletin_id: UUID,
    body: BulletinUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(EDIT_BULLETIN),
) -> Any:
    """Title, recipients and the text of sections, until it is handed in for review."""
    row = await service.update_bulletin(session, principal, bulletin_id, body, expected)
    tag(response, row)
    return row


@router.get(
    f"{ONE}/figures",
    response_model=BulletinFigures,
    summary="Read the figures of a bulletin",
)
async def get_bulletin_figures(
    bulletin_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_BULLETIN),
) -> Any:
    """All data as it was at the cut-off, which never changes again; of a draft, what a cut would
    give now."""
    return await service.figures_of(session, principal, bulletin_id)


@router.get(
    f"{ONE}/document",
    response_class=Response,
    responses=gives(PDF, DOCX) | problems(UnknownReference),
    summary="Download a bulletin",
)
async def get_bulletin_document(
    bulletin_id: UUID,
    session: SessionDep,
    form: Literal["pdf", "docx"] = "pdf",
    principal: Principal = permitted(READ_BULLETIN),
) -> Response:
    """In the layout of GB/T 9704: the file as it was issued; before, as it would be set now,
    marked as a draft (送审稿); after it was withdrawn, marked so (已撤回)."""
    row = await service.get_bulletin(session, principal, bulletin_id)
    return await document_of(session, row, form)


async def document_of(session: Session, row: Any, form: str) -> Response:
    """The file of a bulletin. The caller has decided that it may be read."""
    sha256 = row.pdf_sha256 if form == "pdf" else row.docx_sha256
    name = f"{row.masthead}{row.number or '送审稿'}.{form}"
    if row.state == BulletinState.ISSUED:
        return await attachment(session, sha256, name)
    content = await service.marked_copy(session, row, form)
    headers = {"Content-Disposition": disposition(name), "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=service.RENDER[form][0], headers=headers)


@router.post(
    f"{ONE}/freeze",
    response_model=BulletinRead,
    responses=problems(InvalidTransition),
    summary="Cut the data of a bulletin",
)
async def freeze_bulletin(
    bulletin_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(FREEZE_BULLETIN),
) -> Any:
    """The data as it is now is kept with the bulletin, and its sections are written over it;
    what is corrected afterwards does not reach it."""
    row = await service.freeze_bulletin(session, principal, bulletin_id, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/submit",
    response_model=BulletinRead,
    responses=problems(InvalidTransition),
    summary="Hand in a bulletin for review",
)
async def submit_bulletin(
    bulletin_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(SUBMIT_BULLETIN),
) -> Any:
    """It is written; somebody who wrote none of it looks at it."""
    row = await service.submit_bulletin(session, principal, bulletin_id, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/return",
    response_model=BulletinRead,
    responses=problems(InvalidTransition),
    summary="Send a bulletin back",
)
async def return_bulletin(
    bulletin_id: UUID,
    body: BulletinReason,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(REVIEW_BULLETIN),
) -> Any:
    """To those who write it, with the reason; also after its review, before it is issued."""
    row = await service.return_bulletin(session, principal, bulletin_id, expected, body.reason)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/review",
    response_model=BulletinRead,
    responses=problems(InvalidTransition, ReviewerIsEditor),
    summary="Approve a bulletin",
)
async def review_bulletin(
    bulletin_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    body: BulletinReview = NO_NOTE,
    principal: Principal = permitted(REVIEW_BULLETIN),
) -> Any:
    """By somebody who wrote none of it; it may be issued now."""
    row = await service.review_bulletin(session, principal, bulletin_id, expected, body.note)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/issue",
    response_model=BulletinRead,
    responses=problems(InvalidTransition, UnknownReference),
    summary="Issue a bulletin",
)
async def issue_bulletin(
    bulletin_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ISSUE_BULLETIN),
) -> Any:
    """It gets the next number of the year, its two files are set once and for all, and every
    member of its groups gets a delivery."""
    row = await service.issue_bulletin(session, principal, bulletin_id, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/withdraw",
    response_model=BulletinRead,
    responses=problems(InvalidTransition),
    summary="Withdraw a bulletin",
)
async def withdraw_bulletin(
    bulletin_id: UUID,
    body: BulletinReason,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(WITHDRAW_BULLETIN),
) -> Any:
    """It no longer holds: every copy is recalled. Its number is not given again."""
    row = await service.withdraw_bulletin(session, principal, bulletin_id, expected, body.reason)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/cancel",
    response_model=BulletinRead,
    responses=problems(InvalidTransition),
    summary="Give up a bulletin",
)
async def cancel_bulletin(
    bulletin_id: UUID,
    body: BulletinReason,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CANCEL_BULLETIN),
) -> Any:
    """One that was not issued; it never had a number."""
    row = await service.cancel_bulletin(session, principal, bulletin_id, expected, body.reason)
    tag(response, row)
    return row
