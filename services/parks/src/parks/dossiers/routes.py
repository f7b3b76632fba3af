"""Dossiers over HTTP."""

from typing import Any
from uuid import UUID

from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.route import SessionDep, permitted

from parks.dossiers import service
from parks.dossiers.schemas import EnterpriseDossier
from parks.permissions import READ_DOSSIER

router = app.router("enterprises")


@router.get(
    "/enterprises/{enterprise_id}/dossier",
    response_model=EnterpriseDossier,
    summary="Everything known of an enterprise",
)
async def get_enterprise_dossier(
    enterprise_id: UUID, session: SessionDep, principal: Principal = permitted(READ_DOSSIER)
) -> Any:
    """Where it stood, its recognitions, platforms and last returns; and by its unit what funding
    and supervision have told: awards, payments, open rectifications."""
    return await service.get_dossier(session, principal, enterprise_id)
