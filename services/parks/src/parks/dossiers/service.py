"""Use cases of the dossiers."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.db import Session

from parks.dossiers import repository
from parks.dossiers.models import DossierEntry
from parks.dossiers.schemas import EnterpriseDossier
from parks.enterprises import service as enterprises
from parks.permissions import READ_DOSSIER

NOTHING_TOLD = {"title": None, "fund_code": None, "amount": None, "is_open": False}


async def take(session: Session, kind: str, source_id: UUID, **told: Any) -> None:
    """Keep what was told of a unit, as it was told last."""
    await repository.put(session, {**NOTHING_TOLD, "kind": kind, "source_id": source_id, **told})


async def settle(session: Session, kind: str, source_id: UUID) -> None:
    """It is open no more."""
    await repository.close(session, kind, source_id)


async def get_dossier(
    session: Session, principal: Principal, enterprise_id: UUID
) -> EnterpriseDossier:
    """Everything known of an enterprise, or of that which it was merged into.

    Raises:
        NotFound, Forbidden.
    """
    named = await enterprises.load(session, enterprise_id)
    enterprise = await enterprises.load(session, named.merged_into or named.id)
    units = await enterprises.units_of(session, enterprise)
    await directory.require(session, principal, READ_DOSSIER, *units)
    told = await repository.entries(session, enterprise.id)
    awards, payments = of_kind(told, "award"), of_kind(told, "payment")
    refunds = of_kind(told, "refund")
    items = [each for each in of_kind(told, "rectification") if each.is_open]
    return EnterpriseDossier.model_validate(
        {
            "enterprise": enterprise,
            **await repository.own(session, enterprise.id),
            "awards": [shown(each, "award_id", "granted_on") for each in latest(awards)],
            "payments": [shown(each, "disbursement_id", "paid_on") for each in latest(payments)],
            "refunds": [shown(each, "refund_id", "received_on") for each in latest(refunds)],
            "open_rectifications": [shown(each, "item_id", "due_on") for each in items],
            "awarded": total(awards),
            "paid": total(payments),
            "refunded": total(refunds),
        }
    )


def of_kind(told: Sequence[DossierEntry], kind: str) -> list[DossierEntry]:
    return [each for each in told if each.kind == kind]


def latest(entries: Sequence[DossierEntry]) -> Sequence[DossierEntry]:
    return entries[: repository.MOST]


def total(entries: Sequence[DossierEntry]) -> Decimal:
    return sum((each.amount or Decimal(0) for each in entries), Decimal(0))


def shown(entry: DossierEntry, its_id: str, its_day: str) -> dict[str, Any]:
    """The entry by the names of its kind; a payment has no title, an item no amount."""
    money = {"fund_code": entry.fund_code, "amount": entry.amount}
    wanted = {
        "award_id": {"title": entry.title, **money},
        "disbursement_id": money,
        "refund_id": money,
        "item_id": {"title": entry.title},
    }
    return {its_id: entry.source_id, its_day: entry.day, **wanted[its_id]}
