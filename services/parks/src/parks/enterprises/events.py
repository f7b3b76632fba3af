"""What is told about enterprises."""

from typing import cast

from contracts.parks import EnterpriseChanged, EnterpriseClass

from parks.enterprises.models import Enterprise


def enterprise_changed(enterprise: Enterprise) -> EnterpriseChanged:
    return EnterpriseChanged(
        enterprise_id=enterprise.id,
        uscc=enterprise.uscc,
        name=enterprise.name,
        unit_code=enterprise.unit_code,
        park_code=enterprise.park_code,
        enterprise_class=cast(EnterpriseClass, enterprise.enterprise_class),
        active=enterprise.active,
    )
