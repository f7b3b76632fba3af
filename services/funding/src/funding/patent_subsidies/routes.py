"""HTTP of the patent subsidies."""

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

from funding.labels import LABELS
from funding.patent_subsidies import service
from funding.patent_subsidies.domain import InvalidPatentNumber, PatentAlreadySubsidised
from funding.patent_subsidies.models import PatentSubsidy
from funding.patent_subsidies.schemas import (
    PatentSubsidyCreate,
    PatentSubsidyPage,
    PatentSubsidyRead,
)
from funding.permissions import (
    DECIDE_PATENT_SUBSIDY,
    FILE_PATENT_SUBSIDY,
    READ_PATENT_SUBSIDY,
)
from funding.supports.domain import NoRate
from funding.supports.routes import SupportKind, add_support

router = app.router("patent-subsidies")


@router.post(
    "/patent-subsidies",
    status_code=201,
    response_model=PatentSubsidyRead,
    responses=problems(UnknownReference, InvalidPatentNumber, NoRate, PatentAlreadySubsidised),
    summary="Ask for a patent subsidy",
)
async def create_patent_subsidy(
    body: PatentSubsidyCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(FILE_PATENT_SUBSIDY),
) -> Any:
    """For one patent, whose number says its type. Each patent is subsidised once, ever."""
    row = await service.file_patent_subsidy(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/patent-subsidies/{row.id}"
    tag(response, row)
    return row


add_batch(router, create_patent_subsidy)
patent_subsidy_import = add_import(router, create_patent_subsidy, labels=LABELS)


add_support(
    router,
    SupportKind(
        PatentSubsidy,
        PatentSubsidyRead,
        PatentSubsidyPage,
        READ_PATENT_SUBSIDY,
        FILE_PATENT_SUBSIDY,
        DECIDE_PATENT_SUBSIDY,
        said="a patent subsidy",
        plural="patent subsidies",
    ),
)
