"""HTTP of the platform grants."""

from typing import Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import tag
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.add import add_import
from servicekit.problems import AlreadyExists, UnknownReference

from funding.labels import LABELS
from funding.permissions import (
    DECIDE_PLATFORM_GRANT,
    FILE_PLATFORM_GRANT,
    READ_PLATFORM_GRANT,
)
from funding.platform_grants import service
from funding.platform_grants.domain import NoOwnFunds
from funding.platform_grants.models import PlatformGrant
from funding.platform_grants.schemas import (
    PlatformGrantCreate,
    PlatformGrantPage,
    PlatformGrantRead,
)
from funding.supports.domain import NoRate, NothingToSupport
from funding.supports.routes import SupportKind, add_support

router = app.router("platform-grants")


@router.post(
    "/platform-grants",
    status_code=201,
    response_model=PlatformGrantRead,
    responses=problems(UnknownReference, NoRate, NoOwnFunds, NothingToSupport, AlreadyExists),
    summary="Ask for a platform grant",
)
async def create_platform_grant(
    body: PlatformGrantCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(FILE_PLATFORM_GRANT),
) -> Any:
    """For one platform or piece of equipment. The answer shows the formula and every input."""
    row = await service.file_platform_grant(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/platform-grants/{row.id}"
    tag(response, row)
    return row


add_batch(router, create_platform_grant)
platform_grant_import = add_import(router, create_platform_grant, labels=LABELS)


add_support(
    router,
    SupportKind(
        PlatformGrant,
        PlatformGrantRead,
        PlatformGrantPage,
        READ_PLATFORM_GRANT,
        FILE_PLATFORM_GRANT,
        DECIDE_PLATFORM_GRANT,
        said="a platform grant",
        plural="platform grants",
    ),
)
