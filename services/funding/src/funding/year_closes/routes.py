"""HTTP of closing a year."""

from typing import Annotated, Any

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import AlreadyExists, Busy, UnknownReference
from servicekit.types import AnyOf, Moment, Year

from funding.budgets.domain import LineIsDraft
from funding.documents import repository as documents
from funding.documents.domain import DocumentState
from funding.documents.repository import SORTABLE
from funding.documents.routes import Kind, add_document
from funding.fiscal_years.domain import NoOpenYear, YearClosed
from funding.permissions import APPROVE_YEAR_CLOSE, MAKE_YEAR_CLOSE, READ_YEAR_CLOSE
from funding.year_closes import service
from funding.year_closes.domain import YearNotReady
from funding.year_closes.models import YearClose
from funding.year_closes.schemas import YearCloseCreate, YearClosePage, YearCloseRead

router = app.router("year-closes")


@router.post(
    "/year-closes",
    status_code=201,
    response_model=YearCloseRead,
    responses=problems(UnknownReference, AlreadyExists, YearClosed),
    summary="Draw up the close of a year",
)
async def create_year_close(
    body: YearCloseCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(MAKE_YEAR_CLOSE),
) -> Any:
    """Propose to end a fiscal year's books; somebody else does it."""
    row = await service.create_year_close(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/year-closes/{row.id}"
    tag(response, row)
    return row


@router.get("/year-closes", response_model=YearClosePage, summary="List closes of years")
async def list_year_closes(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    fiscal_year: Year | None = None,
    state: Annotated[AnyOf[DocumentState] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_YEAR_CLOSE),
) -> Any:
    """Closes by year and state."""
    return await documents.list_documents(
        session,
        page,
        YearClose,
        fiscal_year=fiscal_year,
        state=state,
        updated_since=updated_since,
    )


add_document(
    router,
    Kind(
        YearClose,
        YearCloseRead,
        READ_YEAR_CLOSE,
        MAKE_YEAR_CLOSE,
        APPROVE_YEAR_CLOSE,
        said="the close of a year",
        approval="Close the year for good: unpaid promises go into the next year with their "
        "awards, what is not carried over lapses, and no entry of the year is possible any more. "
        "Refused with a list while payments or calls are on their way or drafts are open.",
        approve=service.approve_year_close,
        refusals=(YearNotReady, NoOpenYear, LineIsDraft, Busy),
    ),
)
