"""Acceptance -> contract events. Who the experts are stays with those who may read acceptances."""

from contracts.funding import AcceptanceConcluded, AcceptanceOverdue, AcceptanceSubmitted

from funding.acceptances.models import Acceptance


def acceptance_submitted(row: Acceptance) -> AcceptanceSubmitted:
    return AcceptanceSubmitted(
        acceptance_id=row.id, award_id=row.award_id, payee_unit=row.payee_unit
    )


def acceptance_overdue(row: Acceptance) -> AcceptanceOverdue:
    assert row.rectify_by is not None, "a rectification has its day"
    return AcceptanceOverdue(
        acceptance_id=row.id,
        award_id=row.award_id,
        payee_unit=row.payee_unit,
        rectify_by=row.rectify_by,
    )


def acceptance_concluded(row: Acceptance) -> AcceptanceConcluded:
    return AcceptanceConcluded(
        acceptance_id=row.id,
        award_id=row.award_id,
        payee_unit=row.payee_unit,
        state=row.state,
        rectify_by=row.rectify_by if row.released is None else None,
        released=row.released,
        give_back=row.give_back,
    )
