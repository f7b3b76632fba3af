"""HTTP of the interest subsidies."""

from typing import Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import tag
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.add import add_import
from servicekit.problems import UnknownReference

from funding.interest_subsidies import service
from funding.interest_subsidies.domain import CapReached, PeriodEmpty, PeriodOverlaps
from funding.interest_subsidies.models import InterestSubsidy
from funding.interest_subsidies.schemas import (
    InterestSubsidyCreate,
    InterestSubsidyPage,
    InterestSubsidyRead,
)
from funding.labels import LABELS
from funding.permissions import (
    DECIDE_INTEREST_SUBSIDY,
    FILE_INTEREST_SUBSIDY,
    READ_INTEREST_SUBSIDY,
)
from funding.supports.domain import NoRate, NothingToSupport
from funding.supports.routes import SupportKind, add_support

router = app.router("interest-subsidies")


@router.post(
    "/interest-subsidies",
    status_code=201,
    response_model=InterestSubsidyRead,
    responses=problems(
        UnknownReference, PeriodEmpty, NoRate, NothingToSupport, CapReached, PeriodOverlaps
    ),
    summary="Ask for an interest subsidy",
)
async def create_interest_subsidy(
    body: InterestSubsidyCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(FILE_INTEREST_SUBSIDY),
) -> Any:
    """For one period of one loan contract. The answer shows the formula and every input; the cap
    is that of a unit and year."""
    row = await service.file_interest_subsidy(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/interest-subsidies/{row.id}"
    tag(response, row)
    return row


add_batch(router, create_interest_subsidy)
interest_subsidy_import = add_import(router, create_interest_subsidy, labels=LABELS)


add_support(
    router,
    SupportKind(
        InterestSubsidy,
        InterestSubsidyRead,
        InterestSubsidyPage,
        READ_INTEREST_SUBSIDY,
        FILE_INTEREST_SUBSIDY,
        DECIDE_INTEREST_SUBSIDY,
        said="an interest subsidy",
        plural="interest subsidies",
    ),
)
