"""Use cases of the enterprises."""

from datetime import date
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from parks.enterprises import domain, events, repository
from parks.enterprises.models import Enterprise
from parks.enterprises.repository import Filter
from parks.enterprises.schemas import EnterpriseCreate, EnterpriseUpdate
from parks.metrics import service as metrics
from parks.parks import repository as parks
from parks.permissions import CREATE_ENTERPRISE, READ_ENTERPRISE, UPDATE_ENTERPRISE
from parks.recognitions import repository as recognitions


async def load(session: Session, enterprise_id: UUID) -> Enterprise:
    """Raises `NotFound`."""
    enterprise = await repository.get(session, enterprise_id)
    if enterprise is None:
        raise NotFound(what=f"enterprise {enterprise_id}")
    return enterprise


async def load_for_update(session: Session, enterprise_id: UUID) -> Enterprise:
    """The enterprise, locked until the transaction ends. Raises `NotFound`."""
    enterprise = await repository.get_for_update(session, enterprise_id)
    if enterprise is None:
        raise NotFound(what=f"enterprise {enterprise_id}")
    return enterprise


async def units_of(session: Session, enterprise: Enterprise) -> list[str]:
    """The units that answer for an enterprise: its own, and those of its park."""
    own = [enterprise.unit_code] if enterprise.unit_code else []
    park = await repository.get_park(session, enterprise)
    return own + (park.units if park else [])


async def units_of_park(session: Session, code: str | None) -> list[str]:
    """Raises `UnknownReference` for a park that is not registered."""
    if code is None:
        return []
    park = await parks.get(session, code)
    if park is None:
        raise UnknownReference(what=f"park {code}")
    return park.units


async def get_enterprise(session: Session, principal: Principal, enterprise_id: UUID) -> Enterprise:
    """Raises `NotFound`, `Forbidden`."""
    enterprise = await load(session, enterprise_id)
    units = await units_of(session, enterprise)
    await directory.require(session, principal, READ_ENTERPRISE, *units)
    return enterprise


async def list_enterprises(
    session: Session, principal: Principal, page: PageRequest, **wanted: Any
) -> dict[str, Any]:
    """The enterprises the caller may see, narrowed by the fields of `Filter`.

    Raises:
        InvalidUscc: it asks for one by a code that cannot be one.
    """
    units = await directory.visible_units(session, principal, READ_ENTERPRISE)
    if wanted.get("uscc") is not None:
        wanted["uscc"] = domain.normalise_uscc(wanted["uscc"])
    return await repository.fetch(session, page, Filter(units=units, **wanted))


async def create_enterprise(
    session: Session, principal: Principal, body: EnterpriseCreate
) -> Enterprise:
    """Register an enterprise.

    Raises:
        InvalidUscc, UsccTaken: see `domain`.
        UnknownReference: the park is not registered.
        Forbidden: a park may only register its own.
    """
    uscc = domain.normalise_uscc(body.uscc)
    units = await units_of_park(session, body.park_code)
    await directory.require(session, principal, CREATE_ENTERPRISE, *units)
    enterprise = Enterprise(
        **body.model_dump() | {"uscc": uscc}, enterprise_class=body.declared_class
    )
    session.refuse("uq_enterprise_uscc", domain.UsccTaken(uscc=uscc))
    session.insert(enterprise)
    audit.record(
        session,
        "enterprises.create",
        "enterprise",
        enterprise.id,
        after=enterprise.snapshot(),
    )
    outbox.add(session, events.enterprise_changed(enterprise))
    return enterprise


async def update_enterprise(
    session: Session,
    principal: Principal,
    enterprise_id: UUID,
    body: EnterpriseUpdate,
    expected: int | None,
) -> Enterprise:
    """Change what the patch names; moving between parks takes the right in both.

    Raises:
        NotFound, Forbidden, PreconditionFailed.
        UnknownReference: the new park is not registered.
    """
    enterprise = await load_for_update(session, enterprise_id)
    units = await units_of(session, enterprise)
    await directory.require(session, principal, UPDATE_ENTERPRISE, *units)
    check_version(enterprise, expected, required=False)
    changes = body.model_dump(exclude_unset=True)
    if changes.get("park_code", enterprise.park_code) != enterprise.park_code:
        units = await units_of_park(session, changes["park_code"])
        await directory.require(session, principal, UPDATE_ENTERPRISE, *units)
    await apply(session, enterprise, changes, "enterprises.update")
    return enterprise


async def reclassify(session: Session, enterprise: Enterprise) -> None:
    """Bring the class in line with the recognitions valid today. The row must be locked."""
    await apply(session, enterprise, {}, "enterprises.reclassify")


async def apply(
    session: Session, enterprise: Enterprise, changes: dict[str, Any], action: str
) -> None:
    """Change the row and everything that follows from it; nothing when nothing differs."""
    before = enterprise.snapshot()
    today = china_date()
    declared = changes.get("declared_class", enterprise.declared_class)
    recognised = await recognitions.kinds_valid_on(session, enterprise.id, today)
    wanted = changes | {"enterprise_class": domain.effective_class(declared, recognised)}
    if not enterprise.change(wanted):
        return
    await session.flush()
    audit.record(
        session, action, "enterprise", enterprise.id, before=before, after=enterprise.snapshot()
    )
    outbox.add(session, events.enterprise_changed(enterprise))
    if enterprise.active != before["active"]:
        await metrics.recount_high_tech(session, today)


async def class_on(session: Session, enterprise: Enterprise, day: date) -> str:
    """The class the enterprise counts in on a day: by the recognitions valid then."""
    recognised = await recognitions.kinds_valid_on(session, enterprise.id, day)
    return domain.effective_class(enterprise.declared_class, recognised)
