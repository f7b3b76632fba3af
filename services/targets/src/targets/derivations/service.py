"""Use cases of the derived indicators: define one, follow its inputs, tell how it came about.

The graph of the formulas changes while no number is taken (`directory.lock_tree`). Whoever takes a
number has the judgements of everything that hangs on its indicator locked (`status.lock_all`), and
what hangs on it follows in the same transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from servicekit import audit, formulas
from servicekit.auth import directory as relations
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.formulas import Formula
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import FieldError, NotFound, Unprocessable
from targets.derivations import domain, repository
from targets.derivations.domain import Derived
from targets.indicators import repository as indicators
from targets.indicators.models import Indicator
from targets.numbers import service as numbers
from targets.observations.models import Observation
from targets.periods import service as period_states
from targets.permissions import READ_OBSERVATIONS
from targets.status import service as status


async def check_formula(
    session: Session, code: str, formula: Formula, unit: str, frequency: str
) -> None:
    """A formula uses indicators that there are and that go together, and none that is worked out
    from its own. The tree is locked.

    Raises:
        Unprocessable: with every place that is wrong.
    """
    known = await repository.inputs(session, formula.codes)
    errors: list[FieldError] = []
    if code in formula.codes:
        errors.append(domain.circular([code]))
    else:
        errors += domain.wrong_inputs(formula, known, unit, frequency)
    hanging = await repository.hanging_on(session, code)
    if circle := [each for each in formula.codes if each in hanging]:
        errors.append(domain.circular(circle))
    if errors:
        raise Unprocessable(errors=tuple(errors))


async def check_uses(session: Session, row: Indicator) -> None:
    """The formulas that use an indicator bear its definition.

    Raises:
        UsedInFormula: one does not.
    """
    for each in await repository.directly_on(session, row.code):
        formula = formula_of(each)
        if formula is None:
            continue
        known = await repository.inputs(session, formula.codes)
        if wrong := domain.wrong_inputs(formula, known, each.unit, each.frequency):
            zh, en = wrong[0].zh, wrong[0].en
            raise domain.UsedInFormula(indicator=each.code, why_zh=zh, why_en=en)


def formula_of(indicator: Indicator) -> Formula | None:
    return None if indicator.formula is None else formulas.parse(indicator.formula)


async def define(session: Session, row: Indicator) -> None:
    """Follow a new formula, or none any more, with everything that hangs on its indicator."""
    formula = formula_of(row)
    await repository.set_inputs(session, row.code, formula.codes if formula else ())
    await status.lock_all(session, [row.code])
    cause = f"{row.code}/v{row.version}"
    await derive(session, row, cause)
    await follow(session, row.code, cause)


async def follow(session: Session, code: str, cause: str) -> None:
    """Work out again what hangs on an indicator whose numbers have changed. `cause` is new for
    each change: the number, or the version of a definition."""
    for each in await repository.hanging_on(session, code):
        indicator = await indicators.get(session, each)
        assert indicator is not None
        await derive(session, indicator, cause)


async def derive(session: Session, indicator: Indicator, cause: str) -> None:
    """Bring an indicator to what its formula comes to now; judge it again where that is new."""
    code, found = indicator.code, await worked_out(session, indicator)
    had = await repository.kept(session, code)
    changed = [each for each in found.values() if each != had.get(each.period)]
    gone = [row for period, row in had.items() if period not in found]
    if not changed and not gone:
        return
    await repository.forget(session, code, [row.period for row in gone])
    await repository.store(session, [values_of(code, each) for each in changed])
    counted = False
    for row in gone:
        await drop(session, indicator, row)
    for each in changed:
        before = had.get(each.period)
        if each.value is not None and (before is None or before.value != each.value):
            await count(session, indicator, each, cause)
            counted = True
        elif each.value is None and before is not None:
            await drop(session, indicator, before)
    await (status.measure(session, indicator) if counted else status.follow(session, code))


async def worked_out(session: Session, indicator: Indicator) -> dict[str, Derived]:
    formula = formula_of(indicator)
    if formula is None:
        return {}
    series = await repository.series(session, formula.codes)
    known = await repository.inputs(session, formula.codes)
    return domain.derive(formula, series, indicator.frequency, known)


def inputs_of(each: Derived) -> list[dict[str, Any]]:
    return [
        {"indicator_code": code, "value": None if value is None else f"{value.normalize():f}"}
        for code, value in each.inputs.items()
    ]


def values_of(code: str, each: Derived) -> dict[str, Any]:
    names = ("period", "ends_on", "value", "code", "reason_zh", "reason_en")
    own = {name: getattr(each, name) for name in names}
    return {"indicator_code": code, "inputs": inputs_of(each), **own}


async def count(session: Session, indicator: Indicator, each: Derived, cause: str) -> None:
    """What the formula came to is the indicator's number of the period, for the whole city."""
    assert each.value is not None
    row = Observation(
        indicator_code=indicator.code,
        unit_code=None,
        period=each.period,
        ends_on=each.ends_on,
        value=each.value,
        unit=indicator.unit,
        # It is worked out from what the year came to so far.
        year_to_date=True,
        source_kind="derived",
        source_id=f"{cause}/{each.period}",
        source_value=each.value,
        source_unit=indicator.unit,
        after_close=await period_states.is_closed(session, each.period),
    )
    await numbers.keep(session, indicator, row, f"{indicator.code} = {indicator.formula}")


async def drop(session: Session, indicator: Indicator, before: Derived) -> None:
    """Where the formula comes to nothing any more there is no number, and no zero."""
    if before.value is not None:
        await numbers.drop(session, indicator, before.period, before.ends_on)
        audit.record(
            session,
            "observations.drop",
            "indicator",
            indicator.code,
            before={"period": before.period, "value": before.value},
        )


async def list_derivations(
    session: Session,
    principal: Principal,
    page: PageRequest,
    code: str,
    *,
    missing: bool | None,
    updated_since: datetime | None,
) -> Page:
    """Raises `NotFound`, or `Forbidden` if the indicator's numbers are not the caller's to see."""
    indicator = await indicators.get(session, code)
    if indicator is None:
        raise NotFound(what=f"indicator {code}")
    await relations.require(session, principal, READ_OBSERVATIONS, *indicator.concerned_units)
    return await repository.list_derivations(
        session, page, code, missing=missing, updated_since=updated_since
    )


async def refuse_derived(session: Session, codes: Sequence[str]) -> None:
    """Raises `DerivedNumber` if one of these is worked out by a formula."""
    for code in codes:
        indicator = await indicators.get(session, code)
        if indicator is not None and indicator.source_kind == "derived":
            raise domain.DerivedNumber(indicator=code)
