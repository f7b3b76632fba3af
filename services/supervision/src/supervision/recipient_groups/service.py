"""Keeping recipient groups as the plan names them."""

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.rows import put_by_key

from supervision.permissions import PUT_RECIPIENT_GROUP
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
    done = await put_by_key(session, RecipientGroup, {"code": code}, wanted, expected)
    if done.changed:
        after = done.row.snapshot()
        audit.record(session, PUT_RECIPIENT_GROUP.name, "recipient_group", code,
                     before=done.before, after=after)  # fmt: skip
    return done.row, done.created
