"""What parks tell of themselves, over HTTP."""

from typing import Annotated, Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code, Moment

from parks.forms.schemas import ReturnPeriod
from parks.park_returns import service
from parks.park_returns.repository import SORTABLE
from parks.park_returns.schemas import ParkReturnPage, ParkReturnPut, ParkReturnRead
from parks.permissions import READ_PARK_RETURN, WRITE_PARK_RETURN
from parks.quality.domain import ReturnNotSound
from parks.returns.domain import FuturePeriod, InconsistentMeasures

router = app.router("parks")
PATH = "/parks/{code}/returns"
ONE = f"{PATH}/{{period}}"


@router.get(PATH, response_model=ParkReturnPage, summary="What a park tells of itself")
async def list_park_returns(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_PARK_RETURN),
) -> Any:
    """A park's own numbers, the latest period first."""
    return await service.list_returns(session, principal, page, code, updated_since)


@router.get(ONE, response_model=ParkReturnRead, summary="What a park tells of one period")
async def get_park_return(
    code: Code,
    period: ReturnPeriod,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_PARK_RETURN),
) -> Any:
    """Its numbers, and where they differ from its enterprises'."""
    row = await service.get_return(session, principal, code, period)
    tag(response, row)
    return row


@router.put(
    ONE,
    response_model=ParkReturnRead,
    responses={
        201: {"model": ParkReturnRead, "description": "Created"},
        **problems(FuturePeriod, InconsistentMeasures, ReturnNotSound),
    },
    summary="Tell a park's own numbers",
)
async def put_park_return(
    code: Code,
    period: ReturnPeriod,
    body: ParkReturnPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(WRITE_PARK_RETURN),
) -> Any:
    """For the park's administration or the office. They are compared with the sum of the park's
    accepted returns by the rules of the kind `park_total`, and are in no total themselves."""
    row, created = await service.put_return(session, principal, code, period, body, expected)
    tag(response, row)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/parks/{code}/returns/{period}"
    return row
