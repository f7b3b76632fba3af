"""SQL of the forms."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from parks.forms.models import ReturnForm

SORTABLE = {
    "code": ReturnForm.code,
    "applies_from": ReturnForm.applies_from,
    "updated_at": ReturnForm.updated_at,
    "id": ReturnForm.id,
}
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('return_form'), hashtext(:code))")
_UNIT = """SELECT f ->> 'unit' AS unit FROM return_form, jsonb_array_elements(fields) AS f
 WHERE f ->> 'code' = $1 ORDER BY created_at DESC LIMIT 1"""


async def get(session: Session, form_id: UUID) -> ReturnForm | None:
    return await session.get(ReturnForm, form_id)


async def next_number(session: Session, code: str) -> int:
    """The number of a form's next version; nobody else takes it until the transaction ends."""
    await session.execute(_LOCK, {"code": code})
    last = await session.scalar(select(func.max(ReturnForm.number)).where(ReturnForm.code == code))
    return (last or 0) + 1


async def in_force(session: Session, frequency: str, period: str) -> Sequence[ReturnForm]:
    """Of each form of this frequency the version that holds in a period."""
    found = await session.scalars(
        select(ReturnForm)
        .where(ReturnForm.frequency == frequency, ReturnForm.applies_from <= period)
        .ext(distinct_on(ReturnForm.code))
        .order_by(ReturnForm.code, ReturnForm.applies_from.desc(), ReturnForm.number.desc())
    )
    return found.all()


async def list_forms(
    session: Session,
    page: PageRequest,
    *,
    code: str | None,
    frequency: Sequence[str],
    updated_since: datetime | None,
) -> Page:
    conditions = given(
        (code, ReturnForm.code.__eq__),
        (frequency or None, ReturnForm.frequency.in_),
        (updated_since, ReturnForm.updated_at.__ge__),
    )
    query = select(ReturnForm).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="code")


async def unit_of_field(session: Session, code: str) -> str | None:
    """In what a field is measured, by the newest version that has it."""
    row = await session.fetch_row(_UNIT, code)
    return row["unit"] if row else None
