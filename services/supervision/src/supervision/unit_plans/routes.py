"""The plans that units owe over HTTP: the same operations for both kinds."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition
from servicekit.types import AnyOf, Code, Moment, Year

from supervision.permissions import (
    APPROVE_UNIT_PLAN,
    READ_UNIT_PLAN,
    REVIEW_UNIT_PLAN,
    SUBMIT_UNIT_PLAN,
)
from supervision.plan_requests.domain import PlanKind
from supervision.unit_plans import service
from supervision.unit_plans.domain import AuthorDecides, PlanState, PlanUnproven
from supervision.unit_plans.models import UnitPlan
from supervision.unit_plans.repository import EDITION_SORT, SORTABLE, Filters
from supervision.unit_plans.schemas import (
    UnitPlanEditionPage,
    UnitPlanNote,
    UnitPlanPage,
    UnitPlanRead,
    UnitPlanReason,
    UnitPlanSubmit,
)

NO_NOTE = UnitPlanNote()
PATHS = {
    PlanKind.IMPLEMENTATION: "implementation-plans",
    PlanKind.ANNUAL: "annual-work-plans",
}
SAID = {
    PlanKind.IMPLEMENTATION: "an implementation plan",
    PlanKind.ANNUAL: "an annual work plan",
}
Say = Callable[[Session, Principal, str, UUID, int | None, str | None], Awaitable[UnitPlan]]
"""A step with a note or a reason."""


def routes_of(kind: PlanKind) -> APIRouter:
    """Every operation on the plans of one kind."""
    router = app.router(PATHS[kind])
    _add_list(router, kind)
    _add_reading(router, kind)
    _add_submission(router, kind)
    _add_noted(
        router, kind, "review", service.review, REVIEW_UNIT_PLAN,
        "The working group that leads the unit, or the office, has looked at what was handed in.",
    )  # fmt: skip
    _add_noted(
        router, kind, "approve", service.approve, APPROVE_UNIT_PLAN,
        "The headquarters or the office: this edition is in force until the next is approved.",
    )  # fmt: skip
    _add_reasoned(
        router, kind, "return", service.return_plan, REVIEW_UNIT_PLAN,
        "Back to the unit, which hands it in again; an edition in force stays so.",
    )  # fmt: skip
    _add_reasoned(
        router, kind, "revise", service.revise, SUBMIT_UNIT_PLAN,
        "The unit draws an approved one up anew; until that is approved this one holds.",
    )  # fmt: skip
    return router


def _add_list(router: APIRouter, kind: PlanKind) -> None:
    async def list_all(
        session: SessionDep,
        page: Annotated[PageRequest, sorted_by(SORTABLE)],
        unit_code: Code | None = None,
        year: Year | None = None,
        request_id: UUID | None = None,
        state: Annotated[AnyOf[PlanState] | None, Query()] = None,
        missing: Annotated[
            bool | None, Query(description="Nothing is there that could be approved.")
        ] = None,
        overdue: Annotated[bool | None, Query(description="Missing after its deadline.")] = None,
        updated_since: Moment | None = None,
        principal: Principal = permitted(READ_UNIT_PLAN),
    ) -> Any:
        wanted = Filters(
            kind, unit_code, year, request_id, state or (), missing, overdue, updated_since
        )
        return await service.list_plans(session, principal, page, wanted)

    router.add_api_route(
        f"/{PATHS[kind]}",
        list_all,
        name=f"list_{kind}s",
        response_model=UnitPlanPage,
        summary=f"List {kind.replace('_', ' ')}s",
        description="What each unit owes and what became of it; `missing=true` is the list of "
        "those who have not handed theirs in.",
    )


def _add_reading(router: APIRouter, kind: PlanKind) -> None:
    one = f"/{PATHS[kind]}/{{plan_id}}"

    async def get(
        plan_id: UUID,
        session: SessionDep,
        response: Response,
        principal: Principal = permitted(READ_UNIT_PLAN),
    ) -> Any:
        row = await service.load(session, principal, READ_UNIT_PLAN, kind, plan_id)
        tag(response, row)
        return row

    async def list_editions(
        plan_id: UUID,
        session: SessionDep,
        page: Annotated[PageRequest, sorted_by(EDITION_SORT)],
        updated_since: Moment | None = None,
        principal: Principal = permitted(READ_UNIT_PLAN),
    ) -> Any:
        return await service.list_editions(session, principal, page, kind, plan_id, updated_since)

    router.add_api_route(
        one,
        get,
        name=f"get_{kind}",
        response_model=UnitPlanRead,
        summary=f"Read {SAID[kind]}",
        description="The plan of one unit; its ETag is what every step needs as If-Match.",
    )
    router.add_api_route(
        f"{one}/editions",
        list_editions,
        name=f"list_{kind}_editions",
        response_model=UnitPlanEditionPage,
        summary=f"List the editions of {SAID[kind]}",
        description="Every edition as it was handed in, with what became of it.",
    )


def _add_submission(router: APIRouter, kind: PlanKind) -> None:
    async def submit(
        plan_id: UUID,
        body: UnitPlanSubmit,
        session: SessionDep,
        response: Response,
        expected: Expected,
        principal: Principal = permitted(SUBMIT_UNIT_PLAN),
    ) -> Any:
        row = await service.submit(session, principal, kind, plan_id, expected, body)
        tag(response, row)
        return row

    router.add_api_route(
        f"/{PATHS[kind]}/{{plan_id}}/submit",
        submit,
        methods=["POST"],
        name=f"submit_{kind}",
        response_model=UnitPlanRead,
        responses=problems(InvalidTransition, PlanUnproven),
        summary=f"Hand in {SAID[kind]}",
        description="The unit, with the files it has attached; each time is an edition.",
    )


def _add_noted(
    router: APIRouter,
    kind: PlanKind,
    step: str,
    say: Say,
    permission: Permission,
    description: str,
) -> None:
    async def take(
        plan_id: UUID,
        session: SessionDep,
        response: Response,
        expected: Expected,
        body: UnitPlanNote = NO_NOTE,
        principal: Principal = permitted(permission),
    ) -> Any:
        row = await say(session, principal, kind, plan_id, expected, body.note)
        tag(response, row)
        return row

    router.add_api_route(
        f"/{PATHS[kind]}/{{plan_id}}/{step}",
        take,
        methods=["POST"],
        name=f"{step}_{kind}",
        response_model=UnitPlanRead,
        responses=problems(InvalidTransition, AuthorDecides),
        summary=f"{step.capitalize()} {SAID[kind]}",
        description=description,
    )


def _add_reasoned(
    router: APIRouter,
    kind: PlanKind,
    step: str,
    say: Callable[[Session, Principal, str, UUID, int | None, str], Awaitable[UnitPlan]],
    permission: Permission,
    description: str,
) -> None:
    async def take(
        plan_id: UUID,
        body: UnitPlanReason,
        session: SessionDep,
        response: Response,
        expected: Expected,
        principal: Principal = permitted(permission),
    ) -> Any:
        row = await say(session, principal, kind, plan_id, expected, body.reason)
        tag(response, row)
        return row

    router.add_api_route(
        f"/{PATHS[kind]}/{{plan_id}}/{step}",
        take,
        methods=["POST"],
        name=f"{step}_{kind}",
        response_model=UnitPlanRead,
        responses=problems(InvalidTransition),
        summary=f"{step.capitalize()} {SAID[kind]}",
        description=description,
    )


implementation_plans = routes_of(PlanKind.IMPLEMENTATION)
annual_work_plans = routes_of(PlanKind.ANNUAL)
