"""Keeping recipient groups as the plan names them."""

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.etag import check_version

from supervision.permissions import PUT_RECIPIENT_GROUP
from supervision.recipient_groups import repository
from supervision.recipient_groups.models import RecipientGroup
from supervision.recipient_groups.schemas import RecipientGroupPut


async def put_group(
    session: Session,
    principal: Principal,
    code: str,
    body: RecipientGroupPut,
    expected: int | None,
) -> tuple[RecipientGroup, bool]:
    """Make or replace a group; gives it and whether it is new. The same again changes nothing."""
    await directory.require(session, principal, PUT_RECIPIENT_GROUP)
    wanted = body.model_dump(mode="json")
    row = await repository.find_for_update(session, code)
    before = None
    if row is None:
        row = RecipientGroup(code=code, **wanted)
        session.add(row)
    else:
        check_version(row, expected, required=False)
        before = {name: getattr(row, name) for name in wanted}
        if before == wanted:
            return row, False
        for name, value in wanted.items():
            setattr(row, name, value)
        row.version += 1
    audit.record(
        session, "recipient_groups.update", "recipient_group", code, before=before, after=wanted
    )
    await session.flush()
    return row, before is None
