"""HTTP that all kinds of support share: one is listed, read, approved, rejected and withdrawn."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import AnyOf, Code, Moment, Year

from funding.budgets.domain import InsufficientFunds
from funding.documents.domain import DocumentState
from funding.documents.repository import SORTABLE
from funding.documents.routes import Kind, add_document
from funding.fiscal_years.domain import YearClosed
from funding.supports import service
from funding.supports.domain import NoLine
from funding.supports.models import Support
from funding.supports.schemas import SupportRead


@dataclass(frozen=True, slots=True)
class SupportKind:
    """A kind of support. `said` is how a sentence calls one, `plural` how it calls all."""

    model: type[Support]
    read: type[SupportRead]
    page: type[Page[Any]]
    may_read: Permission
    may_file: Permission
    may_decide: Permission
    said: str
    plural: str


def add_support(router: APIRouter, kind: SupportKind) -> None:
    """Give a resource its list, and the operations on one."""

    async def approve(
        session: Session, principal: Principal, document_id: UUID, expected: int | None
    ) -> Support:
        return await service.approve(session, principal, kind.model, document_id, expected)

    document = Kind(
        kind.model,
        kind.read,
        kind.may_read,
        kind.may_file,
        kind.may_decide,
        said=kind.said,
        approval="Grant the award: its amount is committed on the line that the rate names.",
        approve=approve,
        refusals=(InsufficientFunds, NoLine, YearClosed),
        refuse=service.refuse,
    )
    _add_list(router, kind, document.resource)
    add_document(router, document)


def _add_list(router: APIRouter, kind: SupportKind, resource: str) -> None:
    async def list_all(
        session: SessionDep,
        page: Annotated[PageRequest, sorted_by(SORTABLE)],
        payee_unit: Code | None = None,
        fund_code: Code | None = None,
        fiscal_year: Year | None = None,
        state: Annotated[AnyOf[DocumentState] | None, Query()] = None,
        award_id: UUID | None = None,
        updated_since: Moment | None = None,
        principal: Principal = permitted(kind.may_read),
    ) -> Any:
        return await service.list_supports(
            session,
            principal,
            kind.may_read,
            page,
            kind.model,
            payee_unit=payee_unit,
            fund_code=fund_code,
            fiscal_year=fiscal_year,
            state=state,
            award_id=award_id,
            updated_since=updated_since,
        )

    router.add_api_route(
        f"/{resource}",
        list_all,
        name=f"list_{resource.replace('-', '_')}",
        response_model=kind.page,
        summary=f"List {kind.plural}",
        description="Those the caller may see, by payee, fund, year, state and award.",
    )
