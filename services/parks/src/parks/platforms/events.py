"""What is told about platforms."""

from collections.abc import Sequence

from contracts.parks import PlatformChanged

from parks.platforms.models import Platform


def platform_changed(platform: Platform, units: Sequence[str]) -> PlatformChanged:
    return PlatformChanged(
        platform_id=platform.id,
        kind=platform.kind,
        name=platform.name,
        level=platform.level,
        enterprise_id=platform.enterprise_id,
        park_code=platform.park_code,
        state=platform.state,
        concerned_units=tuple(units),
    )
