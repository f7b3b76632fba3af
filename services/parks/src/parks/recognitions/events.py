"""What is told about recognitions."""

from contracts.parks import RecognitionExpired, RecognitionGranted

from parks.recognitions.models import Recognition


def recognition_granted(recognition: Recognition, uscc: str) -> RecognitionGranted:
    return RecognitionGranted(
        recognition_id=recognition.id,
        enterprise_id=recognition.enterprise_id,
        uscc=uscc,
        kind=recognition.kind,
        number=recognition.number,
        valid_from=recognition.valid_from,
        valid_to=recognition.valid_to,
    )


def recognition_expired(recognition: Recognition, uscc: str) -> RecognitionExpired:
    """`expired_on` is its last valid day."""
    return RecognitionExpired(
        recognition_id=recognition.id,
        enterprise_id=recognition.enterprise_id,
        uscc=uscc,
        kind=recognition.kind,
        number=recognition.number,
        expired_on=recognition.valid_to,
    )
