"""The use case of a merge."""

from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.messaging import outbox
from servicekit.problems import UnknownReference

from parks.enterprises import domain as enterprise_rules
from parks.enterprises import events as enterprise_events
from parks.enterprises import repository as enterprise_rows
from parks.enterprises import service as enterprises
from parks.enterprises.models import Enterprise
from parks.merges import domain, events, repository
from parks.merges.schemas import EnterpriseMerge
from parks.metrics import service as metrics
from parks.permissions import MERGE_ENTERPRISE
from parks.recognitions import service as recognitions


async def merge_enterprise(
    session: Session,
    principal: Principal,
    enterprise_id: UUID,
    body: EnterpriseMerge,
    expected: int | None,
) -> Enterprise:
    """Make this record a duplicate of another one, which has from now on what was its: returns,
    recognitions, platforms, contracts, projects, achievements and names. Its own row stays,
    inactive, and stands for the other.

    Raises:
        NotFound, Forbidden, PreconditionFailed, EnterpriseMerged.
        UnknownReference: the one that stays is not registered, or is a duplicate itself.
        MergedIntoItself, BothCounted: see `domain`.
    """
    if body.into_id == enterprise_id:
        raise domain.MergedIntoItself().at("/into_id")
    await repository.hold(session, enterprise_id, body.into_id)
    gone = await enterprises.load_to_move(session, principal, enterprise_id, MERGE_ENTERPRISE)
    check_version(gone, expected)
    into = await enterprise_rows.get_for_update(session, body.into_id)
    if into is None or into.merged_into is not None:
        raise UnknownReference(what=f"enterprise {body.into_id}").at("/into_id")
    domain.check_counted_once(await repository.months_of_both(session, gone.id, into.id))
    since = await repository.recognised_since(session, gone.id, into.id)
    before = gone.snapshot(), into.snapshot()
    hand_over(gone, into)
    await session.flush()
    moved = await repository.move_all(session, gone.id, into.id)
    note(session, gone, into, before, moved)
    await tell(session, gone, into)
    today = china_date()
    await recognitions.settle(session, into, today)
    # A quarter of the one holds the months of the other from now on.
    for year in await repository.years_counted(session, into.id):
        await metrics.count_returns(session, into.id, year, body.reason)
    await metrics.recount_high_tech(session, today, since)
    return gone


def hand_over(gone: Enterprise, into: Enterprise) -> None:
    """The names go over, and the place in the directory if the other has none."""
    aliases = domain.joined_aliases(into.name, into.aliases, gone.name, gone.aliases)
    changes = {"aliases": aliases, "unit_code": into.unit_code or gone.unit_code}
    into.change(enterprise_rules.followed(changes, into))
    gone.change({"active": False, "inactive_from": china_date(), "merged_into": into.id})


def note(
    session: Session,
    gone: Enterprise,
    into: Enterprise,
    before: tuple[dict, dict],
    moved: object,
) -> None:
    """Both rows have changed, and each says so in the trail."""
    for row, was in zip((gone, into), before, strict=True):
        audit.record(
            session,
            "enterprises.merge",
            "enterprise",
            row.id,
            before=was,
            after=row.snapshot(),
            into=into.id,
            moved=moved,
        )


async def tell(session: Session, gone: Enterprise, into: Enterprise) -> None:
    """Tell that they are one, after what has become of each."""
    of_both = dict.fromkeys(
        [*await enterprises.units_of(session, gone), *await enterprises.units_of(session, into)]
    )
    for row in (gone, into):
        units = await enterprises.units_of(session, row)
        outbox.add(session, enterprise_events.enterprise_changed(row, units))
    outbox.add(session, events.merged(gone, into, [*of_both]))
