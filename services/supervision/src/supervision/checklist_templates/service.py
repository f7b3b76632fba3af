"""Keeping checklists."""

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.rows import put_by_key

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
    done = await put_by_key(session, ChecklistTemplate, {"code": code}, body.model_dump(), expected)
    row, before = done.row, done.before
    is_edition = before is None or before["checks"] != row.checks
    if is_edition:
        row.edition += not done.created
        session.add(
            ChecklistEdition(
                template_code=code,
                edition=row.edition,
                checks=row.checks,
                made_by=principal.subject,
            )
        )
    if done.changed:
        await session.flush()
        after = row.snapshot()
        audit.record(session, PUT_CHECKLIST.name, "checklist_template", code, before=before,
                     after=after)  # fmt: skip
    return row, done.created
