"""Keeping checklists."""

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.etag import check_version

from supervision.checklist_templates import repository
from supervision.checklist_templates.models import ChecklistEdition, ChecklistTemplate
from supervision.checklist_templates.schemas import ChecklistTemplatePut
from supervision.permissions import PUT_CHECKLIST


async def put_template(
    session: Session,
    principal: Principal,
    code: str,
    body: ChecklistTemplatePut,
    expected: int | None,
) -> tuple[ChecklistTemplate, bool]:
    """Make or replace a checklist; gives it and whether it is new. Other checks are a new edition;
    inspections that were prepared by an earlier one keep it."""
    await directory.require(session, principal, PUT_CHECKLIST)
    wanted = body.model_dump()
    row = await repository.find_for_update(session, code)
    before = None
    if row is None:
        row = ChecklistTemplate(code=code, edition=1, **wanted)
        session.add(row)
    else:
        check_version(row, expected, required=False)
        before = {name: getattr(row, name) for name in wanted}
        if before == wanted:
            return row, False
        row.edition += before["checks"] != wanted["checks"]
        for name, value in wanted.items():
            setattr(row, name, value)
        row.version += 1
    if before is None or before["checks"] != wanted["checks"]:
        session.add(
            ChecklistEdition(
                template_code=code,
                edition=row.edition,
                checks=row.checks,
                made_by=principal.subject,
            )
        )
    audit.record(
        session, PUT_CHECKLIST.name, "checklist_template", code, before=before, after=wanted
    )
    await session.flush()
    return row, before is None
