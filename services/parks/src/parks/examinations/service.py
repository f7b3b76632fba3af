"""What is looked at before numbers are taken: the form they are filed by, and the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.periods import before, within
from servicekit.problems import FieldError

from parks.enterprises import service as enterprises
from parks.enterprises.models import Enterprise
from parks.forms import service as forms
from parks.forms.domain import Filer, wrong_fields
from parks.forms.models import ReturnForm
from parks.quality import domain
from parks.quality import service as quality
from parks.quality.domain import Case, Finding
from parks.returns import repository
from parks.returns.domain import MEASURES, span_of

FINER = {"month": (), "quarter": ("month",), "year": ("quarter", "month")}
"""What a period is made of; the first of them that is there in full is compared."""


@dataclass(frozen=True, slots=True)
class Examined:
    """The form, what the rules found, and what the form misses or did not ask."""

    form: ReturnForm
    findings: list[Finding]
    wrong: list[FieldError]

    def settle(self, explanations: Mapping[str, str]) -> list[Finding]:
        """The findings with their explanations. Raises `ReturnNotSound`, see `quality.domain`."""
        return domain.settle(self.findings, explanations, self.wrong)


async def examine(
    session: Session, enterprise: Enterprise, period: str, numbers: Mapping[str, Decimal]
) -> Examined:
    """Look at the numbers an enterprise tells of a period.

    Raises:
        NotAsked: no form asks it.
    """
    day = min(span_of(period).ends_on, china_date())
    stood = await enterprises.counted_on(session, enterprise, day)
    form = await forms.form_of(session, period, Filer(stood.enterprise_class, stood.above_scale))
    case = await case_of(session, enterprise, period, numbers)
    findings = await quality.judge(session, period, stood.enterprise_class, case)
    extra = numbers.keys() - set(MEASURES)
    return Examined(form, findings, wrong_fields(form.fields, extra, stood.enterprise_class))


async def case_of(
    session: Session, enterprise: Enterprise, period: str, numbers: Mapping[str, Decimal]
) -> Case:
    """The numbers beside what the enterprise has told of the period before and of its parts."""
    span = span_of(period)
    last = before(span).code
    finer = [[part.code for part in within(span, kind)] for kind in FINER[span.kind]]
    wanted = [last, *(code for codes in finer for code in codes)]
    told = await repository.told(session, enterprise.id, wanted)
    whole = (codes for codes in finer if all(code in told for code in codes))
    parts = [told[code] for code in next(whole, [])]
    return Case(numbers, told.get(last), parts or None)
