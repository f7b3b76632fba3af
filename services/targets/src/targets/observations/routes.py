"""HTTP of the observations."""

from typing import Annotated, Any

from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code, Moment
from targets.moments.schemas import AsOf, KnownAt
from targets.observations import service
from targets.observations.repository import SORTABLE
from targets.observations.schemas import ObservationPage
from targets.permissions import READ_OBSERVATIONS

observations = app.router("indicators")


@observations.get(
    "/indicators/{code}/observations",
    response_model=ObservationPage,
    summary="List an indicator's observations",
)
async def list_indicator_observations(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    unit: Code | None = None,
    include_superseded: bool = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_OBSERVATIONS),
) -> Any:
    """The series of valid numbers with what was expected at each, oldest first: those of now, or
    of the day `as_of`, as was known at the moment `known_at`."""
    return await service.list_observations(
        session,
        principal,
        page,
        code,
        unit=unit,
        include_superseded=include_superseded,
        as_of=as_of,
        known_at=known_at,
        updated_since=updated_since,
    )
