"""What is told about two records that are one."""

from collections.abc import Sequence

from contracts.parks import EnterprisesMerged

from parks.enterprises.models import Enterprise


def merged(gone: Enterprise, into: Enterprise, units: Sequence[str]) -> EnterprisesMerged:
    return EnterprisesMerged(
        enterprise_id=gone.id,
        uscc=gone.uscc,
        into_id=into.id,
        into_uscc=into.uscc,
        concerned_units=tuple(units),
    )
