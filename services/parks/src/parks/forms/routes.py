"""Forms over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import AnyOf, Code, Moment

from parks.forms import repository, service
from parks.forms.domain import FieldsRepeated, WrongFrequency
from parks.forms.repository import SORTABLE
from parks.forms.schemas import Frequency, ReturnFormCreate, ReturnFormPage, ReturnFormRead
from parks.permissions import CREATE_FORM, READ_FORM

router = app.router("return-forms")


@router.get("/return-forms", response_model=ReturnFormPage, summary="List forms of returns")
async def list_return_forms(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    code: Code | None = None,
    frequency: Annotated[AnyOf[Frequency] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_FORM),
) -> Any:
    """Every version of every form, by code."""
    return await repository.list_forms(
        session, page, code=code, frequency=frequency or [], updated_since=updated_since
    )


@router.get("/return-forms/{form_id}", response_model=ReturnFormRead, summary="One form of returns")
async def get_return_form(
    form_id: UUID, session: SessionDep, _: Principal = permitted(READ_FORM)
) -> Any:
    """What a version of a form asks, of whom, and from which period on."""
    return await service.get_form(session, form_id)


@router.post(
    "/return-forms",
    status_code=201,
    response_model=ReturnFormRead,
    responses=problems(WrongFrequency, FieldsRepeated),
    summary="Make a version of a form",
)
async def create_return_form(
    body: ReturnFormCreate,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(CREATE_FORM),
) -> Any:
    """For the office. A version is never changed: the next one holds from its first period on, and
    what was handed in before keeps its own."""
    form = await service.create_form(session, body)
    response.headers["Location"] = f"{app.PREFIX}/return-forms/{form.id}"
    return form
