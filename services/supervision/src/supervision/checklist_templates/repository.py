"""Statements on checklists."""

from datetime import datetime
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select

from supervision.checklist_templates.models import ChecklistEdition, ChecklistTemplate

SORTABLE = {"code": ChecklistTemplate.code, "updated_at": ChecklistTemplate.updated_at}
EDITION_SORT = {"edition": ChecklistEdition.edition, "updated_at": ChecklistEdition.updated_at}


async def find(session: Session, code: str) -> ChecklistTemplate | None:
    return await session.scalar(select(ChecklistTemplate).where(ChecklistTemplate.code == code))


async def get(session: Session, code: str) -> ChecklistTemplate:
    """Raises `NotFound`."""
    found = await find(session, code)
    if found is None:
        raise NotFound(what=f"checklist {code}")
    return found


async def list_templates(
    session: Session, page: PageRequest, active: bool | None, updated_since: datetime | None
) -> Page[Any]:
    row = ChecklistTemplate
    query = select(row).where(
        *given((active, row.active.__eq__), (updated_since, row.updated_at.__ge__))
    )
    return await fetch_page(session, query, page, sortable=SORTABLE, default="code", key="code")


async def list_editions(
    session: Session, page: PageRequest, code: str, updated_since: datetime | None
) -> Page[Any]:
    row = ChecklistEdition
    query = select(row).where(
        row.template_code == code, *given((updated_since, row.updated_at.__ge__))
    )
    return await fetch_page(
        session, query, page, sortable=EDITION_SORT, default="-edition", key="edition"
    )
