"""What is told about yearly results."""

from collections.abc import Sequence

from contracts.parks import RdProjectReported

from parks.rd_project_results.models import RdProjectResult
from parks.rd_projects.models import RdProject
from parks.returns.domain import UNIT


def project_reported(
    row: RdProjectResult, project: RdProject, units: Sequence[str]
) -> RdProjectReported:
    """`actual_…` are the sums over all verified results, this one included if it is one."""
    return RdProjectReported(
        project_id=project.id,
        number=project.number,
        enterprise_id=project.enterprise_id,
        programme=project.programme,
        year=row.year,
        state=row.state,
        investment=row.investment,
        new_sales=row.new_sales,
        profit_and_tax=row.profit_and_tax,
        actual_investment=project.actual_investment,
        actual_new_sales=project.actual_new_sales,
        actual_profit_and_tax=project.actual_profit_and_tax,
        unit=UNIT,
        concerned_units=tuple(units),
    )
