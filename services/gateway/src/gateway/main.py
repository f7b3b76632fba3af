"""The gateway, composed on one screen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from servicekit.http import openapi
from servicekit.http.app import PREFIX, App, create_app, operation_id
from servicekit.jobs.routes import jobs_router
from servicekit.messaging.tasks import end
from servicekit.migrations import Migrations
from servicekit.worker import keep_running

from gateway.clients.policies import Policies
from gateway.clients.routes import clients
from gateway.composed.routes import audit_entries, jobs, parked_events
from gateway.document.domain import Document
from gateway.document.routes import document_routes
from gateway.document.service import Documents
from gateway.events.routes import events
from gateway.events.service import Tail
from gateway.labels import LABELS, RESOURCES
from gateway.logins.discovery import security_schemes
from gateway.logins.schemas import check_providers
from gateway.logins.service import Logins
from gateway.overview.kept import Kept
from gateway.overview.routes import overview
from gateway.proxy.bodies import UPLOAD_LIMIT
from gateway.proxy.callers import TrustedProxies
from gateway.proxy.domain import RouteTable
from gateway.proxy.routes import Door, Duties
from gateway.proxy.service import Upstreams
from gateway.rate_limits.service import RateLimiter
from gateway.settings import GatewaySettings
from gateway.tokens import schemas as token_schemas
from gateway.tokens.keys import SigningKeys, read_keys
from gateway.tokens.routes import token_routes
from gateway.tokens.service import Signer, TokenIssuer
from gateway.visibility.service import Visibility
from gateway.webhooks.routes import webhooks
from gateway.webhooks.service import Means

MIGRATIONS = Migrations(Path(__file__).parents[2] / "migrations")


def build(settings: GatewaySettings) -> App:
    """The complete app.

    Raises:
        ValueError: there is no usable signing key, a setting cannot be, or two identity providers
            could be taken for each other.
    """
    check_providers(settings.identity_providers, settings.issuer)
    keys = read_keys(settings.signing_key_file, settings.signing_key)
    # The gateway checks tokens with its own keys; only services fetch them.
    settings = settings.model_copy(update={"jwks": keys.public_json(), "jwks_url": ""})
    app = create_app(
        settings,
        title="Kechuang gateway",
        description="The one door: tokens, routing, the merged document, the overview.",
        routers=[overview, clients, events, webhooks, audit_entries, parked_events, jobs],
        labels=LABELS,
        resources=RESOURCES,
        migrations=MIGRATIONS,
        # Only a backstop: the door counts exactly, by content type.
        max_body=2 * UPLOAD_LIMIT,
        platform=False,
    )
    upstreams = Upstreams(settings.upstreams, settings.upstream_concurrency)
    table = RouteTable(upstreams.addresses)
    documents = Documents(
        own=lambda: own_document(app),
        version=settings.version,
        upstreams=upstreams,
        table=table,
        snapshots=settings.openapi_snapshots,
    )
    app.state.upstreams, app.state.documents, app.state.keys = upstreams, documents, keys
    app.state.policies = Policies(settings.rate_limit_storage, settings.policy_refresh_seconds)
    app.state.overviews = Kept()
    app.state.visibility = Visibility(documents)
    app.state.webhook_means = Means.of(settings)
    app.router.routes[:0] = [
        *document_routes(documents),
        *token_routes(keys, settings),
    ]
    app.put_before(partial(Door, duties=duties(app, settings, table)))
    run_beside(app, settings)
    return app


def duties(app: FastAPI, settings: GatewaySettings, table: RouteTable) -> Duties:
    """What the door does with every request it passes on."""
    storage = settings.rate_limit_storage
    return Duties(
        table=table,
        proxies=TrustedProxies.of(settings.trusted_proxies, settings.trusted_proxy_header),
        upstreams=app.state.upstreams,
        policies=app.state.policies,
        per_caller=RateLimiter(settings.rate_limit, storage),
        refused_tokens=RateLimiter(settings.forgery_limit, storage),
    )


def own_document(app: FastAPI) -> Document:
    """The gateway's part of the merged document, the token endpoint included."""
    own = with_jobs(app.openapi())
    components = own["components"]
    providers = app.state.settings.identity_providers
    return {
        **own,
        "paths": {**own["paths"], **token_schemas.PATHS},
        "components": {
            **components,
            "schemas": {**components["schemas"], **token_schemas.SCHEMAS},
            "securitySchemes": {**components["securitySchemes"], **security_schemes(providers)},
        },
    }


def with_jobs(own: Document) -> Document:
    """The gateway's part with the operations on one job, which each service has: a job's id tells
    whose it is, so they are documented here, once."""
    shown = FastAPI(separate_input_output_schemas=False, generate_unique_id_function=operation_id)
    shown.include_router(jobs_router(in_schema=True), prefix=PREFIX)
    document = openapi.build(shown)
    schemas = {**own["components"]["schemas"], **document["components"]["schemas"]}
    return {
        **own,
        "paths": {**own["paths"], **document["paths"]},
        "components": {**own["components"], "schemas": schemas},
        "x-permissions": {**own["x-permissions"], **document["x-permissions"]},
    }


def run_beside(app: FastAPI, settings: GatewaySettings) -> None:
    """Add to start-up the token issuer, the collecting of documents, the tail of the event log and
    the clients' policies; close what they opened."""
    serving = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[None]:
        async with serving(running):
            running.state.issuer = make_issuer(running, settings)
            running.state.logins = make_logins(running, settings)
            tail = running.state.tail = make_tail(running, settings)
            running.state.farewells.append(tail.close)
            policies, database = running.state.policies, running.state.database
            policies.on_change.append(tail.wake)
            await policies.refresh(database)
            beside = [
                asyncio.create_task(running.state.documents.complete()),
                asyncio.create_task(keep_running("tail", tail.run)),
                asyncio.create_task(keep_running("policies", partial(policies.run, database))),
            ]
            try:
                yield
            finally:
                tail.close()
                await end(beside)
                running.state.upstreams.close()

    app.router.lifespan_context = lifespan


def make_tail(app: FastAPI, settings: GatewaySettings) -> Tail:
    """The end of the event log over the open database."""
    schemas = f"{settings.issuer.rstrip('/')}/schemas"
    return Tail(app.state.database, schemas, settings.streams_per_client)


def make_signer(app: FastAPI, settings: GatewaySettings) -> Signer:
    keys: SigningKeys = app.state.keys
    return Signer(keys, settings.issuer, settings.audience, settings.token_lifetime)


def make_issuer(app: FastAPI, settings: GatewaySettings) -> TokenIssuer:
    """The token issuer over the open database."""
    return TokenIssuer(
        database=app.state.database,
        signer=make_signer(app, settings),
        per_client=RateLimiter(settings.login_limit, settings.rate_limit_storage),
        per_address=RateLimiter(settings.forgery_limit, settings.rate_limit_storage),
    )


def make_logins(app: FastAPI, settings: GatewaySettings) -> Logins:
    """The door of the providers' people, over the open database."""
    return Logins(settings.identity_providers, app.state.database, make_signer(app, settings))
