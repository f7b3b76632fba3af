"""`/api/v1/clients`."""

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from servicekit.auth.principal import Principal
from servicekit.http import app, idempotency
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, fetch_page, given, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import AlreadyExists, InvalidTransition, UnknownReference
from servicekit.types import Code, Moment

from gateway.clients import repository, service
from gateway.clients.domain import TwoSecretsLive
from gateway.clients.models import ApiClient
from gateway.clients.schemas import (
    ClientCreate,
    ClientPage,
    ClientRead,
    ClientUpdate,
    ClientWithSecret,
)
from gateway.permissions import READ_CLIENTS, WRITE_CLIENTS

clients = app.router("clients")

SecretId = Annotated[str, Path(min_length=1, max_length=32, pattern=r"^[^\x00]*$")]
_SORTABLE = {
    "client_id": ApiClient.client_id,
    "created_at": ApiClient.created_at,
    "updated_at": ApiClient.updated_at,
}


@clients.get("/clients", response_model=ClientPage)
async def list_clients(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(_SORTABLE)],
    disabled: Annotated[bool | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_CLIENTS),
) -> Any:
    """Every registered client with its live secrets' ids; no secret is ever listed."""
    conditions = given(
        (disabled, ApiClient.disabled.__eq__),
        (updated_since, ApiClient.updated_at.__ge__),
    )
    query = repository.listing().where(*conditions)
    return await fetch_page(
        session, query, page, sortable=_SORTABLE, default="client_id", key="client_id"
    )


@clients.post("/clients", status_code=201, responses=problems(AlreadyExists, UnknownReference))
async def register_client(
    body: ClientCreate,
    request: Request,
    response: Response,
    session: SessionDep,
    _: Principal = permitted(WRITE_CLIENTS),
) -> ClientWithSecret:
    """Register a system. The answer shows its secret, once; only a digest of it is kept."""
    row, secret = await service.register(session, body)
    response.headers["Location"] = f"{app.PREFIX}/clients/{row.client_id}"
    tag(response, row)
    return idempotency.with_secret(
        request, ClientWithSecret, ClientRead.model_validate(row), client_secret=secret
    )


@clients.get("/clients/{client_id}", response_model=ClientRead)
async def get_client(
    client_id: Code,
    response: Response,
    session: SessionDep,
    _: Principal = permitted(READ_CLIENTS),
) -> Any:
    """One client; never its secrets."""
    row = await service.load(session, client_id, lock=False)
    tag(response, row)
    return row


@clients.patch(
    "/clients/{client_id}", response_model=ClientRead, responses=problems(UnknownReference)
)
async def update_client(
    client_id: Code,
    body: ClientUpdate,
    response: Response,
    session: SessionDep,
    expected: Expected,
    _: Principal = permitted(WRITE_CLIENTS),
) -> Any:
    """A merge patch. Limit and networks count within seconds, roles, unit and scopes from the
    client's next token on."""
    row = await service.load(session, client_id)
    await service.update(session, row, body.model_dump(exclude_unset=True), expected)
    tag(response, row)
    return row


@clients.post(
    "/clients/{client_id}/disable",
    response_model=ClientRead,
    responses=problems(InvalidTransition),
)
async def disable_client(
    client_id: Code,
    response: Response,
    session: SessionDep,
    expected: Expected,
    _: Principal = permitted(WRITE_CLIENTS),
) -> Any:
    """No new tokens from now on; those it has are refused at the door within seconds."""
    row = await service.load(session, client_id)
    await service.change_state(session, row, "disable", expected)
    tag(response, row)
    return row


@clients.post(
    "/clients/{client_id}/enable",
    response_model=ClientRead,
    responses=problems(InvalidTransition),
)
async def enable_client(
    client_id: Code,
    response: Response,
    session: SessionDep,
    expected: Expected,
    _: Principal = permitted(WRITE_CLIENTS),
) -> Any:
    """Let the client in again, with the secrets it had."""
    row = await service.load(session, client_id)
    await service.change_state(session, row, "enable", expected)
    tag(response, row)
    return row


@clients.post("/clients/{client_id}/secrets", status_code=201, responses=problems(TwoSecretsLive))
async def add_client_secret(
    client_id: Code,
    request: Request,
    response: Response,
    session: SessionDep,
    _: Principal = permitted(WRITE_CLIENTS),
) -> ClientWithSecret:
    """A second live secret, shown once, so that the client can change over without a pause."""
    row = await service.load(session, client_id)
    secret = await service.add_secret(session, row)
    response.headers["Location"] = f"{app.PREFIX}/clients/{client_id}"
    tag(response, row)
    return idempotency.with_secret(
        request, ClientWithSecret, ClientRead.model_validate(row), client_secret=secret
    )


@clients.delete("/clients/{client_id}/secrets/{secret_id}", status_code=204)
async def remove_client_secret(
    client_id: Code,
    secret_id: SecretId,
    session: SessionDep,
    _: Principal = permitted(WRITE_CLIENTS),
) -> None:
    """The secret gets no token any more. The last one may go, too: then nobody can log in."""
    row = await service.load(session, client_id)
    await service.remove_secret(session, row, secret_id)
