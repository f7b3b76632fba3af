"""HTTP of the payees' bank accounts."""

from typing import Annotated, Any

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import AnyOf, Code, Moment

from funding.documents.domain import DocumentState
from funding.documents.repository import SORTABLE
from funding.documents.routes import Kind, add_document
from funding.payee_accounts import service
from funding.payee_accounts.models import PayeeAccount
from funding.payee_accounts.schemas import PayeeAccountCreate, PayeeAccountPage, PayeeAccountRead
from funding.permissions import (
    APPROVE_PAYEE_ACCOUNT,
    MAKE_PAYEE_ACCOUNT,
    READ_PAYEE_ACCOUNT,
)

router = app.router("payee-accounts")


@router.post(
    "/payee-accounts",
    status_code=201,
    response_model=PayeeAccountRead,
    responses=problems(UnknownReference),
    summary="Enter the bank account of a payee",
)
async def create_payee_account(
    body: PayeeAccountCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(MAKE_PAYEE_ACCOUNT),
) -> Any:
    """Enter where a unit is to be paid to; somebody else compares it with the bank's paper."""
    row = await service.create_payee_account(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/payee-accounts/{row.id}"
    tag(response, row)
    return service.shown(principal, row)


@router.get(
    "/payee-accounts", response_model=PayeeAccountPage, summary="List bank accounts of payees"
)
async def list_payee_accounts(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    payee_unit: Code | None = None,
    state: Annotated[AnyOf[DocumentState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_PAYEE_ACCOUNT),
) -> Any:
    """Accounts of the units the caller may see, with their numbers as far as they may."""
    return await service.list_payee_accounts(
        session,
        principal,
        page,
        payee_unit=payee_unit,
        state=state,
        updated_since=updated_since,
    )


add_document(
    router,
    Kind(
        PayeeAccount,
        PayeeAccountRead,
        READ_PAYEE_ACCOUNT,
        MAKE_PAYEE_ACCOUNT,
        APPROVE_PAYEE_ACCOUNT,
        said="the bank account of a payee",
        approval="Another than its maker confirms it: the payee is paid there from now on.",
        approve=service.approve_payee_account,
        shown=service.shown,
    ),
)
