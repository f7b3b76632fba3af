"""SQL that all documents share."""

from typing import Any, TypeVar
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import select

from funding.documents.models import Document

SORTABLE = ("id", "updated_at")
AnyDocument = TypeVar("AnyDocument", bound=Document)


async def get(session: Session, model: type[AnyDocument], document_id: UUID) -> AnyDocument | None:
    return await session.get(model, document_id)


async def get_for_update(
    session: Session, model: type[AnyDocument], document_id: UUID
) -> AnyDocument | None:
    return await session.get(model, document_id, with_for_update={"key_share": True})


async def list_documents(
    session: Session, page: PageRequest, model: Any, **wanted: Any
) -> Page[Any]:
    """The documents whose columns are as wanted; nothing wanted of a column is none, a list is any
    of it. `updated_since` is the least `updated_at`."""
    query = select(model)
    for name, value in wanted.items():
        if value is None:
            continue
        if name == "updated_since":
            query = query.where(model.updated_at >= value)
        elif isinstance(value, list):
            query = query.where(getattr(model, name).in_(value))
        else:
            query = query.where(getattr(model, name) == value)
    sortable = {name: getattr(model, name) for name in SORTABLE}
    return await fetch_page(session, query, page, sortable=sortable, default="id")
