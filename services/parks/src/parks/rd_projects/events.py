"""What is told about R&D projects."""

from collections.abc import Sequence

from contracts.parks import RdProjectChanged

from parks.rd_projects.models import RdProject


def project_changed(row: RdProject, units: Sequence[str]) -> RdProjectChanged:
    return RdProjectChanged(
        project_id=row.id,
        number=row.number,
        title=row.title,
        enterprise_id=row.enterprise_id,
        programme=row.programme,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        state=row.state,
        concerned_units=tuple(units),
    )
