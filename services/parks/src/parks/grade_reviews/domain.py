"""What a review may say."""

from datetime import date

from servicekit.problems import InvalidTransition, Unprocessable

RENEWED = "renewed"
REVOKED = "revoked"


class ReviewIncomplete(Unprocessable):
    code = "review_incomplete"
    zh = "延续须给出新的有效期止，撤销不得给出；撤销须说明原因"
    en = "A renewal names the new last day and a revocation does not; a revocation has a reason"


def check_review(outcome: str, valid_to: date | None, reason: str | None) -> None:
    """Raises `ReviewIncomplete` where something is missing or too much."""
    if (outcome == RENEWED) != (valid_to is not None):
        raise ReviewIncomplete().at("/valid_to")
    if outcome == REVOKED and reason is None:
        raise ReviewIncomplete().at("/reason")


def check_held(lost_on: date | None) -> None:
    """Raises `InvalidTransition` for a grade that is lost already."""
    if lost_on is not None:
        raise InvalidTransition(state="lost", action="review")
