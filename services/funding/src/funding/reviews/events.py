"""Review -> contract event. Neither who the expert is nor the score is told."""

from contracts.funding import ReviewCompleted

from funding.reviews.models import Review


def review_completed(row: Review, *, all_in: bool) -> ReviewCompleted:
    return ReviewCompleted(
        review_id=row.id, application_id=row.application_id, call_id=row.call_id, all_in=all_in
    )
