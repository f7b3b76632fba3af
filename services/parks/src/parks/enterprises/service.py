"""Use cases of the enterprises."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.copying import copy
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, Problem, UnknownReference, attempt
from servicekit.rows import filled

from parks.enterprises import domain, events, repository
from parks.enterprises.models import Enterprise
from parks.enterprises.repository import Filter, Known
from parks.enterprises.schemas import EnterpriseCreate, EnterpriseUpdate, NamesEnterprise
from parks.industries.domain import normalise_industry
from parks.metrics import service as metrics
from parks.parks import repository as parks
from parks.permissions import (
    CREATE_ENTERPRISE,
    MOVE_ENTERPRISE,
    READ_ENTERPRISE,
    UPDATE_ENTERPRISE,
)
from parks.recognitions import repository as recognitions
from parks.standings import repository as standings
from parks.standings.domain import STANDING, check_begins, day_before
from parks.standings.models import Standing


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


@dataclass(frozen=True, slots=True)
class Register:
    """The enterprises that some bodies name, by their ids and by their codes."""

    known: Mapping[UUID | str, Known]

    def of(self, body: NamesEnterprise) -> Known:
        """The enterprise of this body.

        Raises:
            UnknownReference: it is not registered.
            InvalidUscc, EnterpriseUnnamed, EnterprisesDiffer: see `domain`.
        """
        named: list[Known] = []
        if body.enterprise_id is not None:
            named.append(self._registered(body.enterprise_id, "/enterprise_id"))
        if body.uscc is not None:
            named.append(self._registered(domain.normalise_uscc(body.uscc), "/uscc"))
        if not named:
            raise domain.EnterpriseUnnamed().at("/uscc")
        if named[0].id != named[-1].id:
            raise domain.EnterprisesDiffer().at("/uscc")
        return named[0]

    def _registered(self, name: UUID | str, pointer: str) -> Known:
        known = self.known.get(name)
        if known is None:
            raise UnknownReference(what=f"enterprise {name}").at(pointer)
        return known


async def look_up(session: Session, bodies: Iterable[NamesEnterprise]) -> Register:
    """The enterprises of all these bodies, by one query."""
    ids, codes = set[UUID](), set[str]()
    for body in bodies:
        if body.enterprise_id is not None:
            ids.add(body.enterprise_id)
        if body.uscc is not None:
            with suppress(domain.InvalidUscc):
                codes.add(domain.normalise_uscc(body.uscc))
    return Register(await repository.find_known(session, ids, codes))


async def plainly_known(session: Session, codes: Collection[str]) -> Mapping[str, Known] | None:
    """The enterprises of these codes, as the register writes them; none if one is not in it."""
    wanted = set(codes)
    known = await repository.find_known(session, (), wanted)
    return {code: known[code] for code in wanted} if wanted <= known.keys() else None


async def units_of(session: Session, enterprise: Enterprise) -> list[str]:
    """The units that answer for an enterprise: its own, and those of its park."""
    park = await repository.get_park(session, enterprise)
    return answering(enterprise, park.units if park else [])


def answering(enterprise: Enterprise, of_its_park: list[str]) -> list[str]:
    """As `units_of`, where the park's units are at hand."""
    own = [enterprise.unit_code] if enterprise.unit_code else []
    return [*dict.fromkeys(own + of_its_park)]


async def units_of_park(session: Session, code: str | None) -> list[str]:
    """Raises `UnknownReference` for a park that is not registered."""
    if code is None:
        return []
    park = await parks.get(session, code)
    if park is None:
        raise UnknownReference(what=f"park {code}").at("/park_code")
    return park.units


async def get_merged(session: Session, principal: Principal, enterprise_id: UUID) -> Enterprise:
    """The enterprise, or that which it was merged into. Raises `NotFound`, `Forbidden`."""
    found = await load(session, enterprise_id)
    return await get_enterprise(session, principal, found.merged_into or enterprise_id)


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
        InvalidUscc, UnknownIndustry: it asks for one by a code that cannot be one.
    """
    units = await directory.visible_units(session, principal, READ_ENTERPRISE)
    if wanted.get("uscc") is not None:
        wanted["uscc"] = domain.normalise_uscc(wanted["uscc"])
    if wanted.get("industry") is not None:
        wanted["industry"] = normalise_industry(wanted["industry"])
    name = wanted.pop("name", None)
    wanted["name_key"] = None if name is None else domain.name_key(name)
    return await repository.list_enterprises(session, page, Filter(units=units, **wanted))


async def create_enterprise(
    session: Session, principal: Principal, body: EnterpriseCreate
) -> Enterprise:
    """Register an enterprise.

    Raises:
        InvalidUscc, UsccTaken, EnterpriseNameTaken: see `domain`.
        UnknownIndustry: its industry is none of the standard.
        UnknownReference: the park is not registered.
        Forbidden: a park may only register its own.
    """
    around = await surroundings(session, principal, [body])
    given, units = drafted(body, around)
    enterprise = Enterprise(**given)
    session.refuse("uq_enterprise_uscc", domain.UsccTaken(uscc=enterprise.uscc).at("/uscc"))
    session.insert(enterprise)
    session.insert(Standing(**first_standing(enterprise.id, given)))
    audit.record(
        session,
        "enterprises.create",
        "enterprise",
        enterprise.id,
        after=enterprise.snapshot(),
    )
    outbox.add(session, events.enterprise_changed(enterprise, answering(enterprise, units)))
    return enterprise


async def create_enterprises(
    session: Session, principal: Principal, bodies: Sequence[EnterpriseCreate]
) -> dict[int, Problem]:
    """`create_enterprise` for many; answers what is wrong with those that are not registered. A
    later one sees those before it."""
    around = await surroundings(session, principal, bodies)
    around.taken.update(await repository.registered(session, around.codes))
    drawn = [attempt(drafted, body, around) for body in bodies]
    made = [one for one in drawn if not isinstance(one, Problem)]
    rows = [filled(Enterprise, given) for given, _ in made]
    await copy(session, Enterprise, rows)
    standing = [filled(Standing, first_standing(row["id"], row)) for row in rows]
    await copy(session, Standing, standing)
    after = {row["id"]: row for row in rows}
    audit.record_created(session, "enterprises.create", "enterprise", after)
    for row, (_, units) in zip(rows, made, strict=True):
        told = Enterprise(**row)
        outbox.add(session, events.enterprise_changed(told, answering(told, units)))
    return {n: wrong for n, wrong in enumerate(drawn) if isinstance(wrong, Problem)}


@dataclass(frozen=True, slots=True)
class Around:
    """What the rules for new enterprises look at: the units of the parks, the codes under which a
    name is known, the codes that are `taken`, and how far the caller reaches."""

    codes: set[str]
    parks: Mapping[str, list[str]]
    names: dict[str, list[str]]
    reach: directory.Reach
    taken: set[str] = field(default_factory=set)


async def surroundings(
    session: Session, principal: Principal, bodies: Sequence[EnterpriseCreate]
) -> Around:
    """What there is already of what these bodies name; of single ones the database tells which
    code is taken."""
    codes = {attempt(domain.normalise_uscc, body.uscc) for body in bodies}
    keys = {domain.name_key(body.name) for body in bodies if not body.namesake}
    places = {body.park_code for body in bodies if body.park_code is not None}
    return Around(
        {code for code in codes if isinstance(code, str)},
        await parks.units_of_all(session, places),
        await repository.codes_of_names(session, keys),
        await directory.reach(session, principal, CREATE_ENTERPRISE),
    )


def drafted(body: EnterpriseCreate, around: Around) -> tuple[dict[str, Any], list[str]]:
    """The columns of a new enterprise and the units of its park; from now on it is there.

    Raises: as `create_enterprise`.
    """
    uscc = domain.normalise_uscc(body.uscc)
    if body.park_code is not None and body.park_code not in around.parks:
        raise UnknownReference(what=f"park {body.park_code}").at("/park_code")
    units = around.parks[body.park_code] if body.park_code is not None else []
    around.reach.require(*units)
    if not body.namesake:
        holders = around.names.get(domain.name_key(body.name), [])
        domain.check_name(body.name, next((code for code in holders if code != uscc), None))
    given = domain.followed(body.model_dump(exclude={"namesake"}) | {"uscc": uscc}, body)
    if uscc in around.taken:
        raise domain.UsccTaken(uscc=uscc).at("/uscc")
    around.taken.add(uscc)
    for key in given["name_keys"] if body.active else ():
        around.names.setdefault(key, []).append(uscc)
    return given | {"enterprise_class": body.declared_class}, units


def first_standing(enterprise_id: UUID, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"enterprise_id": enterprise_id, **{name: given[name] for name in STANDING}}


async def update_enterprise(
    session: Session,
    principal: Principal,
    enterprise_id: UUID,
    body: EnterpriseUpdate,
    expected: int | None,
) -> Enterprise:
    """Change what the patch names; moving between parks takes the right in both.

    Raises:
        NotFound, Forbidden, PreconditionFailed, EnterpriseMerged, UnknownIndustry.
        EnterpriseNameTaken: another one has the new name.
        UnknownReference: the new park is not registered.
        InTwoPlacesAtOnce: what held today began today in another way.
    """
    enterprise = await load_to_move(session, principal, enterprise_id, UPDATE_ENTERPRISE)
    check_version(enterprise, expected, required=False)
    changes = body.model_dump(exclude_unset=True)
    namesake = changes.pop("namesake", False)
    if not namesake and changes.get("name", enterprise.name) != enterprise.name:
        await check_name(session, changes["name"], enterprise.uscc)
    await check_move(session, principal, enterprise, changes, UPDATE_ENTERPRISE)
    await apply(session, enterprise, domain.followed(changes, enterprise), "enterprises.update")
    return enterprise


async def load_to_move(
    session: Session,
    principal: Principal,
    enterprise_id: UUID,
    permission: Permission = MOVE_ENTERPRISE,
) -> Enterprise:
    """The enterprise, locked, for a change. Raises `NotFound`, `Forbidden`, `EnterpriseMerged`."""
    enterprise = await load_for_update(session, enterprise_id)
    units = await units_of(session, enterprise)
    await directory.require(session, principal, permission, *units)
    domain.check_stands(enterprise.merged_into)
    return enterprise


async def check_move(
    session: Session,
    principal: Principal,
    enterprise: Enterprise,
    changes: Mapping[str, Any],
    permission: Permission = MOVE_ENTERPRISE,
) -> None:
    """Moving between parks takes the right in the new one too. Raises `UnknownReference`,
    `Forbidden`."""
    if changes.get("park_code", enterprise.park_code) != enterprise.park_code:
        units = await units_of_park(session, changes["park_code"])
        await directory.require(session, principal, permission, *units)


async def check_name(session: Session, name: str, uscc: str) -> None:
    """Raises `EnterpriseNameTaken` where another enterprise has it."""
    domain.check_name(name, await repository.code_of_name(session, domain.name_key(name), uscc))


async def reclassify(session: Session, enterprise: Enterprise) -> None:
    """Bring the class in line with the recognitions valid today. The row must be locked."""
    await apply(session, enterprise, {}, "enterprises.reclassify")


async def apply(
    session: Session,
    enterprise: Enterprise,
    changes: dict[str, Any],
    action: str,
    *,
    since: date | None = None,
    document_no: str | None = None,
) -> None:
    """Change the row and everything that follows from it; nothing when nothing differs. What is
    known by its days holds from the day `since` on, or from today."""
    before = enterprise.snapshot()
    today = china_date()
    declared = changes.get("declared_class", enterprise.declared_class)
    recognised = await recognitions.kinds_valid_on(session, enterprise.id, today)
    wanted = changes | {"enterprise_class": domain.effective_class(declared, recognised)}
    if wanted.get("active", before["active"]) != before["active"]:
        wanted["inactive_from"] = None if wanted["active"] else today
    if not enterprise.change(wanted):
        return
    if any(getattr(enterprise, name) != before[name] for name in STANDING):
        await stand(session, enterprise, since, document_no)
    await session.flush()
    audit.record(
        session, action, "enterprise", enterprise.id, before=before, after=enterprise.snapshot()
    )
    units = await units_of(session, enterprise)
    outbox.add(session, events.enterprise_changed(enterprise, units))
    if enterprise.active != before["active"]:
        await metrics.recount_high_tech(session, today)


async def stand(
    session: Session, enterprise: Enterprise, since: date | None, document_no: str | None
) -> None:
    """What the row says now holds from a day on; what held until then ends the day before. What
    began today is put right where no other day is named.

    Raises:
        InTwoPlacesAtOnce: what holds began on that day or later.
    """
    begins = since or china_date()
    held = await standings.current(session, enterprise.id)
    holds = {name: getattr(enterprise, name) for name in STANDING}
    if since is None and held.valid_from == begins:
        held.change(holds)
        return
    check_begins(begins, held.valid_from, held.park_code)
    held.change({"valid_to": day_before(begins)})
    await session.flush()
    new = {"valid_from": begins, "document_no": document_no}
    session.add(Standing(enterprise_id=enterprise.id, **holds, **new))


@dataclass(frozen=True, slots=True)
class Stood:
    """What an enterprise counted as on a day, and where."""

    enterprise_class: str
    park_code: str | None
    above_scale: bool


async def counted_on(session: Session, enterprise: Enterprise, day: date) -> Stood:
    """What the enterprise counts as on a day: by what it declared and where it stood then, and by
    the recognitions valid then."""
    held = await standings.on(session, enterprise.id, day)
    recognised = await recognitions.kinds_valid_on(session, enterprise.id, day)
    counted_as = domain.effective_class(held.declared_class, recognised)
    return Stood(counted_as, held.park_code, held.above_scale)
