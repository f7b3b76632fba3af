"""Use cases of the operating returns."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.copying import copy, copy_texts
from servicekit.db import Session
from servicekit.decimals import plain
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.ids import new_id_text
from servicekit.messaging import outbox
from servicekit.problems import NotFound, Problem, attempt
from servicekit.rows import filled

from parks.enterprises import service as enterprises
from parks.enterprises.domain import check_stands
from parks.enterprises.models import Enterprise
from parks.enterprises.repository import Known
from parks.enterprises.service import Stood
from parks.examinations.service import examine
from parks.metrics import service as metrics
from parks.permissions import (
    ACCEPT_RETURN,
    CREATE_RETURN,
    READ_RETURN,
    RETURN_RETURN,
    SUBMIT_RETURN,
    UPDATE_RETURN,
)
from parks.returns import domain, events, repository
from parks.returns.domain import Measures, ReturnAction
from parks.returns.models import OperatingReturn
from parks.returns.schemas import OperatingReturnCreate, OperatingReturnUpdate, ReturnCheck

UNDECIDED = {"decided_by": None, "decided_at": None}


async def get_return(session: Session, principal: Principal, return_id: UUID) -> OperatingReturn:
    """Raises `NotFound`, `Forbidden`."""
    row = await repository.get(session, return_id)
    if row is None:
        raise NotFound(what=f"operating return {return_id}")
    await require(session, principal, READ_RETURN, row)
    return row


async def list_returns(
    session: Session, principal: Principal, page: PageRequest, **wanted: Any
) -> Page:
    """The returns the caller may see."""
    units = await directory.visible_units(session, principal, READ_RETURN)
    return await repository.list_returns(session, page, units=units, **wanted)


async def create_return(
    session: Session, principal: Principal, body: OperatingReturnCreate
) -> OperatingReturn:
    """Draw up an enterprise's return for a month.

    Raises:
        UnknownReference, InvalidUscc, EnterpriseUnnamed, EnterprisesDiffer: see `Register.of`.
        Forbidden: it is not the caller's, nor in the caller's park.
        FuturePeriod, InconsistentMeasures, ReturnExists: see `domain`.
    """
    [values] = await draw_up(session, principal, [body])
    if isinstance(values, Problem):
        raise values
    row = OperatingReturn(**values)
    session.add(row)
    await session.flush()
    audit.record(
        session, "operating_returns.create", "operating_return", row.id, after=row.snapshot()
    )
    return row


async def create_returns(
    session: Session, principal: Principal, bodies: Sequence[OperatingReturnCreate]
) -> dict[int, Problem]:
    """`create_return` for many; answers what is wrong with those that are not drawn up."""
    drawn = await draw_up(session, principal, bodies)
    rows = [row for row in drawn if not isinstance(row, Problem)]
    await copy(session, OperatingReturn, rows)
    after = {row["id"]: row for row in rows}
    audit.record_created(session, "operating_returns.create", "operating_return", after)
    return {n: wrong for n, wrong in enumerate(drawn) if isinstance(wrong, Problem)}


async def create_plain_returns(
    session: Session, principal: Principal, columns: Mapping[str, Sequence[str]]
) -> bool:
    """`create_returns` for rows written as `domain.PLAIN` has it, by their columns; answers false,
    and stores nothing, if one of them might be refused."""
    firms = await enterprises.plainly_known(session, columns["uscc"])
    reach = await directory.reach(session, principal, CREATE_RETURN)
    if firms is None or not domain.are_plainly_sound(columns):
        return False
    today, known = china_date(), {code: str(one.id) for code, one in firms.items()}
    try:
        for one in firms.values():
            reach.require(*one.units)
        for period in set(columns["period"]):
            domain.check_period(period, today)
    except Problem:
        return False
    of = [known[code] for code in columns["uscc"]]
    places = set(zip(of, columns["period"], strict=True))
    ids = {one.id for one in firms.values()}
    if len(places) < len(of) or await repository.any_of(session, places, ids):
        return False
    texts = {name: columns[f"measures.{name}"] for name in domain.MEASURES}
    texts |= {"enterprise_id": of, "period": columns["period"]}
    await keep_plain(session, principal, {"id": [new_id_text() for _ in of], **texts})
    return True


async def keep_plain(
    session: Session, principal: Principal, texts: dict[str, Sequence[str]]
) -> None:
    """Write new returns by their columns, each with its audit row."""
    rest = filled(OperatingReturn, begun(principal) | dict.fromkeys(texts))
    fixed = {name: value for name, value in rest.items() if name not in texts}
    await copy_texts(session, OperatingReturn, fixed, texts)
    digests = audit.digests_of(fixed, texts, bare={"employees"})
    audit.record_digests(
        session, "operating_returns.create", "operating_return", texts["id"], digests
    )


def begun(principal: Principal) -> dict[str, Any]:
    """What a new return has, whatever it tells."""
    moment = now()
    return {
        "state": domain.ReturnState.DRAFT,
        "filed_by": [principal.subject],
        "created_at": moment,
        "updated_at": moment,
    }


async def draw_up(
    session: Session, principal: Principal, bodies: Sequence[OperatingReturnCreate]
) -> list[dict[str, Any] | Problem]:
    """The columns of each return, or what is wrong with it; a later one sees those before it."""
    register = await enterprises.look_up(session, bodies)
    named = [attempt(register.of, body) for body in bodies]
    places = {(one.id, body.period) for one, body in zip(named, bodies, strict=True)
              if not isinstance(one, Problem)}  # fmt: skip
    drawn = await repository.find_all(session, places)
    reach = await directory.reach(session, principal, CREATE_RETURN)
    today, new = china_date(), begun(principal)

    def one(enterprise: Known | Problem, body: OperatingReturnCreate) -> dict[str, Any]:
        if isinstance(enterprise, Problem):
            raise enterprise
        reach.require(*enterprise.units)
        domain.check_period(body.period, today)
        domain.check_measures(body.measures)
        place = (enterprise.id, body.period)
        if place in drawn:
            exists = domain.ReturnExists(period=body.period, return_id=drawn[place])
            raise exists.at("/period")
        of = {"enterprise_id": enterprise.id, "period": body.period}
        of["extra"] = written(body.extra_measures) if body.extra_measures else None
        row = filled(OperatingReturn, {**new, **of, **vars(body.measures)})
        drawn[place] = row["id"]
        return row

    return [attempt(one, *each) for each in zip(named, bodies, strict=True)]


async def update_return(
    session: Session,
    principal: Principal,
    return_id: UUID,
    body: OperatingReturnUpdate,
    expected: int | None,
) -> OperatingReturn:
    """Change numbers of a draft or a returned return; the caller becomes one of its filers, so
    that a decision it took before is no longer shown as that of a third person.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, InconsistentMeasures.
    """
    row = await load_for(session, principal, return_id, UPDATE_RETURN, expected)
    domain.step(row.state, ReturnAction.UPDATE)
    changed = patched(row, body)
    if changed:
        changes = {**changed, **UNDECIDED, **filed(row, principal)}
        move(session, row, "operating_returns.update", changes)
    return row


def patched(row: OperatingReturn, body: OperatingReturnUpdate) -> dict[str, Any]:
    """The columns a merge patch changes. Raises `InconsistentMeasures`."""
    had = {**asdict(row.measures), "extra": row.extra}
    measures = asdict(row.measures) | body.measures.model_dump(exclude_unset=True)
    domain.check_measures(Measures(**measures))
    extra = {**row.extra_measures, **body.extra_measures}
    given = {name: value for name, value in extra.items() if value is not None}
    wanted = {**measures, "extra": written(given) or None}
    return {name: value for name, value in wanted.items() if value != had[name]}


def written(numbers: Mapping[str, Decimal]) -> dict[str, str]:
    """Numbers as JSON keeps them exactly."""
    return {name: plain(value) for name, value in numbers.items()}


async def check_return(session: Session, principal: Principal, return_id: UUID) -> ReturnCheck:
    """What the form and the rules would say of the return if it were handed in as it stands.

    Raises:
        NotFound, Forbidden.
        NotAsked: no form asks for it.
    """
    row = await get_return(session, principal, return_id)
    enterprise = await enterprises.load(session, row.enterprise_id)
    seen = await examine(session, enterprise, row.period, row.numbers)
    wrong = [
        {"pointer": one.pointer, "code": one.code, "message_zh": one.zh, "message_en": one.en}
        for one in seen.wrong
    ]
    errors = bool(wrong) or any(one.severity == "error" for one in seen.findings)
    return ReturnCheck.model_validate(
        {
            "return_id": return_id,
            "form_id": seen.form.id,
            "findings": [asdict(one) for one in seen.findings],
            "wrong_fields": wrong,
            "has_errors": errors,
        }
    )


async def submit_return(
    session: Session,
    principal: Principal,
    return_id: UUID,
    explanations: Mapping[str, str],
    expected: int | None,
) -> OperatingReturn:
    """Hand a return in for acceptance, with why what is unusual is so.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition.
        NotAsked, ReturnNotSound: see `forms.domain` and `quality.domain`.
    """
    row = await load_for(session, principal, return_id, SUBMIT_RETURN, expected)
    state = domain.step(row.state, ReturnAction.SUBMIT)
    domain.check_measures(row.measures)
    enterprise = await enterprises.load(session, row.enterprise_id)
    seen = await examine(session, enterprise, row.period, row.numbers)
    changes = {
        "state": state,
        "form_id": seen.form.id,
        "findings": [asdict(one) for one in seen.settle(explanations)] or None,
        "submitted_at": now(),
        "return_reason": None,
        **UNDECIDED,
        **filed(row, principal),
    }
    move(session, row, "operating_returns.submit", changes)
    return row


async def reject_return(
    session: Session, principal: Principal, return_id: UUID, reason: str, expected: int | None
) -> OperatingReturn:
    """Give a submitted return back to its filer, with the reason.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, FilerMayNotDecide.
    """
    row = await load_for(session, principal, return_id, RETURN_RETURN, expected)
    state = domain.step(row.state, ReturnAction.RETURN)
    domain.check_decider(row.filed_by, principal.subject)
    changes = {"state": state, "return_reason": reason, **decided(principal)}
    move(session, row, "operating_returns.return", changes)
    return row


async def accept_return(
    session: Session, principal: Principal, return_id: UUID, expected: int | None
) -> OperatingReturn:
    """Accept a submitted return: its numbers count from this transaction on.

    It counts for the park and in the class the enterprise stood in on the period's last day.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, FilerMayNotDecide.
    """
    row = await load_for(session, principal, return_id, ACCEPT_RETURN, expected)
    state = domain.step(row.state, ReturnAction.ACCEPT)
    domain.check_decider(row.filed_by, principal.subject)
    enterprise = await enterprises.load(session, row.enterprise_id)
    stood = await counted(session, enterprise, row.period)
    changes = {
        "state": state,
        "park_code": stood.park_code,
        "enterprise_class": stood.enterprise_class,
        **decided(principal),
    }
    move(session, row, "operating_returns.accept", changes)
    await session.flush()
    units = await enterprises.units_of(session, enterprise)
    outbox.add(session, events.return_accepted(row, enterprise.uscc, units))
    await metrics.count_returns(session, enterprise.id, row.period)
    return row


async def counted(session: Session, enterprise: Enterprise, period: str) -> Stood:
    """What the enterprise counts as in a period; as of today for one that still runs."""
    day = min(domain.last_day(period), china_date())
    return await enterprises.counted_on(session, enterprise, day)


async def load_for(
    session: Session,
    principal: Principal,
    return_id: UUID,
    permission: Permission,
    expected: int | None,
    *,
    versioned: bool = True,
) -> OperatingReturn:
    """The return, locked, for a step of its workflow, or of what belongs to it.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        EnterpriseMerged: the month is the other enterprise's, which has a return of it.
    """
    row = await repository.get_for_update(session, return_id)
    if row is None:
        raise NotFound(what=f"operating return {return_id}")
    enterprise = await require(session, principal, permission, row)
    check_stands(enterprise.merged_into)
    if versioned:
        check_version(row, expected)
    return row


async def require(
    session: Session, principal: Principal, permission: Permission, row: OperatingReturn
) -> Enterprise:
    """The enterprise. Raises `Forbidden` unless the caller may do this to its returns."""
    enterprise = await enterprises.load(session, row.enterprise_id)
    units = await enterprises.units_of(session, enterprise)
    await directory.require(session, principal, permission, *units)
    return enterprise


def filed(row: OperatingReturn, principal: Principal) -> dict[str, Any]:
    """Everybody who touched the numbers is a filer and may not decide on them."""
    return {"filed_by": sorted({*row.filed_by, principal.subject})}


def decided(principal: Principal) -> dict[str, Any]:
    return {"decided_by": principal.subject, "decided_at": now()}


def move(session: Session, row: OperatingReturn, action: str, changes: dict[str, Any]) -> None:
    """Change the row and note it, if anything differs."""
    before = row.snapshot()
    if row.change(changes):
        audit.record(
            session, action, "operating_return", row.id, before=before, after=row.snapshot()
        )
