"""Looking at the rules of a call for one applicant, and keeping what was seen."""

from typing import Literal

from servicekit.clock import china_date, now
from servicekit.db import Session

from funding.acceptances import repository as acceptances
from funding.applications.models import Application
from funding.awards import repository as awards
from funding.calls.models import FundingCall
from funding.eligibility import domain, repository
from funding.eligibility.domain import Facts, Verdict
from funding.eligibility.models import EligibilityResult
from funding.holds import repository as holds
from funding.registry.service import registered


async def check(
    session: Session,
    call: FundingCall,
    application: Application,
    stage: Literal["submission", "award"],
) -> list[Verdict]:
    """Judge every rule as of today and keep each verdict with its inputs; `eligible` follows.
    All of one look carry one moment."""
    checked_at = now()
    verdicts = domain.judge(call.rules, await _facts(session, call, application))
    for verdict in verdicts:
        session.add(
            EligibilityResult(
                application_id=application.id,
                stage=stage,
                rule=verdict.rule,
                values=verdict.values,
                passed=verdict.passed,
                inputs=verdict.inputs,
                reason_zh=verdict.reason_zh,
                reason_en=verdict.reason_en,
                checked_at=checked_at,
            )
        )
    application.eligible = all(verdict.passed for verdict in verdicts)
    return verdicts


async def _facts(session: Session, call: FundingCall, application: Application) -> Facts:
    unit = application.applicant_unit
    return Facts(
        day=china_date(),
        registered=await registered(session, unit),
        unit_active=await awards.is_known_payee(session, unit),
        open_items=[hold.item_number for hold in await holds.open_of(session, unit)],
        others={
            "call": await repository.others_in_call(session, application),
            "fund_and_year": await repository.others_in_year(session, application, call),
        },
        failed=await acceptances.failed_of(session, unit),
    )


async def failed_rules(session: Session, application: Application) -> list[str]:
    """The rules that the last look found broken."""
    return await repository.failed_at_last(session, application.id)
