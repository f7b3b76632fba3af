"""`GET /api/v1/events` and `GET /api/v1/events/stream`."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import Header, Query, Request, Response
from servicekit.auth.principal import Principal
from servicekit.http.app import router
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, fetch_page, given, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import FieldError, Unprocessable
from servicekit.types import AnyOf, Moment

from gateway.deps import PoliciesDep, TailDep, VisibilityDep
from gateway.events import repository
from gateway.events.domain import (
    PositionGone,
    TooManyStreams,
    TypePattern,
    expiry,
    read_position,
)
from gateway.events.models import LoggedEvent
from gateway.events.schemas import EventPage
from gateway.events.stream import EventStream, Wish
from gateway.permissions import READ_EVENTS
from gateway.visibility.domain import RulesUnknown

SORTABLE = {"position": LoggedEvent.position, "updated_at": LoggedEvent.logged_at}

events = router("events")

Types = Annotated[
    list[TypePattern] | None,
    Query(max_length=50, description="Event types, or beginnings of them followed by `.*`."),
]
Subjects = Annotated[
    list[Annotated[str, Query(max_length=200, pattern=r"^[^\x00]+$")]] | None,
    Query(max_length=50, description="Aggregates, such as `indicator:rd-spend`."),
]


def address_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


_STREAM = """retry: 2000

id: 4711
event: kechuang.targets.period.closed.v1
data: {"specversion":"1.0","id":"0199…","type":"kechuang.targets.period.closed.v1","data":{}}

: heartbeat

"""


@events.get("/events", response_model=EventPage, responses=problems(RulesUnknown))
async def list_events(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    visibility: VisibilityDep,
    type: Types = None,
    publisher: Annotated[
        AnyOf[Literal["targets", "funding", "parks", "supervision"]] | None, Query()
    ] = None,
    subject: Subjects = None,
    correlation_id: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_EVENTS),
) -> Any:
    """Everything that was published and the caller may see, oldest first.

    An event is seen by who may read what it tells: the event's permission, in the relation of the
    caller's unit to the units the event concerns.
    """
    conditions = given(
        (type or None, repository.of_types),
        (publisher or None, LoggedEvent.publisher.in_),
        (subject or None, LoggedEvent.subject.in_),
        (correlation_id, LoggedEvent.correlation_id.__eq__),
        (updated_since, LoggedEvent.logged_at.__ge__),
    )
    query = repository.listing(await visibility.sight(session, principal)).where(*conditions)
    return await fetch_page(
        session,
        query,
        page,
        sortable=SORTABLE,
        default="position",
        key="position",
    )


@events.get(
    "/events/stream",
    response_class=Response,
    responses={
        200: {
            "description": "Server-sent events: `id` is the position, `event` the type, `data` a "
            "CloudEvent in JSON. Ends when the token expires or its client is locked out; come "
            "back with a fresh one and `Last-Event-ID`.",
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _STREAM}},
        },
        **problems(PositionGone, TooManyStreams, RulesUnknown),
    },
)
async def stream_events(
    request: Request,
    session: SessionDep,
    visibility: VisibilityDep,
    tail: TailDep,
    policies: PoliciesDep,
    type: Types = None,
    subject: Subjects = None,
    last_event_id: Annotated[
        str | None, Query(max_length=20, description="As the header; the header comes first.")
    ] = None,
    header: Annotated[
        str | None,
        Header(alias="Last-Event-ID", description="The last `id` seen: go on behind it; 0: all."),
    ] = None,
    principal: Principal = permitted(READ_EVENTS),
) -> Response:
    """Follow what is published, as it happens and as far as the caller may see it.

    Without `Last-Event-ID` it starts now. A quiet stream sends a comment every 15 seconds.
    """
    given = header if header is not None else last_event_id
    position = None if given is None else read_position(given)
    if given is not None and position is None:
        zh, en = "应为事件流给出的 id", "Must be an id that a stream gave"
        where = "header/Last-Event-ID" if header is not None else "query/last_event_id"
        raise Unprocessable(errors=(FieldError(where, "invalid_last_event_id", zh, en),))
    tail.check_room(principal.subject)
    return EventStream(
        tail,
        Wish(
            caller=principal.subject,
            types=tuple(type or ()),
            subjects=frozenset(subject or ()),
            sight=await visibility.sight(session, principal),
            position=await tail.start_of(position),
            expires=expiry(request.headers["authorization"]),
            may_stay=partial(policies.admits, principal.client_id, address_of(request)),
        ),
    )
