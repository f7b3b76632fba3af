"""Use cases of the results."""

from typing import Any
from uuid import UUID

from servicekit import context
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.imports.rows import Translate
from servicekit.problems import InvalidTransition, NotFound, UnknownReference

from funding.disbursements import service as disbursements
from funding.payment_batches import repository as batches
from funding.payment_batches.models import PaymentBatch, PaymentLine
from funding.payment_results import domain, repository
from funding.payment_results.models import PaymentResult
from funding.settlements import service as settlements

OF_LINE = (
    "amount",
    "disbursement_id",
    "payee_unit",
    "payee_name",
    "account_name",
    "account_number",
    "bank_name",
    "bank_code",
    "purpose",
)


async def record_result(
    session: Session, principal: Principal, values: dict[str, Any]
) -> tuple[PaymentResult, bool]:
    """Record what the treasury says of a line, by the rules of a single payment's result; answers
    it, and whether it is new.

    Raises:
        UnknownReference: no such batch or line.
        InvalidTransition: the batch was not issued.
        UnlikeTheFile, RowTwice, OtherResult: see `domain`.
        …: see `settlements.service.settle_disbursement`.
    """
    batch = await batches.by_number(session, values["batch_number"])
    if batch is None:
        raise UnknownReference(what=f"batch {values['batch_number']}").at("/batch_number")
    if batch.file_sha256 is None:
        raise InvalidTransition(state=batch.state, action="result").at("/batch_number")
    await batches.lock_whole(session, batch.id)
    line = await batches.line_at(session, batch.id, values["line_number"])
    if line is None:
        what = f"line {values['line_number']} of {batch.number}"
        raise UnknownReference(what=what).at("/line_number")
    domain.check_like(values, _issued(batch, line))
    history = await repository.of_line(session, line.id)
    if domain.is_known(values, history, context.current().request_id):
        return next(one for one in history if one.outcome == values["outcome"]), False
    payment = await disbursements.lock(session, line.disbursement_id)
    await settlements.settle(session, principal, payment, values)
    return (await repository.of_line(session, line.id))[-1], True


def _issued(batch: PaymentBatch, line: PaymentLine) -> dict[str, Any]:
    """What a result may repeat of the file."""
    whole = {
        "file_sha256": batch.file_sha256,
        "batch_count": batch.count,
        "batch_total": batch.total,
    }
    return whole | {name: getattr(line, name) for name in OF_LINE}


async def words(_: Session) -> Translate:
    """An outcome may be written as treasuries write it."""

    def translate(row: dict[str, Any]) -> dict[str, Any]:
        said = row.get("outcome")
        return row | {"outcome": domain.WORDS[said]} if said in domain.WORDS else row

    return translate


async def get_payment_result(session: Session, result_id: UUID) -> PaymentResult:
    row = await repository.get(session, result_id)
    if row is None:
        raise NotFound(what=f"payment result {result_id}")
    return row
