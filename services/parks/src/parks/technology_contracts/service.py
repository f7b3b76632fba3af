"""Use cases of the technology contracts."""

from datetime import date
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound
from servicekit.types import plain

from parks.enterprises import service as enterprises
from parks.metrics import service as metrics
from parks.parks.domain import check_not_in_future
from parks.permissions import (
    CANCEL_CONTRACT,
    CORRECT_CONTRACT,
    READ_CONTRACT,
    REGISTER_CONTRACT,
)
from parks.technology_contracts import domain, events, repository
from parks.technology_contracts.domain import ContractAction, ContractState
from parks.technology_contracts.models import TechnologyContract
from parks.technology_contracts.schemas import (
    TechnologyContractCancel,
    TechnologyContractCorrect,
    TechnologyContractCreate,
)

WHY = ("document_no", "reason")


async def load(
    session: Session, principal: Principal, permission: Permission, contract_id: UUID
) -> TechnologyContract:
    """Raises `NotFound`, `Forbidden`."""
    row = await repository.get(session, contract_id)
    if row is None:
        raise NotFound(what=f"technology contract {contract_id}")
    await directory.require(session, principal, permission, *await units_of(session, row))
    return row


async def list_contracts(
    session: Session, principal: Principal, page: PageRequest, **wanted: Any
) -> Page:
    """The contracts the caller may see."""
    units = await directory.visible_units(session, principal, READ_CONTRACT)
    return await repository.list_contracts(session, page, units=units, **wanted)


async def register_contract(
    session: Session, principal: Principal, body: TechnologyContractCreate
) -> TechnologyContract:
    """Register a contract: its amount is trade volume of the month from here on.

    Raises:
        AmountsContradict, RegisteredBeforeSigned, SellerUnnamed, ContractRegistered: see `domain`.
        FutureDate: it is not registered yet.
        UnknownReference, InvalidUscc, EnterprisesDiffer: its seller.
        Forbidden.
    """
    await directory.require(session, principal, REGISTER_CONTRACT)
    today = china_date()
    days = (body.signed_on, body.registered_on, today)
    domain.check_contract(body.amount, body.technology_amount, *days)
    seller = await seller_of(session, body)
    row = TechnologyContract(
        **body.model_dump(exclude={"uscc", "enterprise_id"}),
        enterprise_id=seller,
        park_code=await park_of(session, seller, body.registered_on),
        state=ContractState.REGISTERED,
    )
    taken = domain.ContractRegistered(number=body.number).at("/number")
    if await repository.registered(session, body.number) is not None:
        raise taken
    session.refuse("uq_technology_contract_number", taken)
    session.add(row)
    await session.flush()
    note(session, row, "technology_contracts.create", None)
    outbox.add(session, events.contract_registered(row, await units_of(session, row)))
    await metrics.add(session, domain.moves(None, row.volume))
    return row


async def correct_contract(
    session: Session,
    principal: Principal,
    contract_id: UUID,
    body: TechnologyContractCorrect,
    expected: int | None,
) -> TechnologyContract:
    """Put right what was registered wrongly: the volume moves in the months it counted in.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition.
        NothingCorrected, AmountsContradict, RegisteredBeforeSigned, FutureDate.
    """
    row = await lock(session, principal, CORRECT_CONTRACT, contract_id, expected)
    domain.check_step(row.state, ContractAction.CORRECT)
    wanted = body.model_dump(exclude_unset=True, exclude=set(WHY))
    changes = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if not changes:
        raise domain.NothingCorrected
    amount, paid, signed_on, registered_on = (
        changes.get(name, getattr(row, name))
        for name in ("amount", "technology_amount", "signed_on", "registered_on")
    )
    domain.check_contract(amount, paid, signed_on, registered_on, china_date())
    counted, before = row.volume, row.snapshot()
    if "registered_on" in changes:
        changes["park_code"] = await park_of(session, row.enterprise_id, registered_on)
    changes["corrections"] = [*row.corrections, correction(row, principal, body)]
    row.change(changes)
    await session.flush()
    note(session, row, "technology_contracts.correct", before)
    outbox.add(session, events.contract_corrected(row, await units_of(session, row)))
    await metrics.add(session, domain.moves(counted, row.volume), body.reason)
    return row


async def cancel_contract(
    session: Session,
    principal: Principal,
    contract_id: UUID,
    body: TechnologyContractCancel,
    expected: int | None,
) -> TechnologyContract:
    """Take a registration back: the volume falls in the month it counted in, and the number is
    free for another registration.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, FutureDate.
    """
    row = await lock(session, principal, CANCEL_CONTRACT, contract_id, expected)
    domain.check_step(row.state, ContractAction.CANCEL)
    check_not_in_future(body.cancelled_on, china_date(), "/cancelled_on")
    before = row.snapshot()
    row.change(
        {
            "state": ContractState.CANCELLED,
            "cancelled_on": body.cancelled_on,
            "cancel_reason": body.reason,
            "cancel_document_no": body.document_no,
        }
    )
    await session.flush()
    note(session, row, "technology_contracts.cancel", before)
    outbox.add(session, events.contract_cancelled(row, await units_of(session, row)))
    await metrics.add(session, domain.moves(row.volume, None), body.reason)
    return row


async def lock(
    session: Session,
    principal: Principal,
    permission: Permission,
    contract_id: UUID,
    expected: int | None,
) -> TechnologyContract:
    """The contract, locked for a step. Raises `NotFound`, `Forbidden`, `PreconditionRequired`,
    `PreconditionFailed`."""
    row = await repository.get_for_update(session, contract_id)
    if row is None:
        raise NotFound(what=f"technology contract {contract_id}")
    await directory.require(session, principal, permission, *await units_of(session, row))
    check_version(row, expected)
    return row


async def seller_of(session: Session, body: TechnologyContractCreate) -> UUID | None:
    """The enterprise that sells, if the register knows it."""
    if body.enterprise_id is None and body.uscc is None:
        if body.seller_name is None:
            raise domain.SellerUnnamed().at("/seller_name")
        return None
    return (await enterprises.look_up(session, [body])).of(body).id


async def park_of(session: Session, enterprise_id: UUID | None, day: date) -> str | None:
    """Where the seller stood on that day."""
    if enterprise_id is None:
        return None
    enterprise = await enterprises.load(session, enterprise_id)
    return (await enterprises.counted_on(session, enterprise, day)).park_code


async def units_of(session: Session, row: TechnologyContract) -> list[str]:
    """The units that answer for the seller; none for one the register does not know."""
    if row.enterprise_id is None:
        return []
    seller = await enterprises.load(session, row.enterprise_id)
    return await enterprises.units_of(session, seller)


def correction(
    row: TechnologyContract, principal: Principal, body: TechnologyContractCorrect
) -> dict[str, Any]:
    """What is registered now, with who corrects it and why."""
    paid = row.technology_amount
    return {
        "corrected_at": now().isoformat(),
        "corrected_by": principal.subject,
        "document_no": body.document_no,
        "reason": body.reason,
        "kind": row.kind,
        "amount": plain(row.amount),
        "technology_amount": None if paid is None else plain(paid),
        "registered_on": row.registered_on.isoformat(),
    }


def note(
    session: Session, row: TechnologyContract, action: str, before: dict[str, Any] | None
) -> None:
    after = row.snapshot()
    audit.record(session, action, "technology_contract", row.id, before=before, after=after)
