"""Agreement and tranche -> contract events."""

from contracts.funding import AgreementSigned, TrancheAccepted

from funding.agreements.models import Agreement, Tranche


def agreement_signed(row: Agreement, tranches: int) -> AgreementSigned:
    return AgreementSigned(
        agreement_id=row.id,
        award_id=row.award_id,
        payee_unit=row.payee_unit,
        document_no=row.document_no or "",
        amount=row.amount,
        tranches=tranches,
    )


def tranche_accepted(row: Tranche, agreement: Agreement) -> TrancheAccepted:
    return TrancheAccepted(
        tranche_id=row.id,
        agreement_id=agreement.id,
        award_id=agreement.award_id,
        payee_unit=agreement.payee_unit,
        number=row.number,
        amount=row.amount,
    )
