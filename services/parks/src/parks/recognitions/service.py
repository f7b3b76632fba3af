"""Use cases of the recognitions, and the daily look at which of them have ended."""

from datetime import date
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound

from parks.enterprises import service as enterprises
from parks.enterprises.models import Enterprise
from parks.metrics import service as metrics
from parks.permissions import READ_RECOGNITION
from parks.recognitions import domain, events, repository
from parks.recognitions.models import Recognition
from parks.recognitions.schemas import RecognitionCreate

BATCH = 200
"""Enterprises settled in one run of the schedule; the others wait for the next one."""


async def get_recognition(
    session: Session, principal: Principal, recognition_id: UUID
) -> Recognition:
    """Raises `NotFound`, `Forbidden`."""
    recognition = await repository.get(session, recognition_id)
    if recognition is None:
        raise NotFound(what=f"recognition {recognition_id}")
    enterprise = await enterprises.load(session, recognition.enterprise_id)
    units = await enterprises.units_of(session, enterprise)
    await directory.require(session, principal, READ_RECOGNITION, *units)
    return recognition


async def list_recognitions(
    session: Session, principal: Principal, page: PageRequest, **wanted: Any
) -> Page:
    """The recognitions the caller may see."""
    units = await directory.visible_units(session, principal, READ_RECOGNITION)
    return await repository.list_recognitions(session, page, units=units, **wanted)


async def grant_recognition(session: Session, body: RecognitionCreate) -> Recognition:
    """Record a recognition; while it is valid the enterprise counts in its class.

    Raises:
        ValidityReversed, RecognitionOverlaps, RecognitionNumberTaken: see `domain`.
        UnknownReference, InvalidUscc, EnterpriseUnnamed, EnterprisesDiffer: see `Register.of`.
    """
    domain.check_validity(body.valid_from, body.valid_to)
    named = (await enterprises.look_up(session, [body])).of(body)
    enterprise = await lock_named(session, named.id)
    other = await repository.overlapping(
        session, enterprise.id, body.kind, body.valid_from, body.valid_to
    )
    if other is not None:
        raise domain.RecognitionOverlaps(number=other.number).at("/valid_from")
    if await repository.number_known(session, body.kind, body.number):
        raise domain.RecognitionNumberTaken(number=body.number).at("/number")
    values = body.model_dump(exclude={"enterprise_id", "uscc"})
    recognition = Recognition(**values, enterprise_id=enterprise.id, status=domain.VALID)
    session.add(recognition)
    await session.flush()
    after = recognition.snapshot()
    audit.record(session, "recognitions.create", "recognition", recognition.id, after=after)
    units = await enterprises.units_of(session, enterprise)
    outbox.add(session, events.recognition_granted(recognition, enterprise.uscc, units))
    today = china_date()
    await settle(session, enterprise, today)
    await metrics.recount_high_tech(session, today, recognition.valid_from)
    return recognition


async def lock_named(session: Session, enterprise_id: UUID) -> Enterprise:
    """The enterprise, locked; the other one where it was merged while we waited for it."""
    found = await enterprises.load_for_update(session, enterprise_id)
    into = found.merged_into
    return found if into is None else await enterprises.load_for_update(session, into)


async def settle(session: Session, enterprise: Enterprise, today: date) -> None:
    """Tell what has ended by today and bring the class in line. The row must be locked, and the
    high-tech enterprises be counted afterwards."""
    units = await enterprises.units_of(session, enterprise)
    for recognition in await repository.ended(session, enterprise.id, today):
        before = recognition.snapshot()
        recognition.change({"status": domain.EXPIRED})
        audit.record(
            session,
            "recognitions.expire",
            "recognition",
            recognition.id,
            before=before,
            after=recognition.snapshot(),
        )
        outbox.add(session, events.recognition_expired(recognition, enterprise.uscc, units))
    await session.flush()
    await enterprises.reclassify(session, enterprise)


async def settle_due(session: Session) -> None:
    """The schedule: settle every enterprise whose recognitions began or ended to hold, and count.

    All rows are locked before the count takes the year's lock, as everywhere else: whoever holds
    that lock waits for nobody.
    """
    today = china_date()
    for enterprise_id in await repository.enterprises_to_settle(session, today, BATCH):
        enterprise = await enterprises.load_for_update(session, enterprise_id)
        await settle(session, enterprise, today)
    await metrics.recount_high_tech(session, today)


async def warn_due(session: Session) -> None:
    """The schedule: tell of each recognition that it runs out, 180, 90 and 30 days before. What
    was told stands in its row, in the transaction that tells it: no restart repeats it."""
    today = china_date()
    for recognition, enterprise in await repository.to_warn_of(session, today, BATCH):
        days = domain.warning_due(recognition.valid_to, recognition.warned_days, today)
        if days is None:
            continue
        before = recognition.snapshot()
        recognition.change({"warned_days": days})
        audit.record(
            session,
            "recognitions.warn",
            "recognition",
            recognition.id,
            before=before,
            after=recognition.snapshot(),
        )
        units = await enterprises.units_of(session, enterprise)
        told = events.recognition_expiring(recognition, enterprise.uscc, units, days)
        outbox.add(session, told)
