"""Industries over HTTP."""

from typing import Annotated, Any

from fastapi import Path, Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import permitted
from servicekit.types import AnyOf, Moment, Text

from parks.enterprises.schemas import Industry
from parks.industries import service
from parks.industries.domain import SORTABLE, UnknownIndustry
from parks.industries.schemas import IndustryLevel, IndustryPage, IndustryRead
from parks.permissions import READ_INDUSTRY

router = app.router("industries")


@router.get(
    "/industries",
    response_model=IndustryPage,
    responses=problems(UnknownIndustry),
    summary="List industries",
)
async def list_industries(
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    q: Annotated[
        Text | None, Query(description="In the name or the code.", examples=["制糖"])
    ] = None,
    level: Annotated[AnyOf[IndustryLevel] | None, Query()] = None,
    below: Annotated[Industry | None, Query(description="With all that lies below it.")] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_INDUSTRY),
) -> Any:
    """The codes of GB/T 4754-2017 with their names, to choose from."""
    return await service.list_industries(
        page, q=q, level=level or [], below=below, updated_since=updated_since
    )


@router.get("/industries/{code}", response_model=IndustryRead, summary="One industry")
async def get_industry(
    code: Annotated[str, Path(pattern=r"^[A-T]([0-9]{2,4})?$", examples=["C1340"])],
    _: Principal = permitted(READ_INDUSTRY),
) -> Any:
    """A code with its name and what it belongs to."""
    return await service.get_industry(code)
