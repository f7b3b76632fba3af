"""Reminders over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import AnyOf, Code, Day, Moment

from supervision.permissions import (
    PUT_REMINDER_RULE,
    READ_REMINDER,
    READ_REMINDER_RULE,
    REMIND_ITEM,
)
from supervision.reminders import repository, service
from supervision.reminders.domain import Audience, NotWithTheUnit
from supervision.reminders.repository import REMINDER_SORT, RULE_SORT, Filters
from supervision.reminders.schemas import (
    ReminderGiven,
    ReminderPage,
    ReminderRead,
    ReminderRulePage,
    ReminderRulePut,
    ReminderRuleRead,
)

router = app.router("reminders")


@router.get("/reminder-rules", response_model=ReminderRulePage, summary="List the steps")
async def list_reminder_rules(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(RULE_SORT)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_REMINDER_RULE),
) -> Any:
    """The ladder: who is reminded how many workdays before or after a deadline."""
    return await repository.list_rules(session, page, updated_since)


@router.get("/reminder-rules/{code}", response_model=ReminderRuleRead, summary="Read a step")
async def get_reminder_rule(
    code: Code,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_REMINDER_RULE),
) -> Any:
    """One step of the ladder."""
    row = await repository.get_rule(session, code)
    tag(response, row)
    return row


@router.put(
    "/reminder-rules/{code}",
    response_model=ReminderRuleRead,
    responses={201: {"model": ReminderRuleRead, "description": "Made"}},
    summary="Make or replace a step",
)
async def put_reminder_rule(
    code: Code,
    body: ReminderRulePut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(PUT_REMINDER_RULE),
) -> Any:
    """The office keeps the ladder; deadlines that run follow it from now on."""
    row, created = await service.put_rule(session, principal, code, body, expected)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/reminder-rules/{code}"
    tag(response, row)
    return row


@router.get("/reminders", response_model=ReminderPage, summary="List reminders")
async def list_reminders(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(REMINDER_SORT)],
    item_id: UUID | None = None,
    responsible_unit: Code | None = None,
    audience: Annotated[AnyOf[Audience] | None, Query()] = None,
    rule_code: Code | None = None,
    sent_gte: Day | None = None,
    sent_lte: Day | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_REMINDER),
) -> Any:
    """What was told about the items the caller may see."""
    filters = Filters(
        item_id=item_id,
        responsible_unit=responsible_unit,
        audience=audience or (),
        rule_code=rule_code,
        sent_gte=sent_gte,
        sent_lte=sent_lte,
        updated_since=updated_since,
    )
    return await service.list_reminders(session, principal, page, filters)


@router.post(
    "/supervision-items/{item_id}/remind",
    response_model=ReminderRead,
    responses=problems(NotWithTheUnit),
    summary="Remind the unit by hand",
)
async def remind_supervision_item(
    item_id: UUID,
    body: ReminderGiven,
    session: SessionDep,
    principal: Principal = permitted(REMIND_ITEM),
) -> Any:
    """The office reminds the responsible unit, beside the ladder."""
    return await service.remind(session, principal, item_id, body.note)
