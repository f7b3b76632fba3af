"""Checklists over HTTP."""

from typing import Annotated, Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code, Moment

from supervision.checklist_templates import repository, service
from supervision.checklist_templates.repository import EDITION_SORT, SORTABLE
from supervision.checklist_templates.schemas import (
    ChecklistEditionPage,
    ChecklistTemplatePage,
    ChecklistTemplatePut,
    ChecklistTemplateRead,
)
from supervision.permissions import PUT_CHECKLIST, READ_INSPECTION_PLAN

router = app.router("checklist-templates")
ONE = "/checklist-templates/{code}"


@router.get("/checklist-templates", response_model=ChecklistTemplatePage, summary="List checklists")
async def list_checklist_templates(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    active: bool | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_INSPECTION_PLAN),
) -> Any:
    """What inspections look at."""
    return await repository.list_templates(session, page, active, updated_since)


@router.get(ONE, response_model=ChecklistTemplateRead, summary="Read a checklist")
async def get_checklist_template(
    code: Code,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_INSPECTION_PLAN),
) -> Any:
    """One checklist as it is now."""
    row = await repository.get(session, code)
    tag(response, row)
    return row


@router.get(
    f"{ONE}/editions", response_model=ChecklistEditionPage, summary="List a checklist's editions"
)
async def list_checklist_editions(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(EDITION_SORT)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_INSPECTION_PLAN),
) -> Any:
    """As it was, each time its checks were changed."""
    await repository.get(session, code)
    return await repository.list_editions(session, page, code, updated_since)


@router.put(
    ONE,
    response_model=ChecklistTemplateRead,
    responses={201: {"model": ChecklistTemplateRead, "description": "Made"}},
    summary="Make or replace a checklist",
)
async def put_checklist_template(
    code: Code,
    body: ChecklistTemplatePut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(PUT_CHECKLIST),
) -> Any:
    """The office keeps a checklist under its code; other checks are a new edition."""
    row, created = await service.put_template(session, principal, code, body, expected)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/checklist-templates/{code}"
    tag(response, row)
    return row
