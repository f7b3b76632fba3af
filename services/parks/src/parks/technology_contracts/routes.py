"""Technology contracts over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.add import add_import
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Code, Day, Moment

from parks.enterprises.domain import EnterprisesDiffer, InvalidUscc
from parks.labels import LABELS
from parks.parks.domain import FutureDate
from parks.permissions import (
    CANCEL_CONTRACT,
    CORRECT_CONTRACT,
    READ_CONTRACT,
    REGISTER_CONTRACT,
)
from parks.technology_contracts import domain, service
from parks.technology_contracts.repository import SORTABLE
from parks.technology_contracts.schemas import (
    TechnologyContractCancel,
    TechnologyContractCorrect,
    TechnologyContractCreate,
    TechnologyContractKind,
    TechnologyContractPage,
    TechnologyContractRead,
    TechnologyContractState,
)

router = app.router("technology-contracts")
ONE = "/technology-contracts/{contract_id}"
WRONG = (domain.AmountsContradict, domain.RegisteredBeforeSigned, FutureDate)


@router.get(
    "/technology-contracts",
    response_model=TechnologyContractPage,
    summary="List technology contracts",
)
async def list_technology_contracts(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    kind: Annotated[AnyOf[TechnologyContractKind] | None, Query()] = None,
    state: Annotated[AnyOf[TechnologyContractState] | None, Query()] = None,
    park_code: Code | None = None,
    enterprise_id: UUID | None = None,
    registered_gte: Day | None = None,
    registered_lte: Day | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_CONTRACT),
) -> Any:
    """Those the caller may see, the latest registration first. Their sum by month is in
    `/park-metrics` as `technology_trade_volume`."""
    return await service.list_contracts(
        session,
        principal,
        page,
        kind=kind or [],
        state=state,
        park_code=park_code,
        enterprise_id=enterprise_id,
        registered_gte=registered_gte,
        registered_lte=registered_lte,
        updated_since=updated_since,
    )


@router.get(ONE, response_model=TechnologyContractRead, summary="One technology contract")
async def get_technology_contract(
    contract_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_CONTRACT),
) -> Any:
    """A contract with what was registered before each correction."""
    row = await service.load(session, principal, READ_CONTRACT, contract_id)
    tag(response, row)
    return row


@router.post(
    "/technology-contracts",
    status_code=201,
    response_model=TechnologyContractRead,
    responses=problems(
        *WRONG,
        domain.SellerUnnamed,
        InvalidUscc,
        EnterprisesDiffer,
        UnknownReference,
        domain.ContractRegistered,
    ),
    summary="Register a technology contract",
)
async def create_technology_contract(
    body: TechnologyContractCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(REGISTER_CONTRACT),
) -> Any:
    """For the office that registers. Its amount is trade volume of the city and of the seller's
    park from here on; a number is registered once as long as it is not cancelled."""
    row = await service.register_contract(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/technology-contracts/{row.id}"
    tag(response, row)
    return row


add_batch(router, create_technology_contract)
contract_import = add_import(router, create_technology_contract, labels=LABELS)


@router.post(
    f"{ONE}/correct",
    response_model=TechnologyContractRead,
    responses=problems(InvalidTransition, domain.NothingCorrected, *WRONG),
    summary="Correct a technology contract",
)
async def correct_technology_contract(
    contract_id: UUID,
    body: TechnologyContractCorrect,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CORRECT_CONTRACT),
) -> Any:
    """What was registered stays known. The volume is restated in the month it counted in, and
    moves to another month with the day of the registration."""
    row = await service.correct_contract(session, principal, contract_id, body, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/cancel",
    response_model=TechnologyContractRead,
    responses=problems(InvalidTransition, FutureDate),
    summary="Cancel a technology contract",
)
async def cancel_technology_contract(
    contract_id: UUID,
    body: TechnologyContractCancel,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CANCEL_CONTRACT),
) -> Any:
    """The registration is taken back, and the volume with it, in the month it counted in."""
    row = await service.cancel_contract(session, principal, contract_id, body, expected)
    tag(response, row)
    return row
