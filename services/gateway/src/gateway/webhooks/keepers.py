"""Whose webhooks a caller keeps.

A webhook belongs to a registered client and is sent what that client may see. A client keeps its
own. A person belongs to no client, and tomorrow may have other roles or none: whoever comes from an
identity provider keeps the webhooks of the clients that see no more than the person does now.
"""

from collections.abc import Sequence

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.problems import Forbidden

from gateway.clients.domain import acting
from gateway.logins.domain import is_person
from gateway.permissions import WRITE_WEBHOOKS
from gateway.visibility.domain import covers
from gateway.visibility.events import TOLD
from gateway.visibility.service import Visibility
from gateway.webhooks import repository
from gateway.webhooks.domain import ClientUnknown


async def kept_clients(
    session: Session, principal: Principal, visibility: Visibility
) -> Sequence[str]:
    """The clients whose webhooks the caller keeps.

    Raises:
        RulesUnknown: nobody can tell yet who sees what.
    """
    if not is_person(principal):
        return [principal.client_id]
    rules = await visibility.rules()
    rows = await repository.clients(session)
    return [
        row.client_id
        for row in rows
        if covers(principal, acting(row.client_id, row.roles, row.unit, row.scopes), rules, TOLD)
    ]


async def owner_of_new(
    session: Session, principal: Principal, wanted: str | None, visibility: Visibility
) -> str:
    """The client a new webhook is for: the one that is named, else the caller's own.

    Raises:
        ClientUnknown: it is not registered here; a person has to name one.
        Forbidden: it is not one whose webhooks the caller keeps.
    """
    owner = wanted or principal.client_id
    if not await repository.is_registered(session, owner):
        raise ClientUnknown
    if owner not in await kept_clients(session, principal, visibility):
        raise Forbidden(permission=WRITE_WEBHOOKS.name)
    return owner
