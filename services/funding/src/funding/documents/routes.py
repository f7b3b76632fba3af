"""HTTP that all documents share: one is read, approved, rejected and withdrawn in the same way."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, NotFound, Problem

from funding.budgets.domain import SeparationOfDuties
from funding.documents import service
from funding.documents.domain import Step, plural
from funding.documents.models import Document
from funding.documents.schemas import DocumentRead, Refusal

Approve = Callable[[Session, Principal, UUID, int | None], Awaitable[Document]]
Refuse = Callable[
    [Session, Principal, Permission, type[Document], UUID, Step, int | None, str],
    Awaitable[Document],
]


def as_it_is(_: Principal, row: Any) -> Any:
    return row


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document. `said` is how a sentence calls one, `approval` what approving it does,
    `refusals` what can stand against that, `refuse` how one is rejected or withdrawn, `shown` what
    a caller sees of a row."""

    model: type[Document]
    read: type[DocumentRead]
    may_read: Permission
    may_make: Permission
    may_decide: Permission
    said: str
    approval: str
    approve: Approve
    refusals: Sequence[type[Problem]] = ()
    shown: Callable[[Principal, Any], Any] = as_it_is
    refuse: Refuse = service.refuse

    @property
    def name(self) -> str:
        return self.model.__tablename__

    @property
    def resource(self) -> str:
        return plural(self.name).replace("_", "-")

    @property
    def path(self) -> str:
        return f"/{self.resource}/{{document_id}}"


def add_document(router: APIRouter, kind: Kind) -> None:
    """Give a resource the operations on one of its documents."""
    _add_reading(router, kind)
    _add_approval(router, kind)
    for step, permission, description in (
        (Step.REJECT, kind.may_decide, "Another than its maker refuses it for a reason."),
        (Step.WITHDRAW, kind.may_make, "Those who draw up take it back before it is decided."),
    ):
        _add_refusal(router, kind, step, permission, description)


def _add_reading(router: APIRouter, kind: Kind) -> None:
    async def get(
        document_id: UUID,
        session: SessionDep,
        response: Response,
        principal: Principal = permitted(kind.may_read),
    ) -> Any:
        row = await service.get_document(session, principal, kind.may_read, kind.model, document_id)
        tag(response, row)
        return kind.shown(principal, row)

    router.add_api_route(
        kind.path,
        get,
        name=f"get_{kind.name}",
        response_model=kind.read,
        responses=problems(NotFound),
        summary=f"Read {kind.said}",
        description="With its state, who drew it up and who decided.",
    )


def _add_approval(router: APIRouter, kind: Kind) -> None:
    async def approve(
        document_id: UUID,
        session: SessionDep,
        response: Response,
        expected: Expected,
        principal: Principal = permitted(kind.may_decide),
    ) -> Any:
        row = await kind.approve(session, principal, document_id, expected)
        tag(response, row)
        return kind.shown(principal, row)

    router.add_api_route(
        f"{kind.path}/approve",
        approve,
        methods=["POST"],
        name=f"approve_{kind.name}",
        response_model=kind.read,
        responses=problems(InvalidTransition, SeparationOfDuties, *kind.refusals),
        summary=f"Approve {kind.said}",
        description=kind.approval,
    )


def _add_refusal(
    router: APIRouter, kind: Kind, step: Step, permission: Permission, description: str
) -> None:
    async def refuse(
        document_id: UUID,
        body: Refusal,
        session: SessionDep,
        response: Response,
        expected: Expected,
        principal: Principal = permitted(permission),
    ) -> Any:
        row = await kind.refuse(
            session, principal, permission, kind.model, document_id, step, expected, body.refusal
        )
        tag(response, row)
        return kind.shown(principal, row)

    router.add_api_route(
        f"{kind.path}/{step}",
        refuse,
        methods=["POST"],
        name=f"{step}_{kind.name}",
        response_model=kind.read,
        responses=problems(InvalidTransition, SeparationOfDuties),
        summary=f"{step.capitalize()} {kind.said}",
        description=description,
    )
