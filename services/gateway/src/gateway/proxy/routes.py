"""The door every request below `/api/` comes through: checked, counted, passed on or answered.

A bare ASGI middleware, inside the envelope that gives the request its id and outside the
framework: a request that is passed on meets no routing, no models and no body parsing.
"""

import asyncio
from dataclasses import dataclass

import structlog
from servicekit import context
from servicekit.auth.principal import Principal
from servicekit.http.errors import MethodNotAllowed, language_of, render
from servicekit.http.route import audit_refusal
from servicekit.problems import Problem, TooManyRequests, Unauthenticated
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.clients.domain import NetworkNotAllowed
from gateway.clients.policies import Policies
from gateway.logins.domain import UnitUnknown
from gateway.proxy import domain
from gateway.proxy.answer import Answer, BrokenOff
from gateway.proxy.bodies import (
    CallerGone,
    Upload,
    declared_length,
    limited,
    read_body,
    read_message,
)
from gateway.proxy.callers import TrustedProxies
from gateway.proxy.domain import Framing, Headers, Route, RouteTable
from gateway.proxy.service import Call, Upstreams
from gateway.rate_limits.service import RateLimiter

log = structlog.get_logger()

ANONYMOUS = Principal(subject="anonymous", client_id="anonymous")
_OPEN = frozenset({"openapi.json", "asyncapi.json"})
"""First segments that need no token."""


@dataclass(frozen=True, slots=True)
class Duties:
    """What the door needs: the route table, the proxies before it, the services, the clients'
    policies, two counters."""

    table: RouteTable
    proxies: TrustedProxies
    upstreams: Upstreams
    policies: Policies
    per_caller: RateLimiter
    refused_tokens: RateLimiter


class Door:
    """ASGI middleware. Needs `app.state.verifier`, `app.state.logins` and `app.state.database`."""

    def __init__(self, app: ASGIApp, duties: Duties) -> None:
        self.app = app
        self.duties = duties

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        extra: Headers = []
        try:
            await self._admit(scope, receive, send, extra)
        except CallerGone:
            log.info("caller_gone", path=scope["path"])
        except Problem as problem:
            answer = render(problem, language_of(Request(scope)), scope["request_id"])
            answer.raw_headers.extend(extra)
            await answer(scope, receive, send)

    async def _admit(self, scope: Scope, receive: Receive, send: Send, extra: Headers) -> None:
        headers: Headers = scope["headers"]
        scope["client"] = self.duties.proxies.caller(address_of(scope), headers), 0
        domain.check_version(scope["http_version"])
        framing = domain.framing_of(headers)
        if scope["method"] not in domain.METHODS:
            raise MethodNotAllowed(domain.METHODS)
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        if not raw_path.startswith(b"/api/"):
            await self.app(scope, limited(receive), send)
            return
        domain.check_target(raw_path, scope["query_string"])
        route = self.duties.table.route(raw_path)
        if route.segment not in _OPEN:
            await self._identify(scope, extra)
        if route.service == "gateway":
            await self.app(scope, limited(receive), adding(extra, send))
        else:
            scope["route"] = route
            await self._pass_on(route, raw_path, framing, scope, receive, send, extra)

    async def _identify(self, scope: Scope, extra: Headers) -> None:
        """Verify the caller and count the request; `extra` gets the rate-limit headers. Whoever
        answers the request finds a token of our own in it, whoever has given out the caller's.

        Raises:
            Unauthenticated: no token that is valid here, or its client is disabled.
            UnitUnknown: a person of a unit that is none of ours.
            NetworkNotAllowed: the client is bound to other networks.
            TooManyRequests: this caller, or refused ones from this address.
        """
        principal, state = ANONYMOUS, scope["app"].state
        try:
            given = authorization(scope["headers"])
            ours = await state.logins.exchange(given, scope["request_id"])
            principal = await state.verifier.verify(ours)
            policy = self.duties.policies.of(principal.client_id)
            if policy.disabled:
                raise Unauthenticated
            if not policy.lets_in(address_of(scope)):
                raise NetworkNotAllowed(address=address_of(scope))
        except (Unauthenticated, UnitUnknown, NetworkNotAllowed) as error:
            await self._note_refusal(scope, extra, error, principal)
            raise
        if ours is not None and ours is not given:
            scope["headers"] = domain.authorized(scope["headers"], ours)
        limiter = policy.limiter or self.duties.per_caller
        allowance = await limiter.take(principal.client_id, principal.subject)
        extra.extend(allowance.headers())
        if not allowance.allowed:
            raise Limited

    async def _note_refusal(
        self, scope: Scope, extra: Headers, error: Problem, principal: Principal
    ) -> None:
        """Audit a refused token; past the limit answer 429 and write nothing more."""
        if authorization(scope["headers"]) is None:
            return
        allowance = await self.duties.refused_tokens.take(address_of(scope))
        if not allowance.allowed:
            extra.extend(allowance.headers())
            raise Limited from error
        with context.using(context.Context(principal, scope["request_id"])):
            await audit_refusal(scope["app"].state.database, Request(scope), error)

    async def _pass_on(
        self,
        route: Route,
        raw_path: bytes,
        framing: Framing,
        scope: Scope,
        receive: Receive,
        send: Send,
        extra: Headers,
    ) -> None:
        headers: Headers = scope["headers"]
        passed = domain.inward(headers)
        passed += forwarding(scope, framing)
        length = declared_length(framing)
        body = None if length == 0 else await read_body(headers, length, receive)
        query = domain.quote_query(scope["query_string"])
        target = raw_path.decode("ascii") + (f"?{query}" if query else "")
        upstreams = self.duties.upstreams
        call = Call(route.service, scope["method"], target, passed, body)
        with await upstreams.send(call) as answer:
            base = upstreams.base(route.service)
            kept = domain.outward(answer.headers, base, answer.status) + extra
            await send({"type": "http.response.start", "status": answer.status, "headers": kept})
            await relay(answer, call, receive, send)


class Limited(TooManyRequests):
    """`Retry-After` comes with the rate-limit headers, from the counter itself."""

    retry_after = None


def adding(extra: Headers, send: Send) -> Send:
    """A `send` that puts these headers on the answer."""

    async def send_marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *extra]
        await send(message)

    return send_marked


def authorization(headers: Headers) -> str | None:
    """The Authorization header; none if there is none or more than one."""
    found = [value for name, value in headers if name == b"authorization"]
    return found[0].decode("latin-1") if len(found) == 1 else None


def address_of(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else "unknown"


def forwarding(scope: Scope, framing: Framing) -> Headers:
    """What the service is told about the caller; never what the caller says about itself."""
    return [
        (b"x-forwarded-for", address_of(scope).encode("ascii")),
        (b"x-forwarded-proto", scope["scheme"].encode("ascii")),
        (b"x-forwarded-host", domain.host_of(framing)),
        (b"x-request-id", scope["request_id"].encode("ascii")),
        (b"traceparent", scope["traceparent"].encode("ascii")),
    ]


async def relay(answer: Answer, call: Call, receive: Receive, send: Send) -> None:
    """Send the body on as it comes. If it breaks off, so does ours: it is left unfinished, and the
    server closes the caller's connection instead of ending the message properly."""
    watcher: asyncio.Task[None] | None = None
    try:
        if not answer.is_complete and not is_under_way(call.body):
            watcher = asyncio.create_task(close_when_gone(answer, receive))
        more = True
        while more:
            piece, more = await answer.piece()
            await send({"type": "http.response.body", "body": piece, "more_body": more})
    except (BrokenOff, TimeoutError) as error:
        log.warning("upstream_broke_off", target=call.target, error=repr(error))
    finally:
        if watcher is not None:
            watcher.cancel()


def is_under_way(body: bytes | Upload | None) -> bool:
    """Whether the caller still sends: what it sends, or that it is gone, is for the upload."""
    return isinstance(body, Upload) and not body.is_read


async def close_when_gone(answer: Answer, receive: Receive) -> None:
    """Stop reading from the service once the caller has hung up."""
    try:
        while True:
            await read_message(receive)
    except CallerGone as gone:
        answer.close(gone)
