"""What is told about recognitions."""

from collections.abc import Sequence

from contracts.parks import RecognitionExpired, RecognitionExpiring, RecognitionGranted

from parks.recognitions.models import Recognition


def recognition_granted(
    recognition: Recognition, uscc: str, units: Sequence[str]
) -> RecognitionGranted:
    return RecognitionGranted(
        recognition_id=recognition.id,
        enterprise_id=recognition.enterprise_id,
        uscc=uscc,
        kind=recognition.kind,
        number=recognition.number,
        valid_from=recognition.valid_from,
        valid_to=recognition.valid_to,
        concerned_units=tuple(units),
    )


def recognition_expired(
    recognition: Recognition, uscc: str, units: Sequence[str]
) -> RecognitionExpired:
    """`expired_on` is its last valid day."""
    return RecognitionExpired(
        recognition_id=recognition.id,
        enterprise_id=recognition.enterprise_id,
        uscc=uscc,
        kind=recognition.kind,
        number=recognition.number,
        expired_on=recognition.valid_to,
        concerned_units=tuple(units),
    )


def recognition_expiring(
    recognition: Recognition, uscc: str, units: Sequence[str], days: int
) -> RecognitionExpiring:
    """`days_before` is which warning it is."""
    return RecognitionExpiring(
        recognition_id=recognition.id,
        enterprise_id=recognition.enterprise_id,
        uscc=uscc,
        kind=recognition.kind,
        number=recognition.number,
        valid_to=recognition.valid_to,
        days_before=days,
        concerned_units=tuple(units),
    )
