"""Evaluation -> contract event."""

from contracts.funding import PerformanceEvaluated

from funding.performance_evaluations.models import PerformanceEvaluation


def performance_evaluated(row: PerformanceEvaluation) -> PerformanceEvaluated:
    return PerformanceEvaluated(
        evaluation_id=row.id,
        award_id=row.award_id,
        payee_unit=row.payee_unit,
        score=row.score,
        grade=row.grade,
    )
