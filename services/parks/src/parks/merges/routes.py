"""Merging enterprises over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference

from parks.enterprises.domain import EnterpriseMerged
from parks.enterprises.schemas import EnterpriseRead
from parks.merges import service
from parks.merges.domain import BothCounted, MergedIntoItself
from parks.merges.schemas import EnterpriseMerge
from parks.permissions import MERGE_ENTERPRISE

router = app.router("enterprises")


@router.post(
    "/enterprises/{enterprise_id}/merge",
    response_model=EnterpriseRead,
    responses=problems(UnknownReference, MergedIntoItself, EnterpriseMerged, BothCounted),
    summary="Merge a duplicate",
)
async def merge_enterprise(
    enterprise_id: UUID,
    body: EnterpriseMerge,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(MERGE_ENTERPRISE),
) -> Any:
    """For the office. The other one has its returns, recognitions, platforms and names from now
    on; this one stays as it was, inactive, and whoever asks for it is answered by the other."""
    gone = await service.merge_enterprise(session, principal, enterprise_id, body, expected)
    tag(response, gone)
    return gone
