"""Use cases of the payees' bank accounts."""

from typing import Any
from uuid import UUID

from servicekit.auth import directory
from servicekit.auth.permissions import Relation
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import UnknownReference

from funding.awards import repository as awards
from funding.documents import repository as documents_repository
from funding.documents import service as documents
from funding.documents.domain import Step
from funding.payee_accounts.domain import masked_account
from funding.payee_accounts.models import PayeeAccount
from funding.payee_accounts.schemas import PayeeAccountRead
from funding.permissions import READ_ACCOUNT_NUMBER, READ_PAYEE_ACCOUNT


async def create_payee_account(
    session: Session, principal: Principal, values: dict[str, Any]
) -> PayeeAccount:
    """Enter where a unit is to be paid to.

    Raises:
        UnknownReference: no active unit of this code.
    """
    if not await awards.is_known_payee(session, values["payee_unit"]):
        raise UnknownReference(what=f"unit {values['payee_unit']}")
    return await documents.draw_up(session, PayeeAccount(**values, made_by=principal.subject))


async def approve_payee_account(
    session: Session, principal: Principal, document_id: UUID, expected: int | None
) -> PayeeAccount:
    """Another has compared it with the bank's paper: the unit is paid there from now on."""
    return await documents.decide(
        session, principal, PayeeAccount, document_id, Step.APPROVE, expected
    )


def sees_whole(principal: Principal, unit: str) -> bool:
    """Whether the caller sees account numbers of this unit unmasked."""
    relation = Relation.OWN if principal.unit == unit else Relation.OTHER
    return bool(READ_ACCOUNT_NUMBER.relations(principal) & relation)


def shown(principal: Principal, row: PayeeAccount) -> PayeeAccountRead:
    """The account as the caller may see it."""
    answer = PayeeAccountRead.model_validate(row)
    if sees_whole(principal, row.payee_unit):
        return answer
    return answer.model_copy(update={"account_number": masked_account(row.account_number)})


async def list_payee_accounts(
    session: Session, principal: Principal, page: PageRequest, **wanted: Any
) -> Page[Any]:
    seen = await directory.visible_units(session, principal, READ_PAYEE_ACCOUNT)
    unit = wanted.pop("payee_unit")
    if unit is not None:
        seen = [unit] if seen is None or unit in seen else []
    found = await documents_repository.list_documents(
        session, page, PayeeAccount, payee_unit=seen, **wanted
    )
    items = [shown(principal, row) for row in found.items]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)
