"""Payment batch -> contract events."""

from contracts.funding import PaymentBatchIssued, PaymentBatchSettled

from funding.payment_batches.models import PaymentBatch


def batch_issued(row: PaymentBatch) -> PaymentBatchIssued:
    assert row.file_sha256 is not None, "a constraint of the table"
    return PaymentBatchIssued(
        batch_id=row.id,
        number=row.number,
        count=row.count,
        total=row.total,
        file_sha256=row.file_sha256,
    )


def batch_settled(row: PaymentBatch) -> PaymentBatchSettled:
    return PaymentBatchSettled(
        batch_id=row.id,
        number=row.number,
        succeeded_count=row.succeeded_count,
        succeeded_total=row.succeeded_total,
        failed_count=row.failed_count,
        failed_total=row.failed_total,
        returned_count=row.returned_count,
        returned_total=row.returned_total,
    )
