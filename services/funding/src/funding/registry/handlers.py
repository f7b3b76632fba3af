"""The park registry's changes, kept as a copy."""

from contracts.parks import (
    EnterpriseChanged,
    EnterprisesMerged,
    RecognitionExpired,
    RecognitionGranted,
)
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription

from funding.registry import repository
from funding.registry.models import RegisteredEnterprise, RegisteredRecognition

KEPT = {"enterprise_id", "uscc", "name", "unit_code", "park_code", "enterprise_class", "active"}


async def on_enterprise_changed(session: Session, event: Received[EnterpriseChanged]) -> None:
    values = event.data.model_dump(include=KEPT)
    await repository.put(session, RegisteredEnterprise, values)


async def on_enterprises_merged(session: Session, event: Received[EnterprisesMerged]) -> None:
    await repository.merge(session, event.data.enterprise_id, event.data.into_id)


async def on_recognition_granted(session: Session, event: Received[RecognitionGranted]) -> None:
    values = event.data.model_dump(exclude={"concerned_units", "uscc"})
    await repository.put(session, RegisteredRecognition, values)


async def on_recognition_expired(session: Session, event: Received[RecognitionExpired]) -> None:
    await repository.end(session, event.data.recognition_id, event.data.expired_on)


SUBSCRIPTIONS = (
    Subscription(EnterpriseChanged, on_enterprise_changed),
    Subscription(EnterprisesMerged, on_enterprises_merged),
    Subscription(RecognitionGranted, on_recognition_granted),
    Subscription(RecognitionExpired, on_recognition_expired),
)
