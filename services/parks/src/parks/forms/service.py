"""Use cases of the forms."""

from uuid import UUID

from servicekit import audit
from servicekit.db import Session
from servicekit.problems import NotFound
from servicekit.rows import filled

from parks.forms import domain, repository
from parks.forms.domain import Filer
from parks.forms.models import ReturnForm
from parks.forms.schemas import ReturnFormCreate
from parks.returns.domain import MEASURES, span_of


async def get_form(session: Session, form_id: UUID) -> ReturnForm:
    """Raises `NotFound`."""
    form = await repository.get(session, form_id)
    if form is None:
        raise NotFound(what=f"return form {form_id}")
    return form


async def create_form(session: Session, body: ReturnFormCreate) -> ReturnForm:
    """Make the next version of a form.

    Raises:
        WrongFrequency, FieldsRepeated: see `domain`.
    """
    codes = [field.code for field in body.fields]
    domain.check_form(body.frequency, body.applies_from, codes, MEASURES)
    number = await repository.next_number(session, body.code)
    given = body.model_dump()
    if given["due_workdays"] is None:
        given["due_workdays"] = domain.USUAL_WORKDAYS[body.frequency]
    form = ReturnForm(**filled(ReturnForm, given | {"number": number}))
    session.add(form)
    await session.flush()
    audit.record(session, "return_forms.create", "return_form", form.id, after=given, number=number)
    return form


async def form_of(session: Session, period: str, filer: Filer) -> ReturnForm:
    """The form by which such an enterprise files a period.

    Raises:
        NotAsked: there is none.
    """
    forms = await repository.in_force(session, span_of(period).kind, period)
    form = domain.choose(forms, filer)
    if form is None:
        raise domain.NotAsked(period=period).at("/period")
    return form
