"""Use cases of payment batches.

Locks in the order of everybody: a draft and then its payments; of an issued one its payments, the
batch, their awards, the budget lines and the journal's counter.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.files import store as files
from servicekit.files.kinds import CSV
from servicekit.files.store import StoredFile
from servicekit.http.etag import check_version
from servicekit.http.exports.comma_separated import table_of
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from funding.disbursements import service as disbursements
from funding.disbursements.models import Disbursement
from funding.holds import repository as holds
from funding.labels import LABELS
from funding.notices import repository as units
from funding.payee_accounts import repository as accounts
from funding.payee_accounts.domain import masked_account
from funding.payee_accounts.models import PayeeAccount
from funding.payment_batches import domain, events, repository
from funding.payment_batches.domain import BatchState, Candidate, LineState
from funding.payment_batches.models import PaymentBatch, PaymentLine
from funding.payment_batches.schemas import PaymentLineRead
from funding.permissions import ANY, READ_ACCOUNT_NUMBER

TO = ("account_name", "account_number", "bank_name", "bank_code")


async def create_payment_batch(
    session: Session, principal: Principal, values: dict[str, Any]
) -> PaymentBatch:
    """Put payments into a new batch, by their ids or by a filter.

    Raises:
        UnknownReference: no such payment.
        NotPayable: something stands against one of them.
        NothingToPay: the filter lets none through that could be paid.
    """
    rows = await _chosen(session, principal, values)
    places = {row.id: f"/disbursement_ids/{n}" for n, row in enumerate(rows)}
    places |= {one: f"/disbursement_ids/{n}" for n, one in enumerate(values["disbursement_ids"])}
    await _check_payable(session, principal, {places[row.id]: row for row in rows})
    batch = PaymentBatch(
        number=await repository.next_number(session, china_date().year),
        purpose=values["purpose"],
        count=len(rows),
        total=sum((row.amount for row in rows), Decimal(0)),
        made_by=principal.subject,
    )
    session.add(batch)
    await session.flush()
    session.add_all(await _lines(session, batch, rows))
    for row in rows:
        row.change({"batch_id": batch.id})
    await session.flush()
    audit.record(
        session,
        "payment_batches.create",
        "payment_batch",
        batch.id,
        after=batch.snapshot(),
        disbursements=[row.id for row in rows],
    )
    return batch


async def _chosen(
    session: Session, principal: Principal, values: Mapping[str, Any]
) -> Sequence[Disbursement]:
    """The payments that are meant, locked."""
    if values["filter"] is not None:
        rows = await repository.lock_payable(session, principal.subject, values["filter"])
        if not rows:
            raise domain.NothingToPay
        return rows
    wanted = values["disbursement_ids"]
    rows = await repository.lock_payments(session, wanted)
    known = {row.id for row in rows}
    for number, one in enumerate(wanted):
        if one not in known:
            problem = UnknownReference(what=f"disbursement {one}")
            raise problem.at(f"/disbursement_ids/{number}")
    return rows


async def _check_payable(
    session: Session, principal: Principal, rows: Mapping[str, Disbursement], batch: Any = None
) -> dict[str, PayeeAccount]:
    """The accounts of the payees, if nothing stands against paying them all; the keys are places,
    `batch` is the one they are in."""
    payees = {row.payee_unit for row in rows.values()}
    known = await accounts.current_of(session, payees)
    held = await holds.open_numbers(session, payees)
    candidates = {
        place: Candidate(
            id=str(row.id),
            payee=row.payee_unit,
            state=row.state,
            made_by=row.made_by,
            checked_by=row.checked_by,
            in_batch=row.batch_id != batch,
            has_account=row.payee_unit in known,
            held_by=held.get(row.payee_unit, ()),
        )
        for place, row in rows.items()
    }
    domain.check_payable(candidates, principal.subject)
    return known


async def _lines(
    session: Session, batch: PaymentBatch, rows: Sequence[Disbursement]
) -> list[PaymentLine]:
    names = await units.unit_names(session, [row.payee_unit for row in rows])
    titles = await repository.titles_of(session, {row.award_id for row in rows})
    return [
        PaymentLine(
            batch_id=batch.id,
            number=number,
            disbursement_id=row.id,
            payee_unit=row.payee_unit,
            payee_name=names.get(row.payee_unit, row.payee_unit),
            amount=row.amount,
            purpose=row.purpose or titles[row.award_id],
        )
        for number, row in enumerate(rows, start=1)
    ]


async def issue_payment_batch(
    session: Session, principal: Principal, batch_id: UUID, expected: int | None
) -> PaymentBatch:
    """The third hand pays them all: the file is made and kept, the payments are on their way.

    Raises:
        InvalidTransition: it is no draft.
        NotPayable: a payment was held meanwhile, or something else stands against it.
    """
    batch = await _load(session, batch_id, expected)
    domain.check_step(batch.state, "issue")
    rows = await repository.lock_payments_of(session, batch_id)
    lines = await repository.lines_of(session, batch_id)
    places = {line.disbursement_id: f"/lines/{line.number}" for line in lines}
    by_place = {places[row.id]: row for row in rows}
    known = await _check_payable(session, principal, by_place, batch_id)
    for line in lines:
        account = known[line.payee_unit]
        to = {name: getattr(account, name) for name in TO}
        line.change({**to, "state": LineState.SENT.value})
    await disbursements.pay_many(session, principal, rows)
    content = _file_of(batch, lines)
    stored = StoredFile(hashlib.sha256(content).hexdigest(), len(content), CSV)
    await files.keep_file(session, io.BytesIO(content), stored)
    values = {
        "state": BatchState.ISSUED.value,
        "issued_by": principal.subject,
        "issued_at": now(),
        "file_sha256": stored.sha256,
        "file_name": f"{batch.number}.csv",
        "file_size": stored.size,
    }
    await _step(session, batch, "issue", values, file=stored.sha256)
    outbox.add(session, events.batch_issued(batch))
    return batch


def _file_of(batch: PaymentBatch, lines: Sequence[PaymentLine]) -> bytes:
    """The treasury's file: every line with the number and the totals of its batch."""
    whole = {"batch_number": batch.number, "batch_count": batch.count, "batch_total": batch.total}
    rows = [line.snapshot() | whole | {"line_number": line.number} for line in lines]
    told = ([_told(row[name]) for name in domain.HEADS] for row in rows)
    return table_of([[LABELS[name] for name in domain.HEADS], *told])


def _told(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return "" if value is None else str(value)


async def cancel_payment_batch(
    session: Session, batch_id: UUID, reason: str, expected: int | None
) -> PaymentBatch:
    """Give up a draft: its payments may be paid otherwise.

    Raises:
        InvalidTransition: it was issued, so the treasury has it, or was cancelled.
    """
    batch = await _load(session, batch_id, expected)
    domain.check_step(batch.state, "cancel")
    for row in await repository.lock_payments_of(session, batch_id):
        row.change({"batch_id": None})
    for line in await repository.lines_of(session, batch_id):
        line.change({"state": LineState.TAKEN_OUT.value})
    values = {"state": BatchState.CANCELLED.value, "reason": reason}
    await _step(session, batch, "cancel", values)
    return batch


async def _load(session: Session, batch_id: UUID, expected: int | None) -> PaymentBatch:
    batch = await repository.get_for_update(session, batch_id)
    if batch is None:
        raise NotFound(what=f"payment batch {batch_id}")
    check_version(batch, expected)
    return batch


async def _step(
    session: Session, batch: PaymentBatch, name: str, values: Mapping[str, Any], **detail: Any
) -> None:
    """Write one step of the batch and its audit row."""
    before = batch.snapshot()
    batch.change(values)
    await session.flush()
    audit.record(
        session,
        f"payment_batches.{name}",
        "payment_batch",
        batch.id,
        before=before,
        after=batch.snapshot(),
        **detail,
    )


async def get_payment_batch(session: Session, batch_id: UUID) -> PaymentBatch:
    batch = await repository.get(session, batch_id)
    if batch is None:
        raise NotFound(what=f"payment batch {batch_id}")
    return batch


async def take_file(session: Session, batch_id: UUID) -> tuple[str, str]:
    """Digest and name of the file that was issued; whoever takes it is noted.

    Raises:
        NotFound: no such batch, or it was not issued.
    """
    batch = await get_payment_batch(session, batch_id)
    if batch.file_sha256 is None or batch.file_name is None:
        raise NotFound(what=f"file of payment batch {batch.number}")
    audit.record(
        session, "payment_batches.download", "payment_batch", batch_id, file=batch.file_sha256
    )
    return batch.file_sha256, batch.file_name


async def list_payment_lines(
    session: Session,
    principal: Principal,
    page: PageRequest,
    batch_id: UUID,
    **wanted: Any,
) -> Page[Any]:
    """The lines, with account numbers as far as the caller may see them."""
    await get_payment_batch(session, batch_id)
    found = await repository.list_payment_lines(session, page, batch_id, **wanted)
    if READ_ACCOUNT_NUMBER.relations(principal) == ANY:
        return found
    items = [_masked(PaymentLineRead.model_validate(row)) for row in found.items]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


def _masked(line: PaymentLineRead) -> PaymentLineRead:
    number = line.account_number and masked_account(line.account_number)
    return line.model_copy(update={"account_number": number})
