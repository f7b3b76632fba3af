"""What can be done with a bulletin, from the draft to the issue and its withdrawal."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.files.kinds import DOCX, PDF
from servicekit.files.store import StoredFile, keep_file
from servicekit.http.etag import check_version
from servicekit.messaging import outbox
from servicekit.official import docx, pdf
from servicekit.official.document import OfficialDocument
from servicekit.problems import UnknownReference

from supervision.bulletin_cuts import repository as cuts
from supervision.bulletin_deliveries import repository as deliveries
from supervision.bulletin_texts import domain as texts
from supervision.bulletins import domain, events, repository
from supervision.bulletins.domain import BulletinState
from supervision.bulletins.models import Bulletin
from supervision.bulletins.schemas import BulletinCreate, BulletinFigures, BulletinUpdate
from supervision.items.service import amber_until
from supervision.permissions import (
    CANCEL_BULLETIN,
    CREATE_BULLETIN,
    EDIT_BULLETIN,
    FREEZE_BULLETIN,
    ISSUE_BULLETIN,
    READ_BULLETIN,
    REVIEW_BULLETIN,
    SUBMIT_BULLETIN,
    WITHDRAW_BULLETIN,
)
from supervision.recipient_groups import repository as groups
from supervision.references import service as references

RENDER: dict[str, tuple[str, Callable[[OfficialDocument], bytes]]] = {
    "pdf": (PDF, pdf.render),
    "docx": (DOCX, docx.render),
}
IN_REVIEW, WITHDRAWN = "送审稿", "已撤回"


async def create_bulletin(session: Session, principal: Principal, body: BulletinCreate) -> Bulletin:
    """Begin a bulletin.

    Raises:
        PeriodReversed: it begins after its end.
        UnknownReference: there is no such group of recipients.
    """
    await directory.require(session, principal, CREATE_BULLETIN)
    domain.refuse_reversed(body.period_start, body.period_end)
    await _members_of(session, body.recipient_groups)
    row = Bulletin(**body.model_dump(), state=BulletinState.DRAFT, editors=[principal.subject])
    session.add(row)
    await session.flush()
    audit.record(session, CREATE_BULLETIN.name, "bulletin", row.id, after=body.model_dump())
    return row


async def update_bulletin(
    session: Session,
    principal: Principal,
    bulletin_id: UUID,
    body: BulletinUpdate,
    expected: int | None,
) -> Bulletin:
    """Write in it. Whoever did may not review it.

    Raises:
        InvalidTransition: it is in review or further.
        NotFrozen: the sections are written when the data is cut.
    """
    row = await _load(session, principal, EDIT_BULLETIN, bulletin_id, expected)
    domain.refuse_editing(row.state)
    wanted = body.model_dump(exclude_unset=True)
    edited = {each["code"].value: each["text"] for each in wanted.pop("sections", [])}
    if edited and row.figures is None:
        raise domain.NotFrozen
    if "recipient_groups" in wanted:
        await _members_of(session, wanted["recipient_groups"])
    for name, value in wanted.items():
        setattr(row, name, value)
    row.sections = [
        {**section, "text": edited.get(section["code"], section["text"])}
        for section in row.sections
    ]
    row.editors = [*dict.fromkeys([*row.editors, principal.subject])]
    return await _changed(session, row, EDIT_BULLETIN.name, wanted | {"sections": edited})


async def freeze_bulletin(
    session: Session, principal: Principal, bulletin_id: UUID, expected: int | None
) -> Bulletin:
    """Cut the data now and write the sections over it."""
    row = await _load(session, principal, FREEZE_BULLETIN, bulletin_id, expected)
    return await _cut(session, row)


async def freeze_what_is_due(session: Session) -> None:
    """Schedule: cut every draft whose cut-off has come."""
    for row in await repository.due_for_cut(session, now()):
        await _cut(session, row)


async def _cut(session: Session, row: Bulletin) -> Bulletin:
    state = domain.next_state("freeze", row.state)
    figures, sections = await _seen_now(session, row)
    row.state, row.figures, row.frozen_at, row.sections = state, figures, now(), sections
    return await _changed(session, row, FREEZE_BULLETIN.name, figures)


async def _seen_now(session: Session, row: Bulletin) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The data as it is now, with the units' names, and the sections written over it."""
    today = china_date()
    soon = await amber_until(session, today)
    figures = await cuts.cut(session, today, soon, row.period_start, row.period_end)
    referred = await references.names(session, texts.referred_to(figures))
    figures = texts.with_names(figures, referred)
    names = await cuts.names(session, texts.units_in(figures))
    sections = texts.assemble(figures, names, row.period_start, row.period_end)
    return figures | {"names": names}, sections


async def submit_bulletin(
    session: Session, principal: Principal, bulletin_id: UUID, expected: int | None
) -> Bulletin:
    """Hand it to a reviewer."""
    row = await _load(session, principal, SUBMIT_BULLETIN, bulletin_id, expected)
    row.state = domain.next_state("submit", row.state)
    row.submitted_by, row.return_reason = principal.subject, None
    row.editors = [*dict.fromkeys([*row.editors, principal.subject])]
    return await _changed(session, row, SUBMIT_BULLETIN.name)


async def return_bulletin(
    session: Session, principal: Principal, bulletin_id: UUID, expected: int | None, reason: str
) -> Bulletin:
    """Send it back to those who write it."""
    row = await _load(session, principal, REVIEW_BULLETIN, bulletin_id, expected)
    row.state = domain.next_state("return", row.state)
    row.return_reason = reason
    row.reviewed_by = row.review_note = None
    return await _changed(session, row, "bulletins.return", reason)


async def review_bulletin(
    session: Session,
    principal: Principal,
    bulletin_id: UUID,
    expected: int | None,
    note: str | None,
) -> Bulletin:
    """Somebody who wrote none of it finds it right.

    Raises:
        ReviewerIsEditor: the caller wrote in it.
    """
    row = await _load(session, principal, REVIEW_BULLETIN, bulletin_id, expected)
    state = domain.next_state("review", row.state)
    domain.refuse_editor(principal.subject, row.editors)
    row.state, row.reviewed_by, row.review_note = state, principal.subject, note
    return await _changed(session, row, REVIEW_BULLETIN.name, note)


async def issue_bulletin(
    session: Session, principal: Principal, bulletin_id: UUID, expected: int | None
) -> Bulletin:
    """Number it, set it once and for all, and send it to its recipients.

    Raises:
        UnknownReference: one of its groups of recipients is gone.
    """
    row = await _load(session, principal, ISSUE_BULLETIN, bulletin_id, expected)
    state, today = domain.next_state("issue", row.state), china_date()
    recipients = await _members_of(session, row.recipient_groups)
    issue_no = await repository.next_issue(session, today.year)
    # The row is whole or not written at all: what is asked on the way must not write half of it.
    with session.no_autoflush:
        row.state, row.recipients, row.issued_by = state, recipients, principal.subject
        row.year, row.issue_no, row.issued_on = today.year, issue_no, today
        for form in RENDER:
            content = await _set(row, today, form)
            setattr(row, f"{form}_sha256", await _keep(session, content, RENDER[form][0]))
    await _changed(session, row, ISSUE_BULLETIN.name, row.pdf_sha256)
    deliveries.send(session, row.id, row.number or "", row.title, row.recipients)
    outbox.add(session, events.bulletin_issued(row))
    return row


async def withdraw_bulletin(
    session: Session, principal: Principal, bulletin_id: UUID, expected: int | None, reason: str
) -> Bulletin:
    """Take an issued bulletin back; its number stays taken."""
    row = await _load(session, principal, WITHDRAW_BULLETIN, bulletin_id, expected)
    row.state = domain.next_state("withdraw", row.state)
    row.withdrawn_by, row.withdraw_reason = principal.subject, reason
    await _changed(session, row, WITHDRAW_BULLETIN.name, reason)
    await deliveries.recall(session, row.id)
    outbox.add(session, events.bulletin_withdrawn(row))
    return row


async def cancel_bulletin(
    session: Session, principal: Principal, bulletin_id: UUID, expected: int | None, reason: str
) -> Bulletin:
    """Give up a bulletin that was not issued."""
    row = await _load(session, principal, CANCEL_BULLETIN, bulletin_id, expected)
    row.state = domain.next_state("cancel", row.state)
    row.cancel_reason = reason
    return await _changed(session, row, CANCEL_BULLETIN.name, reason)


async def get_bulletin(session: Session, principal: Principal, bulletin_id: UUID) -> Bulletin:
    row = await repository.get(session, bulletin_id)
    await directory.require(session, principal, READ_BULLETIN)
    return row


async def figures_of(session: Session, principal: Principal, bulletin_id: UUID) -> BulletinFigures:
    """Those of the cut; before it, those that a cut would give now."""
    row = await get_bulletin(session, principal, bulletin_id)
    figures = row.figures or (await _seen_now(session, row))[0]
    told = {name: value for name, value in figures.items() if name != "names"}
    return BulletinFigures(frozen_at=row.frozen_at, **told)  # pyright: ignore[reportArgumentType]


async def marked_copy(session: Session, row: Bulletin, form: str) -> bytes:
    """What is not issued as it would be set now, marked as a draft; or what was withdrawn, marked
    so. Nothing of it is kept.

    Raises:
        UnknownReference: one of its groups of recipients is gone.
    """
    session.expunge(row)
    if row.state == BulletinState.WITHDRAWN:
        assert row.issued_on is not None
        return await _set(row, row.issued_on, form, note=WITHDRAWN)
    row.recipients = await _members_of(session, row.recipient_groups)
    if row.figures is None:
        row.figures, row.sections = await _seen_now(session, row)
    return await _set(row, china_date(), form, note=IN_REVIEW)


async def _set(row: Bulletin, day: date, form: str, *, note: str = "") -> bytes:
    assert row.figures is not None
    document = texts.document_of(row, day, row.figures["names"], note=note)
    return await asyncio.to_thread(RENDER[form][1], document)


async def _keep(session: Session, content: bytes, media_type: str) -> str:
    file = StoredFile(hashlib.sha256(content).hexdigest(), len(content), media_type)
    return await keep_file(session, BytesIO(content), file)


async def _members_of(session: Session, codes: list[str]) -> list[dict[str, Any]]:
    """Raises `UnknownReference`."""
    members: list[dict[str, Any]] = []
    for code in codes:
        group = await groups.find(session, code)
        if group is None:
            raise UnknownReference(what=f"recipient group {code}")
        kept = ("name_zh", "name_en", "unit")
        members.extend(
            {"group_code": code, "delivery": group.delivery}
            | {name: member.get(name) for name in kept}
            for member in group.members
        )
    return members


async def _load(
    session: Session,
    principal: Principal,
    permission: Permission,
    bulletin_id: UUID,
    expected: int | None,
) -> Bulletin:
    row = await repository.get_for_update(session, bulletin_id)
    await directory.require(session, principal, permission)
    check_version(row, expected)
    return row


async def _changed(session: Session, row: Bulletin, action: str, after: Any = None) -> Bulletin:
    row.touch()
    await session.flush()
    told = {"state": row.state, "version": row.version, "told": after}
    audit.record(session, action, "bulletin", row.id, after=told)
    return row
