"""Recipient groups over HTTP."""

from typing import Annotated, Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code, Moment

from supervision.permissions import PUT_RECIPIENT_GROUP, READ_RECIPIENT_GROUP
from supervision.recipient_groups import repository, service
from supervision.recipient_groups.repository import SORTABLE
from supervision.recipient_groups.schemas import (
    RecipientGroupPage,
    RecipientGroupPut,
    RecipientGroupRead,
)

router = app.router("recipient-groups")


@router.get("/recipient-groups", response_model=RecipientGroupPage, summary="List recipient groups")
async def list_recipient_groups(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_RECIPIENT_GROUP),
) -> Any:
    """Whom the bulletins go to."""
    return await repository.list_groups(session, page, updated_since)


@router.get(
    "/recipient-groups/{code}", response_model=RecipientGroupRead, summary="Read a recipient group"
)
async def get_recipient_group(
    code: Code,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_RECIPIENT_GROUP),
) -> Any:
    """One group with its members."""
    row = await repository.get(session, code)
    tag(response, row)
    return row


@router.put(
    "/recipient-groups/{code}",
    response_model=RecipientGroupRead,
    responses={201: {"model": RecipientGroupRead, "description": "Made"}},
    summary="Make or replace a recipient group",
)
async def put_recipient_group(
    code: Code,
    body: RecipientGroupPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(PUT_RECIPIENT_GROUP),
) -> Any:
    """The office keeps a group under its code; the same body again changes nothing."""
    row, created = await service.put_group(session, principal, code, body, expected)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/recipient-groups/{code}"
    tag(response, row)
    return row
