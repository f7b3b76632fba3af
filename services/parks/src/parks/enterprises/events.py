"""What is told about enterprises."""

from collections.abc import Sequence
from typing import cast

from contracts.parks import EnterpriseChanged, EnterpriseClass

from parks.enterprises.models import Enterprise


def enterprise_changed(enterprise: Enterprise, units: Sequence[str]) -> EnterpriseChanged:
    return EnterpriseChanged(
        enterprise_id=enterprise.id,
        uscc=enterprise.uscc,
        name=enterprise.name,
        unit_code=enterprise.unit_code,
        park_code=enterprise.park_code,
        enterprise_class=cast(EnterpriseClass, enterprise.enterprise_class),
        active=enterprise.active,
        above_scale=enterprise.above_scale,
        industry=enterprise.industry,
        merged_into=enterprise.merged_into,
        concerned_units=tuple(units),
    )
